"""The same claims for the ports on DynamoDB and for the fakes, so that the fakes tell the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.errors import Conflict, DeviceGone
from doorbell.model import (
    WHOLE_HOME,
    Attempt,
    AttemptLog,
    Connection,
    Device,
    DoorState,
    Key,
    KnownFace,
    OpenOrder,
    Passcode,
    ResidentPhoto,
    Ring,
)
from tests.fakes import ADA, BACK_DOOR, DOOR, FOREIGN_DOOR, KITCHEN, NOON, a_ring

if TYPE_CHECKING:
    from tests.doorbell.aws.table_ports import Ports

KEY = "residents/home/Ada/1.jpeg"
PHOTO = ResidentPhoto("home", "Ada", KEY)


def add(ports: Ports, photo: ResidentPhoto, face: str) -> None:
    """The photo was put, and gave this face."""
    ports.residents.photo_came(photo)
    ports.residents.add_face(photo, face)


def socket(device: Device, number: int = 1) -> Connection:
    """An open socket."""
    name = f"{device.home}-{device.id}={number}"
    return Connection(name, device.home, device.role, device.id, NOON, device.resident)


def a_code(ring: str = "ring-1", at: float = NOON + 0.25, *hashes: str) -> Passcode:
    """A code of the front door."""
    kept = hashes or ("hash",)
    return Passcode("home", ring, "ring", "Ada", ("front",), at, at + 120, kept)


def used(code: Passcode, at: float) -> Passcode:
    """The same code after its one use."""
    return code._replace(used_at=at, uses_left=0)


def an_order(order: str, door: Device = DOOR) -> OpenOrder:
    """An order to open, valid for fifteen seconds."""
    return OpenOrder(order, door.home, door.id, "ring-1", "Ada", NOON + 15)


def whose(ports: Ports, home: str, face: str) -> str | None:
    """The resident with this face."""
    (known,) = ports.records.read(home, Key(KnownFace, face))
    return known.resident if known else None


# --- several records at once ---------------------------------------------------------


def test_records_of_all_kinds_are_read_at_once_in_the_order_asked_for(ports: Ports) -> None:
    ring = recorded(ports)
    order = an_order("order-1")
    ports.opens.add(order)
    tried = AttemptLog((Attempt(NOON, ("ring-1",)),))
    ports.passcodes.settle("home", "front", tried, None, None)
    add(ports, PHOTO, "face-1")
    assert ports.records.read(
        "home",
        Key(Ring, ring.id),
        Key(Device, DOOR.id),
        Key(OpenOrder, order.id, "front"),
        Key(DoorState, "front"),
        Key(AttemptLog, "front"),
        Key(KnownFace, "face-1"),
    ) == (
        ring,
        DOOR,
        order,
        ports.rings.door_state("home", "front"),
        tried._replace(version=1),
        KnownFace("face-1", "Ada"),
    )


def test_what_there_is_not_is_none_or_empty_and_nothing_is_of_another_home(ports: Ports) -> None:
    ring = recorded(ports)
    keys = (Key(Ring, ring.id), Key(Device, ADA.id), Key(OpenOrder, "x", "front"))
    empty = (Key(DoorState, "front"), Key(AttemptLog, "front"))
    assert ports.records.read("away", *keys, Key(KnownFace, "f"), *empty) == (
        None, None, None, None, DoorState(), AttemptLog()
    )  # fmt: skip


# --- devices and connections ---------------------------------------------------------


def test_a_device_is_found_in_its_home_alone(ports: Ports) -> None:
    assert ports.devices.find("home", "ada") == ADA
    assert ports.devices.find("away", "ada") is None
    assert ports.devices.find("home", "unknown") is None


def test_a_home_has_one_device_of_a_name(ports: Ports) -> None:
    with pytest.raises(Conflict):
        ports.devices.add(ADA._replace(token_hash="another"))
    assert ports.devices.find("home", "ada") == ADA


def test_a_socket_is_listed_by_role_and_by_device(ports: Ports) -> None:
    """`front` is not `front-2`, although its name begins like it."""
    for device in (DOOR, BACK_DOOR, ADA, FOREIGN_DOOR):
        for number in (1, 2):
            ports.connections.add(socket(device, number), device.token_hash)
    assert set(ports.connections.of("home", "door", "front")) == {socket(DOOR, n) for n in (1, 2)}
    assert len(ports.connections.of("home", "door")) == 4
    assert set(ports.connections.of("home", "phone")) == {socket(ADA, n) for n in (1, 2)}
    ports.connections.remove(socket(DOOR, 1))
    ports.connections.remove(socket(DOOR, 1))
    assert ports.connections.of("home", "door", "front") == [socket(DOOR, 2)]


def test_a_door_s_and_the_phones_sockets_are_found_at_once(ports: Ports) -> None:
    """Without those of other doors, whatever their names are."""
    for device in (DOOR, BACK_DOOR, ADA, KITCHEN, FOREIGN_DOOR):
        ports.connections.add(socket(device), device.token_hash)
    doors, phones = ports.connections.of_both("home", "front")
    assert doors == [socket(DOOR)]
    assert set(phones) == {socket(ADA), socket(KITCHEN)}
    doors, phones = ports.connections.of_both("home", BACK_DOOR.id)
    assert doors == [socket(BACK_DOOR)]
    assert len(phones) == 2


def test_a_device_revoked_between_authorizer_and_connect_gets_no_socket(ports: Ports) -> None:
    ports.devices.remove("home", "ada")
    with pytest.raises(DeviceGone):
        ports.connections.add(socket(ADA), ADA.token_hash)
    assert ports.connections.of("home", "phone") == []


def test_a_device_with_a_new_token_gets_no_socket_for_its_old_one(ports: Ports) -> None:
    with pytest.raises(DeviceGone):
        ports.connections.add(socket(ADA), "the hash of a former token")


# --- rings -----------------------------------------------------------------------------


def state_of(ring: Ring) -> DoorState:
    """The door's state after a first ring."""
    return DoorState(ring.id, ring.pressed_at, (ring.pressed_at,))


