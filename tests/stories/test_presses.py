"""Presses: the same one twice, old ones, too many, and doors that hang up."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from websockets.sync.client import connect

from demo.device import Device
from demo.errors import DemoFailed
from demo.people import Person
from doorbell.protocol import (
    Answer,
    Code,
    Missed,
    Open,
    Pressed,
    Ring,
    RingThrough,
    Ticket,
    Visitor,
    read_message,
)
from local import stack as local_stack
from tests.stories.doorstep import Home, PhotoOf, put, ring

if TYPE_CHECKING:
    from local.stack import Stack


@pytest.fixture(scope="module")
def strict(stack: Stack) -> Stack:
    """A second doorbell on the same machine, with the limits of AWS's template and fewer rings."""
    return local_stack.add(
        stack.aws, name="strict", parameters={"RingGap": "5", "RingsPerHour": "2"}
    )


def test_the_same_press_sent_twice_is_one_ring_with_a_fresh_ticket_for_the_same_photo(
    door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    press = str(uuid.uuid4())
    door.send(Ring(press))
    first = door.hear(Ticket)
    door.send(Ring(press, 1.5))
    second = door.hear(Ticket)
    assert (first.ring, first.press) == (second.ring, second.press)
    assert first.press == press
    assert put(first.upload, photo_of(Person.GRACE)) == 200
    assert put(second.upload, photo_of(Person.GRACE)) == 412, "it is there already"
    # Two functions tell the phone: on a busy machine the visitor may be told before the press.
    phone.hear(Visitor)
    if not phone.heard(Pressed):
        phone.hear(Pressed)
    # Told once more where the second press overtakes the first one's mark: it is the same ring.
    assert {each.ring for each in phone.heard(Pressed)} == {first.ring}


def test_a_door_may_ring_by_connecting(home: Home, phone: Device) -> None:
    url = f"{home.websocket}?token={home.door}&ring=1"
    with connect(url, proxy=None) as socket:
        ticket = read_message(str(socket.recv(timeout=10)))
        assert isinstance(ticket, Ticket)
        assert phone.hear(Pressed).ring == ticket.ring


def test_a_phone_cannot_ring_by_connecting(home: Home, phone: Device) -> None:
    with (
        connect(f"{home.websocket}?token={home.phone}&ring=1", proxy=None),
        pytest.raises(DemoFailed),
    ):
        phone.hear(Pressed, within=0.7)


def test_a_press_of_yesterday_is_missed_and_its_photo_never_makes_a_code(
    resident: Person, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    ticket = ring(door, photo_of(resident), Ring(str(uuid.uuid4()), 7200))
    missed = Missed(ticket.ring, "Front door", "late")
    # A cold function may hear of the press when its photo is there already: then one word says all.
    while (told := phone.hear(Missed)) == missed:
        pass
    assert told.photo
    assert told == missed._replace(photo=told.photo)
    assert phone.heard(Code) == []


def test_a_press_within_the_gap_belongs_to_the_ring_under_way_and_rings_the_bell(
    strict: Stack,
) -> None:
    with (
        Device("door", strict.websocket, strict.tokens["door"]) as door,
        Device("phone", strict.websocket, strict.tokens["phone"]) as phone,
    ):
        door.send(Ring())
        first = door.hear(Ticket)
        door.send(Ring())
        assert door.hear(RingThrough).ring == first.ring
        assert door.hear(Ticket).ring == first.ring
        assert phone.hear(Pressed).ring == first.ring


def test_over_the_hourly_limit_the_bell_rings_at_once_and_the_phones_still_see_the_photo(
    stack: Stack, photo_of: PhotoOf
) -> None:
    few = local_stack.add(stack.aws, name="few", parameters={"RingsPerHour": "1"})
    with (
        Device("door", few.websocket, few.tokens["door"]) as door,
        Device("phone", few.websocket, few.tokens["phone"]) as phone,
    ):
        door.send(Ring())
        door.hear(Ticket)
        door.send(Ring())
        bell = door.hear(RingThrough)
        ticket = door.hear(Ticket)
        assert (bell.ring, bell.reason) == (ticket.ring, "unavailable")
        put(ticket.upload, photo_of(Person.GRACE))
        visitor = phone.hear(Visitor)
        assert (visitor.ring, visitor.reason) == (ticket.ring, "unavailable")


def test_a_door_that_hangs_up_before_its_photo_came_is_told_and_can_still_be_opened(
    home: Home, phone: Device
) -> None:
    with Device("door", home.websocket, home.door) as door:
        door.send(Ring())
        ticket = door.hear(Ticket)
        phone.hear(Pressed)
    visitor = phone.hear(Visitor)
    assert (visitor.ring, visitor.reason, visitor.photo) == (ticket.ring, "no_photo", None)
    with Device("door", home.websocket, home.door) as door:
        phone.send(Answer(ticket.ring, "let_in"))
        assert door.hear(Open).ring == ticket.ring


def test_one_socket_lasts_for_many_rings(
    resident: Person, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    rings = {ring(door, photo_of(Person.GRACE)).ring for _ in range(5)}
    assert {phone.hear(Visitor).ring for _ in rings} == rings
