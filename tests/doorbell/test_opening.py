"""Opening: one order for one reason, while it is valid, and the door's word that it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell import opening
from doorbell.errors import MessageError
from doorbell.events import DoorOpened, OpenSent, RingEnded
from doorbell.protocol import DoorOpened as DoorOpenedMessage
from doorbell.protocol import NotOpened, Open
from tests.fakes import (
    BACK_DOOR,
    DOOR,
    FOREIGN_DOOR,
    KITCHEN,
    NOON,
    FakeServices,
    a_code,
    a_ring,
    make_services,
)
from tests.jobs import say_opened

if TYPE_CHECKING:
    from doorbell.model import Device, OpenOrder


def order(made: FakeServices, by: str = "Ada", ring: str = "r", until: float = 0.0) -> None:
    """Let somebody in at the front door, who rang at noon and may be answered `until`."""
    opening.order_by_person(made.services, a_ring(ring)._replace(answer_until=until), by)


def only_order(made: FakeServices) -> str:
    """The id of the one order there is."""
    ((_, _, order_id),) = made.opens.kept
    return order_id


def test_an_order_goes_to_the_door_and_onto_the_bus() -> None:
    made = make_services()
    door = made.connect(DOOR)
    order(made)
    assert made.heard(door) == [Open(only_order(made), "r", 5, 15, NOON)]
    assert made.bus.events == [OpenSent("home", "front", "r", only_order(made))]


def test_an_order_repeated_is_the_same_order_with_the_time_that_is_left() -> None:
    """Lambda or Step Functions may run a job twice; the door must not open twice."""
    made = make_services()
    door = made.connect(DOOR)
    order(made)
    made.clock.now += 5
    order(made)
    first, second = made.heard(door)
    assert isinstance(first, Open)
    assert second == first._replace(valid_for=10, time=NOON + 5)


def test_an_order_repeated_after_the_door_opened_is_not_sent_again() -> None:
    made = make_services()
    door = made.connect(DOOR)
    order(made)
    say_opened(made.services, DOOR, only_order(made))
    order(made)
    assert len(made.heard(door)) == 1


def test_an_order_repeated_when_it_is_void_opens_for_nobody() -> None:
    made = make_services()
    door = made.connect(DOOR)
    order(made)
    made.clock.now += 15
    order(made)
    assert len(made.heard(door)) == 1


def test_an_order_that_never_arrived_is_valid_anew_while_the_ring_may_be_answered() -> None:
    """The door was away for twenty seconds. It keeps its id: a door that did open says so."""
    made = make_services()
    order(made, until=NOON + 60)
    made.clock.now += 20
    door = made.connect(DOOR)
    order(made, until=NOON + 60)
    (again,) = made.heard(door)
    assert isinstance(again, Open)
    assert (again.open, again.valid_for) == (only_order(made), 15)
    made.clock.now += 46
    order(made, until=NOON + 60)
    assert len(made.heard(door)) == 1


def test_an_answer_that_the_state_machine_gives_in_its_last_second_opens() -> None:
    """Its wait ends a little after the table's: it was started before."""
    made = make_services()
    order(made, until=NOON + 60)
    made.clock.now += 65
    door = made.connect(DOOR)
    order(made, until=NOON + 60)
    assert [type(said) for said in made.heard(door)] == [Open]


def test_an_order_sent_when_it_is_void_says_so() -> None:
    made = make_services()
    order(made)
    (placed,) = made.opens.kept.values()
    made.clock.now += 16
    door = made.connect(DOOR)
    opening.send_order(made.services, placed)
    assert [said.valid_for for said in made.heard(door) if isinstance(said, Open)] == [0]


def test_an_order_is_named_by_its_moment_so_that_recent_ones_are_found_together() -> None:
    made = make_services()
    order(made)
    assert only_order(made).startswith(f"{NOON:.0f}000-")


def test_a_socket_that_asked_and_is_gone_is_not_waited_for() -> None:
    """It was open when it sent the code; somebody stands at the door, which has another one."""
    made = make_services()
    asker, other = made.connect(DOOR, age=0), made.connect(DOOR)
    made.sockets.gone.add(asker.id)
    order(made)
    made.clock.slept = 0
    (placed,) = made.opens.kept.values()
    made.connections.open.pop(asker.id)
    opening.send_order(made.services, placed, asker)
    assert made.clock.slept == 0
    assert [type(said) for said in made.heard(other)] == [Open, Open]


