"""Opening the door: the order, the door's word that it did, and what if it stays silent."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from doorbell.errors import Conflict, MessageError
from doorbell.events import DoorOpened, OpenSent
from doorbell.model import OpenOrder
from doorbell.protocol import DoorOpened as DoorOpenedMessage
from doorbell.protocol import NotOpened, Open
from doorbell.sending import send, send_to_door, send_to_phones

if TYPE_CHECKING:
    from doorbell.model import Connection, Device
    from doorbell.services import Services


def order(services: Services, home: str, door: str, ring: str, by: str, since: float) -> None:
    """Tell the door to open. A door that is away gets it with `hello`, while it is valid.

    One order for one ring and person: a job that is repeated sends the same one, and a door opens
    once for it. `since` is when the ring, or its code, came to be.
    """
    now = services.clock()
    # A time stands in front, so that a door's recent orders are one range of keys.
    order_id = f"{int(since * 1000):013d}-{sha256(f'{ring}/{by}'.encode()).hexdigest()[:12]}"
    placed = OpenOrder(
        order_id, home, door, ring, by, valid_until=now + services.settings.open_valid_for
    )
    try:
        services.opens.add(placed)
    except Conflict:
        known = services.opens.find(home, door, order_id)
        if known is None or known.opened_at or now >= known.valid_until:
            return
        placed = known
    try:
        send_to_door(services, home, door, _message(services, placed))
    finally:
        # Somebody must notice if the door never opens, above all when it was not reached.
        services.bus.publish(OpenSent(home, door, ring, order_id))


def resend_opens(services: Services, connection: Connection) -> None:
    """Send a door that comes back the orders that are still valid."""
    for pending in services.opens.pending(connection.home, connection.device, services.clock()):
        send(services, [connection], _message(services, pending))


def acknowledge(services: Services, device: Device, order_id: str) -> None:
    """The door says that it opened: now the phones hear it. Raises MessageError."""
    found = services.opens.find(device.home, device.id, order_id)
    if found is None:
        raise MessageError("not_allowed", "This door was given no such order.")
    if found.opened_at:
        return
    # Told before it is written down: a door that hears of trouble says it once more.
    send_to_phones(services, device.home, DoorOpenedMessage(found.ring, found.by))
    with suppress(Conflict):
        services.opens.acknowledge(found, services.clock())
    services.bus.publish(DoorOpened(device.home, device.id, found.ring, found.by))


def check(services: Services, home: str, door: str, order_id: str) -> None:
    """When the order is no longer valid: tell the phones if the door never opened."""
    found = services.opens.find(home, door, order_id)
    if found and not found.opened_at:
        send_to_phones(services, home, NotOpened(found.ring))


def _message(services: Services, placed: OpenOrder) -> Open:
    valid_for = round(placed.valid_until - services.clock())
    return Open(placed.id, placed.ring, services.settings.open_seconds, max(0, valid_for))
