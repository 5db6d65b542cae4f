"""Opening the door: the order, the door's word that it did, and what if it stays silent."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from doorbell.errors import Conflict, MessageError
from doorbell.events import DoorOpened, OpenSent
from doorbell.messages import DoorOpened as DoorOpenedMessage
from doorbell.messages import NotOpened, Open
from doorbell.telling import tell, tell_door, tell_phones

if TYPE_CHECKING:
    from doorbell.access import Device
    from doorbell.house import House
    from doorbell.ports import Connection


class OpenOrder(NamedTuple):
    """The door shall open because of this ring; `by` is `code` or who answered."""

    id: str
    home: str
    door: str
    ring: str
    by: str
    valid_until: float
    opened_at: float = 0.0


def order(house: House, home: str, door: str, ring: str, by: str, since: float) -> None:
    """Tell the door to open. A door that is away gets it with `hello`, while it is valid.

    One order for one ring and person: a job that is repeated sends the same one, and a door opens
    once for it. `since` is when the ring, or its code, came to be.
    """
    now = house.clock()
    # A time stands in front, so that a door's recent orders are one range of keys.
    order_id = f"{int(since * 1000):013d}-{sha256(f'{ring}/{by}'.encode()).hexdigest()[:12]}"
    placed = OpenOrder(
        order_id, home, door, ring, by, valid_until=now + house.settings.open_valid_for
    )
    try:
        house.opens.add(placed)
    except Conflict:
        known = house.opens.find(home, door, order_id)
        if known is None or known.opened_at or now >= known.valid_until:
            return
        placed = known
    try:
        tell_door(house, home, door, _message(house, placed))
    finally:
        # Somebody must notice if the door never opens, above all when it was not reached.
        house.bus.publish(OpenSent(home, door, ring, order_id))


def remind(house: House, connection: Connection) -> None:
    """Send a door that comes back the orders that are still valid."""
    for pending in house.opens.pending(connection.home, connection.device, house.clock()):
        tell(house, [connection], _message(house, pending))


def acknowledge(house: House, device: Device, order_id: str) -> None:
    """The door says that it opened: now the phones hear it. Raises MessageError."""
    found = house.opens.find(device.home, device.id, order_id)
    if found is None:
        raise MessageError("not_allowed", "This door was given no such order.")
    if found.opened_at:
        return
    # Told before it is written down: a door that hears of trouble says it once more.
    tell_phones(house, device.home, DoorOpenedMessage(found.ring, found.by))
    with suppress(Conflict):
        house.opens.acknowledge(found, house.clock())
    house.bus.publish(DoorOpened(device.home, device.id, found.ring, found.by))


def check(house: House, home: str, door: str, order_id: str) -> None:
    """When the order is no longer valid: tell the phones if the door never opened."""
    found = house.opens.find(home, door, order_id)
    if found and not found.opened_at:
        tell_phones(house, home, NotOpened(found.ring))


def _message(house: House, placed: OpenOrder) -> Open:
    valid_for = round(placed.valid_until - house.clock())
    return Open(placed.id, placed.ring, house.settings.open_seconds, max(0, valid_for))