def recorded(ports: Ports) -> Ring:
    """A ring at noon."""
    ports.rings.record(a_ring(), state_of(a_ring()), was=0)
    return a_ring()


def test_a_ring_and_its_doors_state_are_kept_together(ports: Ports) -> None:
    assert ports.rings.door_state("home", "front") == DoorState()
    recorded(ports)
    assert ports.rings.find("home", "ring-1") == a_ring()
    assert ports.rings.find("away", "ring-1") is None
    assert ports.rings.door_state("home", "front") == state_of(a_ring())._replace(version=1)
    assert ports.rings.door_state("home", "front-2") == DoorState()


def test_a_ring_is_recorded_once(ports: Ports) -> None:
    recorded(ports)
    with pytest.raises(Conflict):
        ports.rings.record(a_ring(), state_of(a_ring()), was=1)


def test_a_ring_judged_by_an_old_state_is_not_recorded(ports: Ports) -> None:
    recorded(ports)
    other = a_ring("ring-2")
    with pytest.raises(Conflict):
        ports.rings.record(other, state_of(other), was=0)
    assert ports.rings.find("home", "ring-2") is None


def test_a_ring_that_was_held_up_is_counted_beside_the_newer_one(ports: Ports) -> None:
    recorded(ports)
    counted = state_of(a_ring())._replace(rung_at=(NOON - 9, NOON))
    ports.rings.record(a_ring("older"), counted, was=1)
    assert ports.rings.find("home", "older") == a_ring("older")
    assert ports.rings.door_state("home", "front") == counted._replace(version=2)
    with pytest.raises(Conflict):
        ports.rings.record(a_ring("oldest"), counted, was=1)


def test_a_repeat_leaves_the_doors_state_alone(ports: Ports) -> None:
    recorded(ports)
    part = a_ring("ring-2")._replace(kind="repeat", part_of="ring-1")
    ports.rings.record(part, state_of(a_ring()), was=1)
    assert ports.rings.find("home", "ring-2") == part
    assert ports.rings.door_state("home", "front").version == 1


def test_a_ring_is_announced_once(ports: Ports) -> None:
    ring = recorded(ports)
    for later in (0, 1, 2):
        ports.rings.announced(ring, NOON + later)
    known = ports.rings.find("home", ring.id)
    assert known
    assert known.announced_at == NOON
    ports.rings.announced(a_ring("unknown"), NOON)
    assert ports.rings.find("home", "unknown") is None


