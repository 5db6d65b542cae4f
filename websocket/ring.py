"""`ring`: record it, answer it with a ticket, put it on the bus. Nothing else stands between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell import rings
from doorbell.ticket import answer_press
from websocket.caller import still_allowed

if TYPE_CHECKING:
    from doorbell.events import RingPressed
    from doorbell.model import DoorState, Key
    from doorbell.model import Ring as RecordedRing
    from doorbell.protocol import Ring
    from doorbell.services import Services
    from websocket.caller import Badge, Caller, Speaker


def keys(badge: Badge, request: Ring) -> tuple[Key, ...]:
    """What must be known to record it."""
    return rings.keys_of(badge, request)


def handle(
    services: Services,
    caller: Caller,
    request: Ring,
    state: DoorState,
    known: RecordedRing | None = None,
) -> str:
    """The phones and the watch follow from `RingPressed`. Gives the ring.

    The ticket goes first, so that the event can say whether it did
    (docs/decisions/ticket-from-the-ring.md).
    """
    pressed = rings.record_press(services, caller.device, request, state, known)
    ticketed = answer_press(services, pressed, caller.connection)
    return _publish(services, pressed._replace(ticketed=ticketed))


def handle_at_connect(services: Services, speaker: Speaker, request: Ring) -> str:
    """The same for a door that rings by connecting: a socket that is still connecting cannot be
    posted to, so the ticket comes by the bus. Raises DeviceGone.
    """
    caller, known = still_allowed(services, speaker, *keys(speaker.badge, request))
    return _publish(services, rings.record_press(services, caller.device, request, *known))


def _publish(services: Services, pressed: RingPressed) -> str:
    services.bus.publish(pressed)
    return pressed.ring
