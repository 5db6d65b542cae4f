"""Frames: every action by every role, against what is one's own and what is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell import opening, resident, visitor
from doorbell.events import RingPressed
from doorbell.protocol import (
    Acknowledged,
    Code,
    Error,
    HelloAnswer,
    Open,
    Pong,
    Refused,
    RingThrough,
    Ticket,
    Visitor,
)
from tests.fakes import (
    ADA,
    BACK_DOOR,
    BOB,
    DOOR,
    FOREIGN_DOOR,
    FOREIGN_PHONE,
    KITCHEN,
    NOON,
    FakeServices,
    a_ring,
    enrol_face,
    keep_ring,
    make_services,
)
from tests.websocket.frames import event, trace_of
from websocket import frame

if TYPE_CHECKING:
    from doorbell.model import Connection, Device, Role

PRESS = "123e4567-e89b-42d3-a456-426614174000"


def say(
    made: FakeServices, device: Device, connection: Connection, said: dict[str, Any] | str
) -> None:
    """Send a frame through the handler."""
    body = said if isinstance(said, str) else json.dumps(said)
    frame.handle(made.services, event(device, connection, body=body))


def busy_home() -> FakeServices:
    """A home in which everything is pending: a visitor, a code, and an order to open."""
    made = make_services()
    keep_ring(made, a_ring("visitor"))
    visitor.ring_through(made.services, "home", "visitor", "stranger", "token")
    keep_ring(made, a_ring("resident"))
    enrol_face(made, "Ada", "face-a")
    made.connect(ADA)
    resident.issue_code(made.services, "home", "front", "resident", "face-a", "code token")
    opening.order_by_person(made.services, a_ring("ring-0"), "Ada")
    made.connect(DOOR)
    return made


def order_of(made: FakeServices) -> str:
    """The id of the one order there is."""
    ((_, _, order_id),) = made.opens.kept
    return order_id


def actions(made: FakeServices) -> dict[str, dict[str, Any]]:
    """Every action, each with what is the front door's or this home's own."""
    return {
        "hello": {},
        "ping": {},
        "ring": {"press": PRESS},
        "enter_code": {"code": "042137"},
        "opened": {"open": order_of(made)},
        "answer": {"ring": "visitor", "answer": "let_in"},
        "got": {"ring": "resident"},
    }


ACTIONS = ("hello", "ping", "ring", "enter_code", "opened", "answer", "got")


def test_every_action_of_the_protocol_is_tried_here() -> None:
    assert set(actions(busy_home())) == set(ACTIONS)
    assert len(ACTIONS) == len(frame._ROUTES)


@pytest.mark.parametrize(
    ("device", "refused"),
    [
        (DOOR, {"answer", "got"}),
        (BACK_DOOR, {"answer", "got", "opened"}),
        (KITCHEN, {"ring", "enter_code", "opened"}),
        (BOB, {"ring", "enter_code", "opened"}),
        (FOREIGN_DOOR, {"answer", "got", "opened"}),
        (FOREIGN_PHONE, {"answer", "ring", "enter_code", "opened"}),
    ],
)
def test_every_action_by_every_role(device: Device, refused: set[str]) -> None:
    """What is not one's own, or not one's part, is `not_allowed`; all else is served."""
    for action in ACTIONS:
        made = busy_home()
        connection = made.connect(device)
        say(made, device, connection, {"action": action, **actions(made)[action]})
        errors = [said.error for said in made.heard(connection) if isinstance(said, Error)]
        assert errors == (["not_allowed"] if action in refused else []), action


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("stranger", [FOREIGN_DOOR, FOREIGN_PHONE])
def test_nothing_another_home_sends_touches_this_one(stranger: Device, action: str) -> None:
    """Same device names, same press, same code, this home's ring and order."""
    made = busy_home()
    before = trace_of(made, "home")
    connection = made.connect(stranger)
    say(made, stranger, connection, {"action": action, **actions(made)[action]})
    assert trace_of(made, "home") == before
    assert made.waits.resumed == []
    told = repr(made.heard(connection))
    assert not any(secret in told for secret in ("042137", "visitor", order_of(made), "Ada"))