def test_the_first_answer_counts_until_the_last_moment(ports: Ports) -> None:
    ring = recorded(ports)
    with pytest.raises(Conflict):
        ports.rings.answer("home", ring.id, "let_in", "Ada", NOON)
    asked = ports.rings.ask(ring, "stranger", NOON + 60, "token")
    assert (asked.reason, asked.answer_until, asked.token) == ("stranger", NOON + 60, "token")
    with pytest.raises(Conflict):
        ports.rings.answer("home", ring.id, "let_in", "Ada", NOON + 60.5)
    with pytest.raises(Conflict):
        ports.rings.answer("away", ring.id, "let_in", "Ada", NOON)
    answered = ports.rings.answer("home", ring.id, "decline", "Ada", NOON + 60)
    assert (answered.answer, answered.answered_by, answered.token) == ("decline", "Ada", "token")
    assert answered.answered_at == NOON + 60
    with pytest.raises(Conflict):
        ports.rings.answer("home", ring.id, "let_in", "Bob", NOON)
    with pytest.raises(Conflict):
        ports.rings.ask(ring, "stranger", NOON + 90, "token")


def test_asking_without_a_token_forgets_the_one_there_was(ports: Ports) -> None:
    """The state machine that waited is dead."""
    ring = recorded(ports)
    ports.rings.ask(ring, "stranger", NOON + 60, "dead")
    assert ports.rings.ask(ring, "unavailable", NOON + 90, None).token is None


def test_a_ring_that_was_answered_cannot_end_without_an_answer(ports: Ports) -> None:
    asked = ports.rings.ask(recorded(ports), "stranger", NOON + 60, "token")
    ports.rings.answer("home", asked.id, "let_in", "Ada", NOON + 60)
    with pytest.raises(Conflict):
        ports.rings.end(asked)


def test_only_rings_that_wait_are_listed_and_each_once(ports: Ports) -> None:
    ring = recorded(ports)
    assert ports.rings.waiting("home", NOON) == []
    ports.rings.ask(ring, "no_photo", NOON + 60, None)
    asked = ports.rings.ask(ring, "stranger", NOON + 90, "token")
    assert ports.rings.waiting("home", NOON + 30) == [asked]
    assert ports.rings.waiting("home", NOON + 90) == [asked]
    assert ports.rings.waiting("home", NOON + 90.5) == []
    assert ports.rings.waiting("away", NOON) == []
    ports.rings.end(asked)
    assert ports.rings.waiting("home", NOON + 30) == []
    with pytest.raises(Conflict):
        ports.rings.answer("home", ring.id, "let_in", "Ada", NOON + 30)


# --- codes -------------------------------------------------------------------------------


def test_codes_are_listed_by_home_and_time(ports: Ports) -> None:
    for code in (a_code(), a_code("ring-2", NOON + 10, "x", "y")):
        ports.passcodes.issue(code, [])
    assert ports.passcodes.in_home("home", NOON) == [
        a_code(),
        a_code("ring-2", NOON + 10, "x", "y"),
    ]
    assert [code.id for code in ports.passcodes.in_home("home", NOON + 0.25)] == [
        "ring-1",
        "ring-2",
    ]
    assert [code.id for code in ports.passcodes.in_home("home", NOON + 1)] == ["ring-2"]
    assert ports.passcodes.in_home("away", NOON) == []


def test_a_code_taken_back_is_gone(ports: Ports) -> None:
    ports.passcodes.issue(a_code(), [])
    ports.passcodes.take_back(a_code())
    assert ports.passcodes.in_home("home", NOON) == []


def test_a_code_that_somebody_has_is_not_taken_back(ports: Ports) -> None:
    """A phone drew one more of this ring, or the code was used."""
    with pytest.raises(Conflict):
        ports.passcodes.take_back(a_code())
    ports.passcodes.issue(a_code(), [])
    ports.passcodes.add_hash(a_code(), "second", most=3)
    with pytest.raises(Conflict):
        ports.passcodes.take_back(a_code())
    ports.passcodes.issue(a_code("ring-2", NOON + 10), [])
    ports.passcodes.settle(
        "home", "front", AttemptLog(), used(a_code("ring-2", NOON + 10), NOON + 11), None
    )
    with pytest.raises(Conflict):
        ports.passcodes.take_back(a_code("ring-2", NOON + 10))
    assert [code.id for code in ports.passcodes.in_home("home", NOON)] == ["ring-1", "ring-2"]


