"""All that a job may touch, in one hand: the ports, the limits, time and chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.ports import (
        Bus,
        Codes,
        Connections,
        Devices,
        Opens,
        Photos,
        Residents,
        Rings,
        Sockets,
        Waits,
    )
    from doorbell.settings import Settings


class Services(NamedTuple):
    """The world of the ring path. `doorbell.aws.build` makes the real one, tests make theirs."""

    devices: Devices
    connections: Connections
    rings: Rings
    codes: Codes
    opens: Opens
    residents: Residents
    sockets: Sockets
    bus: Bus
    photos: Photos
    waits: Waits
    code_key: Callable[[], bytes]
    """The secret that codes are hashed with; fetched when it is first needed."""
    settings: Settings
    clock: Callable[[], float]
    """Seconds since 1970."""
    sleep: Callable[[float], None]
    randbelow: Callable[[int], int]
    """A CSPRNG."""
