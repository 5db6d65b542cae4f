"""What follows a press at once: the word to the phones, and the door's ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.homes import guest_photo_key
from doorbell.protocol import Message, Missed, Pressed, RingThrough, Ticket
from doorbell.sending import send_all, send_to_phones

if TYPE_CHECKING:
    from doorbell.events import RingPressed
    from doorbell.model import Connection, Ring
    from doorbell.services import Services


def issue_ticket(services: Services, event: RingPressed) -> None:
    """The phones hear of a press (once), the door gets its ticket. Neither waits for the other's
    luck: a ticket that cannot be made must not keep the notice back.
    """
    found = services.rings.find(event.home, event.ring)
    if found is None:
        return
    try:
        _announce(services, found)
    finally:
        _send_ticket(services, found, event)


def _announce(services: Services, found: Ring) -> None:
    if found.announced_at:
        return
    send_to_phones(services, found.home, _announcement(services, found))
    # After it was sent: a job that failed in between is repeated, and sends it again.
    services.rings.announced(found, services.clock())


def _announcement(services: Services, found: Ring) -> Message:
    """A press that was held up, at the door or on the bus, is only missed."""
    age = services.clock() - found.pressed_at
    if found.kind == "late" or age > services.settings.late_after:
        return Missed(found.id, found.door_name, "late")
    return Pressed(found.id, found.door_name)


def _send_ticket(services: Services, found: Ring, event: RingPressed) -> None:
    door = services.connections.of(found.home, "door", found.door)
    notes: list[tuple[list[Connection], Message]] = []
    if event.kind in ("repeat", "limited"):  # at once, and again if this job is repeated
        notes.append((door, RingThrough(found.id, found.reason or "unavailable")))
    notes.append((door, _make_ticket(services, found, event.press)))
    send_all(services, notes)


def _make_ticket(services: Services, found: Ring, press: str | None) -> Ticket:
    life = services.settings.ticket_life
    upload = services.photos.upload(guest_photo_key(found.home, found.id), life)
    return Ticket(found.id, upload, life, press)