def test_a_code_takes_more_hashes_up_to_a_bound(ports: Ports) -> None:
    ports.passcodes.issue(a_code(), [])
    ports.passcodes.add_hash(a_code(), "second", most=3)
    ports.passcodes.add_hash(a_code(), "third", most=3)
    with pytest.raises(Conflict):
        ports.passcodes.add_hash(a_code(), "fourth", most=3)
    (kept,) = ports.passcodes.in_home("home", NOON)
    assert kept.hashes == ("hash", "second", "third")


def test_a_code_that_is_withdrawn_or_used_takes_no_more(ports: Ports) -> None:
    with pytest.raises(Conflict):
        ports.passcodes.add_hash(a_code(), "late", most=5)
    ports.passcodes.issue(a_code(), [])
    ports.passcodes.settle("home", "front", AttemptLog(), used(a_code(), NOON + 1), None)
    with pytest.raises(Conflict):
        ports.passcodes.add_hash(a_code(), "late", most=5)


def test_tries_are_kept_and_a_use_with_them(ports: Ports) -> None:
    ports.passcodes.issue(a_code(), [])
    assert ports.passcodes.attempts("home", "front") == AttemptLog()
    tried = AttemptLog((Attempt(NOON + 0.5, ("ring-1",)), Attempt(NOON + 2, ("ring-1", "ring-2"))))
    ports.passcodes.settle("home", "front", tried, used(a_code(), NOON + 3), None)
    assert ports.passcodes.attempts("home", "front") == tried._replace(version=1)
    assert ports.passcodes.attempts("home", "front-2") == AttemptLog()
    (kept,) = ports.passcodes.in_home("home", NOON)
    assert kept.used_at == NOON + 3


def test_the_tries_of_all_doors_are_kept_beside_those_of_each(ports: Ports) -> None:
    """And whoever judged by an old count of either writes neither."""
    once = AttemptLog((Attempt(NOON, (), 3),))
    ports.passcodes.settle("home", "front", once, None, None, once)
    assert ports.passcodes.attempts("home", WHOLE_HOME) == once._replace(version=1)
    with pytest.raises(Conflict):
        ports.passcodes.settle("home", "back", once, None, None, once)
    assert ports.passcodes.attempts("home", "back") == AttemptLog()
    ports.passcodes.settle("home", "back", once, None, None, once._replace(version=1))
    assert ports.passcodes.attempts("home", WHOLE_HOME).version == 2
    assert ports.passcodes.attempts("away", WHOLE_HOME) == AttemptLog()


def test_a_code_is_used_once_and_the_tries_stay_as_they_were(ports: Ports) -> None:
    ports.passcodes.issue(a_code(), [])
    use = used(a_code(), NOON + 3)
    ports.passcodes.settle("home", "front", AttemptLog(), use, None)
    with pytest.raises(Conflict):
        ports.passcodes.settle("home", "front", AttemptLog((Attempt(NOON, ("x",)),), 1), use, None)
    assert ports.passcodes.attempts("home", "front") == AttemptLog((), 1)


def test_tries_judged_by_an_old_keypad_are_not_kept(ports: Ports) -> None:
    ports.passcodes.issue(a_code(), [])
    ports.passcodes.settle("home", "front", AttemptLog(), None, None)
    with pytest.raises(Conflict):
        ports.passcodes.settle("home", "front", AttemptLog(), used(a_code(), NOON + 3), None)
    (kept,) = ports.passcodes.in_home("home", NOON)
    assert not kept.used_at


def test_a_use_and_its_order_are_kept_together_or_not_at_all(ports: Ports) -> None:
    """No fault between them burns a code."""
    ports.passcodes.issue(a_code(), [])
    order = an_order(f"{int(NOON * 1000):013d}-1")
    ports.passcodes.settle("home", "front", AttemptLog(), used(a_code(), NOON + 3), order)
    assert ports.opens.find("home", "front", order.id) == order
    other = a_code("ring-2", NOON + 9)
    ports.passcodes.issue(other, [])
    with pytest.raises(Conflict):  # the order is known already
        ports.passcodes.settle("home", "front", AttemptLog((), 1), used(other, NOON + 10), order)
    (_, kept) = ports.passcodes.in_home("home", NOON)
    assert (kept.uses_left, kept.used_at) == (1, 0.0)