def test_an_order_that_was_carried_out_meanwhile_is_not_renewed() -> None:
    made = make_services()
    order(made, until=NOON + 60)
    made.clock.now += 20
    door = made.connect(DOOR)
    renew = made.opens.renew

    def overtaken(order: OpenOrder, valid_until: float) -> None:
        made.opens.acknowledge(order, made.clock())
        renew(order, valid_until)

    made.opens.renew = overtaken  # type: ignore[method-assign]
    order(made, until=NOON + 60)
    assert made.heard(door) == []


def test_an_order_goes_out_although_the_bus_refuses_its_event() -> None:
    made = make_services()
    door = made.connect(DOOR)
    made.bus.refuses = RuntimeError()
    order(made)
    assert len(made.heard(door)) == 1


def test_a_guests_order_has_a_cause_and_no_ring() -> None:
    """Each use of a PIN is an order of its own, with the guest's name."""
    made = make_services()
    door = made.connect(DOOR)
    pin = a_code()._replace(kind="guest", id="plumber", whom="The plumber", used_at=NOON)
    orders = [
        opening.order_by_passcode(made.services, "front", pin._replace(used_at=NOON + seconds))
        for seconds in (0, 60)
    ]
    assert [(o.cause, o.by, o.ring) for o in orders] == [("guest", "The plumber", None)] * 2
    assert len({o.id for o in orders}) == 2
    opening.send_order(made.services, orders[0])
    (told,) = made.heard(door)
    assert isinstance(told, Open)
    assert told.ring is None


def test_a_codes_order_is_its_rings_and_names_nobody() -> None:
    """Sent again it is the same one, whenever the code was used."""
    made = make_services()
    orders = [
        opening.order_by_passcode(made.services, "front", a_code()._replace(used_at=NOON + seconds))
        for seconds in (1, 60)
    ]
    assert [(o.cause, o.by, o.ring) for o in orders] == [("code", "code", "ring-1")] * 2
    assert len({o.id for o in orders}) == 1


def test_orders_of_two_rings_or_two_persons_are_two() -> None:
    made = make_services()
    order(made)
    order(made, by="code")
    order(made, ring="s")
    assert len(made.opens.kept) == 3


@pytest.mark.parametrize(("away", "valid"), [(0.0, 15), (14.4, 1), (15.0, None), (900.0, None)])
def test_a_door_that_comes_back_gets_what_is_still_valid(away: float, valid: int | None) -> None:
    made = make_services()
    order(made)
    made.clock.now += away
    door = made.connect(DOOR)
    opening.resend_opens(made.services, door)
    assert [m.valid_for for m in made.heard(door) if isinstance(m, Open)] == [valid] * bool(valid)


def test_a_door_that_comes_back_gets_nothing_that_it_has_done_and_nothing_of_others() -> None:
    made = make_services()
    order(made)
    others = [made.connect(BACK_DOOR), made.connect(FOREIGN_DOOR)]
    say_opened(made.services, DOOR, only_order(made))
    for connection in (*others, made.connect(DOOR)):
        opening.resend_opens(made.services, connection)
        assert made.heard(connection) == []


def test_when_the_door_says_it_opened_the_phones_hear_it_once() -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    order(made)
    for _ in range(2):
        say_opened(made.services, DOOR, only_order(made))
    assert made.heard(phone) == [DoorOpenedMessage("r", "Ada", DOOR.name)]
    assert made.bus.events[1:] == [DoorOpened("home", "front", "r", "Ada", only_order(made))]


@pytest.mark.parametrize("device", [BACK_DOOR, FOREIGN_DOOR])
def test_no_other_door_can_say_so(device: Device) -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    order(made)
    with pytest.raises(MessageError) as refused:
        say_opened(made.services, device, only_order(made))
    assert refused.value.name == "not_allowed"
    assert made.heard(phone) == []


@pytest.mark.parametrize("opened", [True, False])
def test_the_phones_hear_if_the_door_never_opened(opened: bool) -> None:
    made = make_services()
    order(made)
    if opened:
        say_opened(made.services, DOOR, only_order(made))
    phone = made.connect(KITCHEN)
    opening.check(made.services, "home", "front", only_order(made))
    assert made.heard(phone) == ([] if opened else [NotOpened("r")])
    ended = [event for event in made.bus.events if isinstance(event, RingEnded)]
    assert ended == ([] if opened else [RingEnded("home", "front", "r", "not_opened")])


def test_an_order_that_nobody_gave_is_checked_in_peace() -> None:
    made = make_services()
    phone = made.connect(KITCHEN)
    opening.check(made.services, "home", "front", "unknown")
    assert made.heard(phone) == []