@pytest.mark.parametrize("action", ["enter_code", "opened"])
def test_a_door_cannot_act_for_another_door_of_its_home(action: str) -> None:
    made = busy_home()
    before = (dict(made.passcodes.kept), dict(made.opens.kept))
    say(made, BACK_DOOR, made.connect(BACK_DOOR), {"action": action, **actions(made)[action]})
    assert (made.passcodes.kept, made.opens.kept) == before


# --- served --------------------------------------------------------------------------------


def test_a_ring_is_recorded_answered_with_a_ticket_and_published() -> None:
    made = make_services()
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    say(made, DOOR, door, {"action": "ring", "press": PRESS})
    (pressed,) = made.bus.events
    assert isinstance(pressed, RingPressed)
    assert (pressed.kind, pressed.press, pressed.ticketed) == ("new", PRESS, True)
    assert [type(said) for said in made.heard(door)] == [Ticket]
    assert made.heard(phone) == [], "they hear of it by the bus"


def test_a_ring_whose_ticket_does_not_go_out_is_published_all_the_same() -> None:
    made = make_services()
    door = made.connect(DOOR)
    made.sockets.gone.add(door.id)
    say(made, DOOR, door, {"action": "ring", "press": PRESS})
    (pressed,) = made.bus.events
    assert isinstance(pressed, RingPressed)
    assert not pressed.ticketed


def test_a_ping_is_answered_on_the_same_socket_alone() -> None:
    made = make_services()
    mine, other = made.connect(DOOR), made.connect(DOOR)
    say(made, DOOR, mine, {"action": "ping"})
    assert made.heard(mine) == [Pong(NOON)]
    assert made.heard(other) == []


def test_hello_brings_a_door_its_orders_and_a_phone_visitors_and_codes() -> None:
    made = busy_home()
    door, phone, bob = made.connect(DOOR), made.connect(ADA), made.connect(BOB)
    for device, connection in ((DOOR, door), (ADA, phone), (BOB, bob)):
        say(made, device, connection, {"action": "hello"})
    assert [type(said) for said in made.heard(door)] == [HelloAnswer, Open, RingThrough]
    assert [type(said) for said in made.heard(phone)] == [HelloAnswer, Visitor, Code]
    assert [type(said) for said in made.heard(bob)] == [HelloAnswer, Visitor]


@pytest.mark.parametrize(("device", "role"), [(DOOR, "door"), (ADA, "phone")])
def test_hello_is_answered_with_the_device_s_role_and_our_clock(device: Device, role: Role) -> None:
    made = make_services()
    connection = made.connect(device)
    say(made, device, connection, {"action": "hello"})
    assert made.heard(connection) == [HelloAnswer(role, NOON)]


def test_a_typed_code_opens_or_is_refused() -> None:
    made = busy_home()
    door = made.connect(DOOR)
    for code in ("999999", "042137"):
        say(made, DOOR, door, {"action": "enter_code", "code": code})
    assert [type(said) for said in made.heard(door)] == [Refused, Open]


def test_a_residents_answer_reaches_the_state_machine() -> None:
    made = busy_home()
    say(made, BOB, made.connect(BOB), {"action": "answer", "ring": "visitor", "answer": "let_in"})
    assert made.waits.resumed == [("token", {"answer": "let_in", "by": ""})]


def test_the_doors_word_that_it_opened_reaches_the_phones() -> None:
    made = busy_home()
    phone = made.connect(KITCHEN)
    say(made, DOOR, made.connect(DOOR), {"action": "opened", "open": order_of(made)})
    assert [type(said).__name__ for said in made.heard(phone)] == ["DoorOpened"]


def test_the_doors_word_that_it_opened_is_acknowledged_as_often_as_it_comes() -> None:
    """The first answer may be lost, and then the door says it again."""
    made = busy_home()
    door = made.connect(DOOR)
    for _ in range(2):
        say(made, DOOR, door, {"action": "opened", "open": order_of(made)})
    assert made.heard(door) == [Acknowledged(order_of(made))] * 2