def test_issuing_a_code_ends_former_ones_unless_they_are_used_in_that_moment(ports: Ports) -> None:
    first, second, third = (a_code(f"ring-{n}", NOON + 9 * n) for n in (1, 2, 3))
    ports.passcodes.issue(first, [])
    ports.passcodes.issue(second, [first])
    assert [code.valid_until for code in ports.passcodes.in_home("home", NOON)] == [
        second.valid_from,
        second.valid_until,
    ]
    ports.passcodes.settle("home", "front", AttemptLog(), used(second, NOON + 20), None)
    with pytest.raises(Conflict):
        ports.passcodes.issue(third, [second])
    assert len(ports.passcodes.in_home("home", NOON)) == 2


def test_a_code_that_has_ended_is_not_used_and_takes_no_more_codes(ports: Ports) -> None:
    """It was live when it was read."""
    first, second = a_code("ring-1", NOON + 1), a_code("ring-2", NOON + 9)
    ports.passcodes.issue(first, [])
    ports.passcodes.issue(second, [first])
    with pytest.raises(Conflict):
        ports.passcodes.settle("home", "front", AttemptLog(), used(first, NOON + 10), None)
    with pytest.raises(Conflict):
        ports.passcodes.add_hash(first, "late", most=5)


def test_a_passcode_opens_each_of_its_doors_and_is_used_up(ports: Ports) -> None:
    """The room for guests' PINs: a kind, several doors, several uses."""
    pin = a_code("plumber")._replace(kind="guest", doors=("front", "front-2"), uses_left=2)
    ports.passcodes.issue(pin, [])
    for door in ("front", "front-2"):
        assert ports.passcodes.at_door("home", door, NOON) == [pin]
    assert ports.passcodes.at_door("home", "garage", NOON) == []
    once = pin._replace(uses_left=1, used_at=NOON + 1)
    ports.passcodes.settle("home", "front", AttemptLog(), once, None)
    with pytest.raises(Conflict):
        ports.passcodes.settle("home", "front", AttemptLog((), 1), once, None)
    twice = once._replace(uses_left=0, used_at=NOON + 2)
    ports.passcodes.settle("home", "front", AttemptLog((), 1), twice, None)
    assert ports.passcodes.at_door("home", "front", NOON) == [twice]


# --- orders and residents --------------------------------------------------------------------


def test_an_order_of_a_guest_has_no_ring(ports: Ports) -> None:
    order = an_order("order-1")._replace(ring=None, by="Plumber", cause="guest")
    ports.opens.add(order)
    assert ports.opens.find("home", "front", "order-1") == order


def test_an_order_is_placed_once_and_found_by_its_door_alone(ports: Ports) -> None:
    order = an_order(f"{int(NOON * 1000):013d}-1")
    ports.opens.add(order)
    with pytest.raises(Conflict):
        ports.opens.add(order)
    assert ports.opens.find("home", "front", order.id) == order
    assert ports.opens.find("home", "front-2", order.id) is None
    assert ports.opens.find("away", "front", order.id) is None


def test_orders_pend_until_they_are_done_or_void(ports: Ports) -> None:
    """An order's id has the time of its ring, which may lie an hour before the order."""
    orders = [an_order(f"{int((NOON - before) * 1000):013d}-1") for before in (4000, 100, 0)]
    for order in (*orders, an_order(f"{int(NOON * 1000):013d}-2", BACK_DOOR)):
        ports.opens.add(order)
    assert ports.opens.pending("home", "front", NOON + 14.9) == orders
    assert ports.opens.pending("home", "front", NOON + 15) == []
    assert ports.opens.pending("away", "front", NOON) == []
    ports.opens.acknowledge(orders[0], NOON + 1)
    with pytest.raises(Conflict):
        ports.opens.acknowledge(orders[0], NOON + 2)
    assert ports.opens.pending("home", "front", NOON + 2) == orders[1:]


