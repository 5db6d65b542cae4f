"""A press becomes known: the phones hear of it, and the door has its ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.protocol import Message, Missed, Pressed
from doorbell.sending import send_to_phones
from doorbell.ticket import send_ticket

if TYPE_CHECKING:
    from doorbell.events import RingPressed
    from doorbell.model import Ring
    from doorbell.services import Services


def announce_press(services: Services, event: RingPressed) -> None:
    """The phones hear of a press (once); the door gets its ticket, if none went out before.

    Neither waits for the other's luck: a ticket that cannot be made must not keep the notice back.
    """
    found = services.rings.find(event.home, event.ring)
    if found is None:
        return
    try:
        _tell_phones(services, found)
    finally:
        if not event.ticketed:
            send_ticket(services, event, services.connections.of(found.home, "door", found.door))


def _tell_phones(services: Services, found: Ring) -> None:
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
