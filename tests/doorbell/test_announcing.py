"""What follows a press: who hears of it, and the ticket if none went out before."""

from __future__ import annotations

import pytest

from doorbell.announcing import announce_press
from doorbell.events import RingPressed
from doorbell.protocol import Missed, Pressed, RingThrough, Ticket, Upload
from tests.fakes import (
    BACK_DOOR,
    DOOR,
    KITCHEN,
    FakePhotos,
    a_ring,
    keep_ring,
    make_services,
)


def pressed(kind: str = "new", press: str | None = None) -> RingPressed:
    """A press of the front door's only ring."""
    return RingPressed("home", "front", "ring-1", kind, press)  # type: ignore[arg-type]


def test_a_press_gives_the_door_a_ticket_and_tells_the_phones() -> None:
    made = make_services()
    keep_ring(made)
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    announce_press(made.services, pressed(press="123e4567-e89b-42d3-a456-426614174000"))
    (ticket,) = made.heard(door)
    assert isinstance(ticket, Ticket)
    assert ticket.upload.url == "https://put/guest/home/ring-1/photo.jpeg?300"
    assert (ticket.press, ticket.expires_in) == ("123e4567-e89b-42d3-a456-426614174000", 300)
    assert made.heard(phone) == [Pressed("ring-1", "Front")]


def test_a_press_told_twice_gives_two_tickets_and_is_told_once() -> None:
    """The bus delivers at least once; a ticket lost on the way must come again."""
    made = make_services()
    keep_ring(made)
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    for _ in range(2):
        announce_press(made.services, pressed())
    assert len(made.heard(door)) == 2
    assert made.heard(phone) == [Pressed("ring-1", "Front")]


def test_a_door_that_has_its_ticket_gets_no_other_one() -> None:
    made = make_services()
    keep_ring(made)
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    announce_press(made.services, pressed()._replace(ticketed=True))
    assert made.heard(door) == []
    assert made.heard(phone) == [Pressed("ring-1", "Front")]


def test_a_second_press_always_rings() -> None:
    made = make_services()
    keep_ring(made)
    door = made.connect(DOOR)
    announce_press(made.services, pressed())
    announce_press(made.services, pressed("repeat"))
    assert made.heard(door)[1] == RingThrough("ring-1", "unavailable")


def test_a_second_press_also_tells_the_phones_what_the_first_could_not() -> None:
    """The first press was recorded, and the bus did not take it."""
    made = make_services()
    keep_ring(made)
    phone = made.connect(KITCHEN)
    announce_press(made.services, pressed("repeat"))
    assert made.heard(phone) == [Pressed("ring-1", "Front")]


def test_over_the_limit_the_bell_rings_at_once_even_when_the_job_is_repeated() -> None:
    """The first time the door was not reached; the phones need not hear of the ring again."""
    made = make_services()
    keep_ring(made, a_ring()._replace(kind="limited"))
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    made.sockets.broken[door.id] = RuntimeError()
    with pytest.raises(RuntimeError):
        announce_press(made.services, pressed("limited"))
    made.sockets.broken.clear()
    announce_press(made.services, pressed("limited"))
    assert RingThrough("ring-1", "unavailable") in made.heard(door)
    assert made.heard(phone) == [Pressed("ring-1", "Front")]


def test_a_notice_that_reached_nobody_is_told_when_the_job_is_repeated() -> None:
    made = make_services()
    keep_ring(made, a_ring()._replace(kind="late"))
    phone = made.connect(KITCHEN)
    made.sockets.broken[phone.id] = RuntimeError()
    with pytest.raises(RuntimeError):
        announce_press(made.services, pressed("late"))
    made.sockets.broken.clear()
    announce_press(made.services, pressed("late"))
    announce_press(made.services, pressed("late"))
    assert made.heard(phone) == [Missed("ring-1", "Front", "late")]


def test_an_old_press_is_missed_and_gets_its_ticket() -> None:
    made = make_services()
    keep_ring(made, a_ring()._replace(kind="late"))
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    announce_press(made.services, pressed("late"))
    assert [type(said) for said in made.heard(door)] == [Ticket]
    assert made.heard(phone) == [Missed("ring-1", "Front", "late")]


def test_a_press_of_a_ring_that_is_forgotten_tells_nobody() -> None:
    made = make_services()
    door = made.connect(DOOR)
    announce_press(made.services, pressed())
    assert made.heard(door) == []


def test_a_ticket_that_cannot_be_made_does_not_keep_the_notice_back() -> None:
    """A parameter that nobody can read, say, or a signing key that is out of reach."""
    made = make_services()
    keep_ring(made)
    phone = made.connect(KITCHEN)
    services = made.services._replace(photos=NoPhotos())
    with pytest.raises(RuntimeError):
        announce_press(services, pressed())
    assert made.heard(phone) == [Pressed("ring-1", "Front")]


def test_a_notice_that_cannot_be_sent_does_not_keep_the_ticket_back() -> None:
    made = make_services()
    keep_ring(made)
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    made.sockets.broken[phone.id] = RuntimeError()
    with pytest.raises(RuntimeError):
        announce_press(made.services, pressed())
    assert [type(said) for said in made.heard(door)] == [Ticket]


@pytest.mark.parametrize(("since", "told"), [(60, Pressed), (60.5, Missed)])
def test_a_press_that_the_bus_held_up_is_only_missed(since: float, told: type) -> None:
    made = make_services()
    keep_ring(made)
    phone = made.connect(KITCHEN)
    made.clock.now += since
    announce_press(made.services, pressed())
    assert [type(said) for said in made.heard(phone)] == [told]


class NoPhotos(FakePhotos):
    """No ticket can be signed."""

    def upload(self, key: str, expires_in: int, content_type: str = "image/jpeg") -> Upload:
        raise RuntimeError


def test_a_ticket_goes_to_the_door_that_rang_alone() -> None:
    """With it, another door could put its photo in the place of this one."""
    made = make_services()
    keep_ring(made)
    door, other = made.connect(DOOR), made.connect(BACK_DOOR)
    announce_press(made.services, pressed())
    assert [type(said) for said in made.heard(door)] == [Ticket]
    assert made.heard(other) == []