def test_an_order_is_renewed_until_the_door_has_opened(ports: Ports) -> None:
    order = an_order(f"{int(NOON * 1000):013d}-1")
    ports.opens.add(order)
    ports.opens.renew(order, NOON + 40)
    assert ports.opens.pending("home", "front", NOON + 30) == [
        order._replace(valid_until=NOON + 40)
    ]
    ports.opens.acknowledge(order, NOON + 31)
    with pytest.raises(Conflict):
        ports.opens.renew(order, NOON + 60)


def test_a_ring_remembers_who_was_sent_a_code_and_where_the_machine_waits(ports: Ports) -> None:
    ring = recorded(ports)
    ports.passcodes.issue(a_code(ring.id), [], "token")
    known = ports.rings.find("home", ring.id)
    assert known
    assert (known.code_for, known.code_token) == ("Ada", "token")
    ports.passcodes.issue(a_code(ring.id), [])
    assert ports.rings.find("home", ring.id) == known
    ports.passcodes.issue(a_code(ring.id), [], "")
    assert ports.rings.find("home", ring.id) == known._replace(code_token="")


def test_a_ring_is_decided_once_but_a_question_is_a_new_decision(ports: Ports) -> None:
    ring = recorded(ports)
    ports.rings.decide(ring, "resident")
    with pytest.raises(Conflict):
        ports.rings.decide(ring, "resident")
    assert ports.rings.ask(ring, "no_phone", NOON + 60, None).decision == "no_phone"
    with pytest.raises(Conflict):
        ports.rings.decide(ring, "resident")


def test_a_ring_remembers_that_a_photo_came(ports: Ports) -> None:
    recorded(ports)
    known = ports.rings.photo_came("home", "ring-1", NOON + 3)
    assert known
    assert known.photo_at == NOON + 3
    assert ports.rings.photo_came("home", "unknown", NOON) is None
    assert ports.rings.find("home", "unknown") is None


def test_a_face_is_of_one_resident_of_one_home(ports: Ports) -> None:
    add(ports, PHOTO, "face-1")
    add(ports, PHOTO, "face-1")
    add(ports, ResidentPhoto("home", "Bob", "residents/home/Bob/1.jpeg"), "face-2")
    assert whose(ports, "home", "face-1") == "Ada"
    assert whose(ports, "away", "face-1") is None
    assert ports.residents.faces_in("home", KEY) == ["face-1"]
    assert ports.residents.count_faces("home", "Ada") == 1
    assert ports.residents.count_faces("away", "Ada") == 0
    ports.residents.disown("home", "face-1")
    assert whose(ports, "home", "face-1") is None
    assert ports.residents.faces_in("home", KEY) == ["face-1"], "what is left leads to the face"
    ports.residents.forget("home", KEY, "face-1")
    assert ports.residents.faces_in("home", KEY) == []
    assert ports.residents.count_faces("home", "Bob") == 1


def test_a_photo_whose_name_begins_like_another_keeps_its_face(ports: Ports) -> None:
    add(ports, PHOTO, "face-1")
    add(ports, PHOTO._replace(key=f"{KEY}#2.jpeg"), "face-2")
    assert ports.residents.faces_in("home", KEY) == ["face-1"]


@pytest.mark.parametrize("deleted", [False, True])
def test_what_happened_later_to_a_photo_stands_whatever_comes_in_between(
    ports: Ports, deleted: bool
) -> None:
    older, newer = PHOTO._replace(sequencer="0A"), PHOTO._replace(sequencer="0A1")
    later = ports.residents.photo_went if deleted else ports.residents.photo_came
    ports.residents.photo_came(older)
    later(newer)
    with pytest.raises(Conflict):
        ports.residents.add_face(older, "face-1")
    for happened in (ports.residents.photo_came, ports.residents.photo_went):
        with pytest.raises(Conflict):
            happened(older)
    later(newer)  # the same event once more
    assert ports.residents.faces_in("home", KEY) == []
    assert whose(ports, "home", "face-1") is None


def test_a_household_phone_is_read_as_nobodys(ports: Ports) -> None:
    ports.connections.add(socket(KITCHEN), KITCHEN.token_hash)
    (read,) = ports.connections.of("home", "phone")
    assert read.resident is None
