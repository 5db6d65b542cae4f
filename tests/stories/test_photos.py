"""Tickets and photos that are not what they should be: each rings, none is passed over."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from demo.device import Device
from demo.errors import DemoFailed
from demo.people import Person, empty_doorstep, group_photo
from doorbell.protocol import Missed, Ring, RingThrough, Ticket, Visitor
from local import stack as local_stack
from tests.stories.doorstep import PhotoOf, put, ring, shown_code

if TYPE_CHECKING:
    from local.stack import Stack


def test_an_empty_file_rings_through_as_unreadable(door: Device) -> None:
    ring(door, b"")
    assert door.hear(RingThrough).reason == "unreadable"


def test_a_text_named_jpeg_rings_through_as_unreadable(resident: Person, door: Device) -> None:
    ring(door, b"Dear neighbour, this is no photo.")
    assert door.hear(RingThrough).reason == "unreadable"


def test_half_a_jpeg_rings_through_as_unreadable(
    resident: Person, door: Device, photo_of: PhotoOf
) -> None:
    whole = photo_of(resident)
    ring(door, whole[: len(whole) // 2])
    assert door.hear(RingThrough).reason == "unreadable"


def test_a_jpeg_of_twenty_megabytes_is_no_photo_and_rings_at_once(
    resident: Person, door: Device, phone: Device, photo_of: PhotoOf
) -> None:
    """Nobody is given a link to it: it may be as large as S3 lets an upload be."""
    ring(door, photo_of(resident) + bytes(20_000_000))
    assert door.hear(RingThrough).reason == "no_photo"
    assert phone.hear(Visitor).photo is None


def test_a_picture_without_a_face_rings_through_as_no_face(resident: Person, door: Device) -> None:
    ring(door, empty_doorstep())
    assert door.hear(RingThrough).reason == "no_face"


def test_of_five_faces_the_largest_decides(resident: Person, door: Device, phone: Device) -> None:
    near, far = 90, 40  # pixels between the eyes
    others = [(Person.GRACE, far)] * 4
    ring(door, group_photo(*others, (resident, near)))
    assert shown_code(phone).resident == "Eileen"
    ring(door, group_photo((resident, far), *others[1:], (Person.GRACE, near)))
    assert door.hear(RingThrough).reason == "stranger"


def test_a_ticket_serves_once(door: Device, photo_of: PhotoOf) -> None:
    ticket = ring(door, photo_of(Person.GRACE))
    door.hear(RingThrough)
    assert put(ticket.upload, photo_of(Person.EILEEN)) == 412
    with pytest.raises(DemoFailed):
        door.hear(RingThrough, within=0.7)


def test_a_ticket_demands_its_headers(door: Device, photo_of: PhotoOf) -> None:
    door.send(Ring())
    upload = door.hear(Ticket).upload
    assert put(upload._replace(headers={"Content-Type": "image/jpeg"}), b"x") == 403
    assert (
        put(upload._replace(headers={**upload.headers, "Content-Type": "text/html"}), b"x") == 403
    )


@pytest.fixture(scope="module")
def hurried(stack: Stack) -> Stack:
    """A doorbell that waits for nothing longer than a second or two."""
    return local_stack.add(
        stack.aws,
        name="hurried",
        parameters={"TicketLife": "1", "PhotoSeconds": "3", "LateAfter": "3", "AnswerSeconds": "1"},
    )


def test_an_expired_ticket_is_refused_and_the_bell_rings_without_a_photo(hurried: Stack) -> None:
    with (
        Device("door", hurried.websocket, hurried.tokens["door"]) as door,
        # Of the same door, for the bell may come before a ticket that is slow.
        Device("chime", hurried.websocket, hurried.tokens["door"]) as chime,
        Device("phone", hurried.websocket, hurried.tokens["phone"]) as phone,
    ):
        door.send(Ring())
        ticket = door.hear(Ticket)
        assert chime.hear(RingThrough) == RingThrough(ticket.ring, "no_photo", 1)
        assert phone.hear(Visitor).photo is None
        time.sleep(1)
        assert put(ticket.upload, b"late") == 403


def test_a_photo_that_comes_minutes_late_is_shown_as_missed_and_makes_no_code(
    stack: Stack, photo_of: PhotoOf
) -> None:
    slow = local_stack.add(
        stack.aws, name="slow", parameters={"LateAfter": "5", "PhotoSeconds": "60"}
    )
    with (
        Device("door", slow.websocket, slow.tokens["door"]) as door,
        Device("phone", slow.websocket, slow.tokens["phone"]) as phone,
    ):
        door.send(Ring())
        ticket = door.hear(Ticket)
        time.sleep(5.2)
        assert put(ticket.upload, photo_of(Person.EILEEN)) == 200
        missed = phone.hear(Missed)
        assert (missed.ring, missed.reason) == (ticket.ring, "late")
        assert missed.photo
