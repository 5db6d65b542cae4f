"""What follows a press at once: the door's ticket, and the word to the phones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.homes import guest_photo_key
from doorbell.messages import Message, Missed, Pressed, RingThrough, Ticket
from doorbell.telling import tell_all

if TYPE_CHECKING:
    from doorbell.events import RingPressed
    from doorbell.house import House
    from doorbell.ports import Connection
    from doorbell.ring import Ring


def answer_press(house: House, event: RingPressed) -> None:
    """What follows a press at once: the door gets its ticket, the phones hear of it (once)."""
    found = house.rings.find(event.home, event.ring)
    if found is None:
        return
    door = house.connections.of(found.home, "door", found.door)
    notes: list[tuple[list[Connection], Message]] = [(door, _ticket(house, found, event.press))]
    if event.kind in ("repeat", "limited"):  # at once, and again if this job is repeated
        notes.append((door, RingThrough(found.id, found.reason or "unavailable")))
    if not found.announced_at:
        notes.append((house.connections.of(found.home, "phone"), _announcement(found)))
    tell_all(house, notes)
    if not found.announced_at:
        # After it was told: a job that failed in between is repeated, and tells again.
        house.rings.announced(found, house.clock())


def _announcement(found: Ring) -> Message:
    if found.kind == "late":
        return Missed(found.id, found.door_name, "late")
    return Pressed(found.id, found.door_name)


def _ticket(house: House, found: Ring, press: str | None) -> Ticket:
    life = house.settings.ticket_life
    upload = house.photos.upload(guest_photo_key(found.home, found.id), life)
    return Ticket(found.id, upload, life, press)
