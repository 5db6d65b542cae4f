"""A resident comes home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from demo.device import Device
from demo.errors import DemoFailed
from doorbell.protocol import (
    Code,
    DoorOpened,
    EnterCode,
    Got,
    Hello,
    Open,
    Opened,
    Refused,
    RingThrough,
    Visitor,
    Welcome,
)
from tests.stories.doorstep import Home, PhotoOf, ring, shown_code

if TYPE_CHECKING:
    from demo.people import Person


GOT_SECONDS = 6
"""How long a phone has to say that it shows a code: the template's default."""


def test_a_resident_gets_a_code_on_the_phone_and_it_opens_the_door_once(
    resident: Person, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    ticket = ring(door, photo_of(resident))
    welcome = door.hear(Welcome)
    code = shown_code(phone)
    assert welcome == Welcome(ticket.ring), "the door is not told the name"
    assert (code.ring, code.resident, code.door) == (ticket.ring, "Eileen", "Front door")
    assert len(code.code) == 6
    assert code.expires_in == 120

    door.send(EnterCode(code.code))
    order = door.hear(Open)
    assert (order.ring, order.seconds, order.valid_for) == (ticket.ring, 5, 15)
    door.send(Opened(order.open))
    assert phone.hear(DoorOpened) == DoorOpened(ticket.ring, "code", "Front door")

    door.send(EnterCode(code.code))
    assert door.hear(Refused).reason == "used"


def test_where_a_phone_shows_the_code_no_bell_rings(
    resident: Person, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    ticket = ring(door, photo_of(resident))
    shown_code(phone, ticket.ring)
    with pytest.raises(DemoFailed):
        door.hear(RingThrough, within=GOT_SECONDS + 2)
    assert door.all_about(ticket.ring) == ["Ticket", "Welcome"]
    assert phone.all_about(ticket.ring) == ["Pressed", "Code"]


def test_where_a_phone_is_frozen_the_bell_rings_and_the_code_still_opens(
    resident: Person, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    ticket = ring(door, photo_of(resident))
    code = phone.hear(Code)
    assert door.hear(RingThrough) == RingThrough(ticket.ring, "no_phone", 60)
    visitor = phone.hear(Visitor)
    assert (visitor.ring, visitor.reason) == (ticket.ring, "no_phone")
    assert visitor.photo

    phone.send(Got(ticket.ring))  # too late to change anything
    door.send(EnterCode(code.code))
    door.send(Opened(door.hear(Open, ring=ticket.ring).open))
    assert phone.hear(DoorOpened) == DoorOpened(ticket.ring, "code", "Front door")
    assert door.all_about(ticket.ring).count("RingThrough") == 1


def test_what_a_phone_says_twice_counts_once(
    resident: Person, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    ticket = ring(door, photo_of(resident))
    code = shown_code(phone, ticket.ring)
    phone.send(Got(ticket.ring))
    door.send(EnterCode(code.code))
    door.send(Opened(door.hear(Open, ring=ticket.ring).open))
    phone.hear(DoorOpened)
    phone.send(Got(ticket.ring))
    assert phone.all_about(ticket.ring) == ["Pressed", "Code", "DoorOpened"]
    assert "RingThrough" not in door.all_about(ticket.ring)


def test_no_other_phone_can_keep_the_bell_quiet(
    resident: Person, home: Home, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    neighbour = Home.new(home.stack, f"{home.id}-next")
    bobs = home.add("phone", "Bob's phone", resident="Bob")
    with (
        Device("bob's", home.websocket, bobs) as bob,
        Device("neighbour's", home.websocket, neighbour.phone) as elsewhere,
    ):
        ticket = ring(door, photo_of(resident))
        phone.hear(Code)
        for other in (bob, elsewhere):
            other.send(Got(ticket.ring))
        assert "Code" not in bob.all_about(ticket.ring)
        assert elsewhere.all_about(ticket.ring) == []
        assert door.hear(RingThrough).reason == "no_phone"


def test_a_wrong_code_is_refused_and_counted_and_after_five_the_ring_is_locked(
    resident: Person, home: Home, phone: Device, photo_of: PhotoOf
) -> None:
    token = home.add("door", "Back door")
    with Device("door", home.websocket, token) as door:
        ring(door, photo_of(resident))
        code = shown_code(phone).code
        wrong = f"{(int(code) + 1) % 1_000_000:06d}"
        for left in (4, 3, 2, 1, 0):
            door.send(EnterCode(wrong))
            assert door.hear(Refused) == Refused("wrong", left)
        door.send(EnterCode(code))
        assert door.hear(Refused).reason == "locked", "even the right one comes too late"


def test_a_code_opens_no_other_door(
    resident: Person, home: Home, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    token = home.add("door", "Side door")
    with Device("side door", home.websocket, token) as other:
        ring(door, photo_of(resident))
        other.send(EnterCode(shown_code(phone).code))
        assert other.hear(Refused).reason == "none"


def test_of_two_sockets_that_race_with_the_same_code_one_opens(
    resident: Person, home: Home, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    with Device("twin", home.websocket, home.door) as twin:
        ring(door, photo_of(resident))
        code = shown_code(phone).code
        door.send(EnterCode(code))
        twin.send(EnterCode(code))
        # Whoever comes second sees a code that is used, and whose order is on its way: it gets it.
        orders = {each.hear(Open).open for each in (door, twin)}
        assert len(orders) == 1, "the door knows it by its id, and opens once"
        door.send(Opened(orders.pop()))
        phone.hear(DoorOpened)
        twin.send(EnterCode(code))
        assert twin.hear(Refused).reason == "used"


def test_a_resident_whose_code_reaches_no_phone_rings_through(
    resident: Person, door: Device, photo_of: PhotoOf
) -> None:
    ring(door, photo_of(resident))
    assert door.hear(RingThrough).reason == "no_phone"


def test_a_second_press_always_rings_and_its_code_works_too(
    resident: Person, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    first = ring(door, photo_of(resident))
    shown_code(phone, first.ring)
    assert door.hear(Welcome).ring == first.ring
    second = ring(door, photo_of(resident))
    code = shown_code(phone, second.ring)
    assert door.hear(RingThrough) == RingThrough(second.ring, "no_phone", 60)
    assert phone.hear(Visitor).ring == second.ring
    door.send(EnterCode(code.code))
    assert door.hear(Open).ring == second.ring


def test_only_the_resident_s_own_phones_and_the_household_s_get_the_code(
    resident: Person, home: Home, door: Device, photo_of: PhotoOf
) -> None:
    hers = home.add("phone", "Eileen's phone", resident="Eileen")
    his = home.add("phone", "Bob's phone", resident="Bob")
    with Device("his", home.websocket, his) as bob:
        ring(door, photo_of(resident))
        assert door.hear(RingThrough).reason == "no_phone"
        assert bob.hear(Visitor).reason == "no_phone", "Bob may let her in, but gets no code"
        with Device("hers", home.websocket, hers) as eileen:
            ring(door, photo_of(resident))
            assert shown_code(eileen).resident == "Eileen"


def test_a_phone_that_comes_back_gets_a_fresh_code_that_works(
    resident: Person, home: Home, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    ring(door, photo_of(resident))
    first = shown_code(phone)
    with Device("phone again", home.websocket, home.phone) as again:
        again.send(Hello())
        fresh = again.hear(Code)
        door.send(EnterCode(fresh.code))
        order = door.hear(Open)
        door.send(Opened(order.open))
        assert phone.hear(DoorOpened).by == "code"
    door.send(EnterCode(first.code))
    assert door.hear(Refused).reason == "used", "one ring opens once, whichever code it was"


def test_an_order_to_open_waits_for_a_door_that_was_away(
    resident: Person, home: Home, phone: Device, photo_of: PhotoOf
) -> None:
    with Device("door", home.websocket, home.door) as door:
        ring(door, photo_of(resident))
        door.send(EnterCode(shown_code(phone).code))
        order = door.hear(Open)
    with Device("door", home.websocket, home.door) as door:
        door.send(Hello())
        reminded = door.hear(Open)
        assert reminded.open == order.open
        assert reminded.valid_for <= order.valid_for