def test_a_phones_word_that_the_code_has_arrived_reaches_the_state_machine() -> None:
    made = busy_home()
    say(made, ADA, made.connect(ADA), {"action": "got", "ring": "resident"})
    assert made.waits.resumed == [("code token", {"answer": "got", "by": ""})]


# --- not served ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "not_json"),
        ("hello", "not_json"),
        ("[]", "not_json"),
        ("[" * 30_000, "not_json"),
        ('{"action":"dance"}', "unknown_action"),
        ('{"action":"enter_code"}', "missing_field"),
        ('{"action":"ring","age":1e999}', "bad_field"),
        ('{"action":"ping","pad":"' + "x" * 33_000 + '"}', "too_long"),
    ],
)
def test_what_cannot_be_served_is_answered_by_name_and_the_socket_stays(
    body: str, error: str
) -> None:
    made = make_services()
    door = made.connect(DOOR)
    say(made, DOOR, door, body)
    say(made, DOOR, door, {"action": "ping"})
    first, second = made.heard(door)
    assert isinstance(first, Error)
    assert first.error == error
    assert second == Pong(NOON)
    assert made.sockets.closed == []


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_is_answered(body: str) -> None:
    made = make_services()
    door = made.connect(DOOR)
    say(made, DOOR, door, body)
    assert isinstance(made.heard(door)[0], Error)
    assert made.bus.events == []


@pytest.mark.parametrize("content", ["cGluZw==", "eyJhY3Rpb24iOiJyaW5nIn0=", "MTIz"])
def test_a_binary_frame_is_answered_and_does_nothing(content: str) -> None:
    """AWS closes such a socket itself; the one machine hands it on in base64."""
    made = make_services()
    door = made.connect(DOOR)
    binary = event(DOOR, door, body=content) | {"isBase64Encoded": True}
    frame.handle(made.services, binary)
    (said,) = made.heard(door)
    assert isinstance(said, Error)
    assert made.bus.events == []


def test_a_frame_without_a_body_is_answered() -> None:
    made = make_services()
    door = made.connect(DOOR)
    frame.handle(made.services, event(DOOR, door, body=None))
    assert isinstance(made.heard(door)[0], Error)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("device", [DOOR, ADA])
@pytest.mark.parametrize("how", ["gone", "another token"])
def test_a_revoked_devices_next_message_does_nothing_and_closes_its_socket(
    how: str, device: Device, action: str
) -> None:
    made = busy_home()
    connection = made.connect(device)
    made.devices.remove("home", device.id)
    if how == "another token":
        made.devices.add(device._replace(token_hash="another"))
    before = (dict(made.rings.kept), dict(made.passcodes.kept), dict(made.opens.kept))
    say(made, device, connection, {"action": action, **actions(made)[action]})
    assert made.sockets.closed == [connection.id]
    assert connection.id not in made.connections.open
    assert made.heard(connection) == []
    assert (made.rings.kept, made.passcodes.kept, made.opens.kept) == before


def test_what_fails_is_told_to_the_device_and_raised_for_the_log() -> None:
    """A ring that the bus did not take: the door has its ticket, hears of it, and chimes."""
    made = make_services()
    door = made.connect(DOOR)
    made.bus.refuses = RuntimeError("the bus")
    with pytest.raises(RuntimeError):
        say(made, DOOR, door, {"action": "ring", "press": PRESS})
    ticket, said = made.heard(door)
    assert isinstance(ticket, Ticket)
    assert isinstance(said, Error)
    assert said.error == "try_again"
    assert "bus" not in said.message


def test_a_press_sent_again_after_a_failure_is_published_as_what_it_was() -> None:
    """It was recorded, so it must not become a repeat of itself, nor get lost."""
    made = make_services()
    door = made.connect(DOOR)
    made.bus.refuses = RuntimeError()
    with pytest.raises(RuntimeError):
        say(made, DOOR, door, {"action": "ring", "press": PRESS})
    made.bus.refuses = None
    say(made, DOOR, door, {"action": "ring", "press": PRESS, "age": 3})
    (pressed,) = made.bus.events
    assert isinstance(pressed, RingPressed)
    assert pressed.kind == "new"
