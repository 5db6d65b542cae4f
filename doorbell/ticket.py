"""What follows a press at once: the door's ticket, and the word to the phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.homes import guest_photo_key
from doorbell.protocol import Message, Missed, Pressed, RingThrough, Ticket
from doorbell.sending import send_all

if TYPE_CHECKING:
    from doorbell.events import RingPressed
    from doorbell.model import Connection, Ring
    from doorbell.services import Services


def issue_ticket(services: Services, event: RingPressed) -> None:
    """What follows a press at once: the door gets its ticket, the phones hear of it (once)."""
    found = services.rings.find(event.home, event.ring)
    if found is None:
        return
    door = services.connections.of(found.home, "door", found.door)
    notes: list[tuple[list[Connection], Message]] = [(door, _ticket(services, found, event.press))]
    if event.kind in ("repeat", "limited"):  # at once, and again if this job is repeated
        notes.append((door, RingThrough(found.id, found.reason or "unavailable")))
    if not found.announced_at:
        notes.append((services.connections.of(found.home, "phone"), _announcement(found)))
    send_all(services, notes)
    if not found.announced_at:
        # After it was told: a job that failed in between is repeated, and tells again.
        services.rings.announced(found, services.clock())


def _announcement(found: Ring) -> Message:
    if found.kind == "late":
        return Missed(found.id, found.door_name, "late")
    return Pressed(found.id, found.door_name)


def _ticket(services: Services, found: Ring, press: str | None) -> Ticket:
    life = services.settings.ticket_life
    upload = services.photos.upload(guest_photo_key(found.home, found.id), life)
    return Ticket(found.id, upload, life, press)
