"""Somebody else rings."""

from __future__ import annotations

import httpx

from demo.device import Device
from demo.people import Person
from doorbell.protocol import (
    Answer,
    Declined,
    Error,
    Hello,
    Pressed,
    Ring,
    RingThrough,
    Ticket,
    Visitor,
)
from tests.stories.doorstep import Home, PhotoOf, let_in, ring


def test_the_bell_rings_the_phone_shows_this_very_photo_and_a_resident_lets_them_in(
    resident: Person, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    photo = photo_of(Person.GRACE)
    ticket = ring(door, photo)
    assert phone.hear(Pressed) == Pressed(ticket.ring, "Front door")
    assert door.hear(RingThrough) == RingThrough(ticket.ring, "stranger", 60)
    visitor = phone.hear(Visitor)
    assert (visitor.ring, visitor.reason, visitor.answer_within) == (ticket.ring, "stranger", 60)
    assert visitor.photo
    assert httpx.get(visitor.photo, trust_env=False).content == photo
    assert let_in(door, phone, ticket.ring) == "Phone"


def test_a_resident_declines_and_the_door_is_told_without_a_name(
    resident: Person, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    ticket = ring(door, photo_of(Person.GRACE))
    phone.hear(Visitor)
    phone.send(Answer(ticket.ring, "decline"))
    assert door.hear(Declined) == Declined(ticket.ring)
    assert phone.hear(Declined) == Declined(ticket.ring, "Phone")


def test_the_first_answer_counts(
    resident: Person, home: Home, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    with Device("second phone", home.websocket, home.phone) as second:
        ticket = ring(door, photo_of(Person.GRACE))
        phone.hear(Visitor)
        phone.send(Answer(ticket.ring, "decline"))
        door.hear(Declined)
        second.send(Answer(ticket.ring, "let_in"))
        assert second.hear(Error).error == "already_answered"


def test_a_phone_that_connects_while_a_visitor_waits_is_told_with_hello(
    resident: Person, home: Home, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    ticket = ring(door, photo_of(Person.GRACE))
    phone.hear(Visitor)
    with Device("late phone", home.websocket, home.phone) as late:
        late.send(Hello())
        visitor = late.hear(Visitor)
        assert 0 < visitor.answer_within <= 60
        assert let_in(door, late, ticket.ring) == "Phone"


def test_another_home_hears_nothing_and_may_answer_nothing(
    resident: Person, home: Home, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    neighbour = Home.new(home.stack, f"{home.id}-next")
    told: list[str] = []
    with Device(
        "spy", neighbour.websocket, neighbour.phone, lambda _who, what: told.append(what)
    ) as spy:
        ticket = ring(door, photo_of(Person.GRACE))
        phone.hear(Visitor)
        spy.send(Answer(ticket.ring, "let_in"))
        assert spy.hear(Error).error == "not_allowed"
        assert len(told) == 2, "its own answer and the error are all it knows"
        phone.send(Answer(ticket.ring, "decline"))
        door.hear(Declined)


def test_an_answer_before_anybody_was_asked_opens_nothing(door: Device, phone: Device) -> None:
    door.send(Ring())
    ticket = door.hear(Ticket)
    phone.send(Answer(ticket.ring, "let_in"))
    assert phone.hear(Error).error == "not_waiting"
