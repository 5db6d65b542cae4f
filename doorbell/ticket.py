"""A door's ticket: where it may put its photo, and the pictures after it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from doorbell.homes import guest_burst_key, guest_photo_key
from doorbell.protocol import Message, RingThrough, Ticket
from doorbell.sending import send_all

if TYPE_CHECKING:
    from doorbell.events import RingPressed
    from doorbell.model import Connection
    from doorbell.protocol import Upload
    from doorbell.services import Services

_log = logging.getLogger(__name__)

BURST_TYPE: Final = "application/x-mjpeg"
"""JPEGs, one after another."""


def answer_press(services: Services, event: RingPressed, asker: Connection) -> bool:
    """Give the ticket through the socket that the press came by; whether it went out.

    Whatever fails here is only told: the press is about to be announced, and whoever announces it
    makes the ticket then.
    """
    try:
        # The press is not on the bus yet: a socket that hangs, or has closed, must not delay it.
        return send_ticket(services, event, [asker], hasty=True)
    except Exception as error:
        _log.warning("the ticket did not go out at once: %s", type(error).__name__)
        return False


def send_ticket(
    services: Services, event: RingPressed, door: list[Connection], *, hasty: bool = False
) -> bool:
    """Give the ticket to these sockets of the door; whether one took all that was to be told.

    A press within the gap, or over the limit, rings at once, and again if this is repeated.
    """
    notes: list[tuple[list[Connection], Message]] = [(door, _make_ticket(services, event))]
    if event.kind in ("repeat", "limited"):
        found = services.rings.find(event.home, event.ring)
        reason = found and found.reason
        notes.insert(0, (door, RingThrough(event.ring, reason or "unavailable")))
    return send_all(services, notes, hasty=hasty) >= len(notes)


def _make_ticket(services: Services, event: RingPressed) -> Ticket:
    life = services.settings.ticket_life
    upload = services.photos.upload(guest_photo_key(event.home, event.ring), life)
    return Ticket(event.ring, upload, life, event.press, _burst(services, event, life))


def _burst(services: Services, event: RingPressed, life: int) -> Upload | None:
    """For a ring whose face is searched. A repeat's pictures are those of its ring, and nobody
    looks at a film of a press that is late or one too many.
    """
    if event.kind != "new":
        return None
    key = guest_burst_key(event.home, event.ring)
    return services.photos.upload(key, life, BURST_TYPE)
