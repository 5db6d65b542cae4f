"""The ticket goes out at once, through the socket that the press came by; or it is known not to."""

from __future__ import annotations

import pytest

from doorbell.events import RingPressed
from doorbell.protocol import RingThrough, Ticket, Upload
from doorbell.ticket import answer_press, send_ticket
from tests.fakes import DOOR, FakePhotos, a_ring, keep_ring, make_services


def pressed(kind: str = "new") -> RingPressed:
    """A press of the front door's only ring."""
    return RingPressed("home", "front", "ring-1", kind)  # type: ignore[arg-type]


def test_the_socket_that_asked_has_the_ticket_and_no_other_socket_of_the_door() -> None:
    made = make_services()
    asker, other = made.connect(DOOR), made.connect(DOOR)
    assert answer_press(made.services, pressed(), asker)
    assert [type(said) for said in made.heard(asker)] == [Ticket]
    assert made.heard(other) == []


@pytest.mark.parametrize("kind", ["repeat", "limited"])
def test_a_press_that_rings_at_once_hears_that_before_its_ticket(kind: str) -> None:
    made = make_services()
    keep_ring(made)
    asker = made.connect(DOOR)
    assert answer_press(made.services, pressed(kind), asker)
    assert made.heard(asker)[0] == RingThrough("ring-1", "unavailable")
    assert isinstance(made.heard(asker)[1], Ticket)


def test_a_repeat_rings_for_the_reason_of_its_ring() -> None:
    made = make_services()
    keep_ring(made, a_ring()._replace(reason="stranger"))
    asker = made.connect(DOOR)
    answer_press(made.services, pressed("repeat"), asker)
    assert made.heard(asker)[0] == RingThrough("ring-1", "stranger")


@pytest.mark.parametrize("age", [0.5, 3600])
def test_a_door_that_has_hung_up_is_not_waited_for(age: float) -> None:
    """Not even a young socket: it was open when it sent the press. Whoever waits is at a phone."""
    made = make_services()
    asker = made.connect(DOOR, age=age)
    made.sockets.gone.add(asker.id)
    assert not answer_press(made.services, pressed(), asker)
    assert made.clock.slept == 0


def test_a_ring_whose_face_is_searched_may_have_a_film() -> None:
    made = make_services()
    asker = made.connect(DOOR)
    assert answer_press(made.services, pressed(), asker)
    (ticket,) = made.heard(asker)
    assert isinstance(ticket, Ticket)
    assert ticket.burst == Upload(
        "PUT",
        "https://put/guest/home/ring-1/burst.mjpeg?300",
        {"Content-Type": "application/x-mjpeg"},
    )


@pytest.mark.parametrize("kind", ["repeat", "limited", "late"])
def test_a_press_whose_face_is_not_searched_has_a_photo_and_no_film(kind: str) -> None:
    """A repeat belongs to the ring under way, whose film is being taken."""
    made = make_services()
    keep_ring(made)
    asker = made.connect(DOOR)
    assert answer_press(made.services, pressed(kind), asker)
    ticket = made.heard(asker)[-1]
    assert isinstance(ticket, Ticket)
    assert ticket.upload.headers == {"Content-Type": "image/jpeg"}
    assert ticket.burst is None


def test_a_socket_that_hangs_delays_the_press_by_a_second_at_most() -> None:
    """The bus hears of the press after that; a post by the bus may take its time."""
    made = make_services()
    asker = made.connect(DOOR)
    answer_press(made.services, pressed(), asker)
    send_ticket(made.services, pressed(), [asker])
    assert made.sockets.within == [1.0, None]


def test_a_ticket_that_cannot_be_sent_or_made_is_no_error_of_the_press() -> None:
    made = make_services()
    asker = made.connect(DOOR)
    made.sockets.broken[asker.id] = RuntimeError()
    assert not answer_press(made.services, pressed(), asker)
    made.sockets.broken.clear()
    assert not answer_press(made.services._replace(photos=NoPhotos()), pressed(), asker)
    assert made.heard(asker) == []


class NoPhotos(FakePhotos):
    """No ticket can be signed."""

    def upload(self, key: str, expires_in: int, content_type: str = "image/jpeg") -> Upload:
        raise RuntimeError
