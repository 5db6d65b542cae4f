"""All that a job may touch, in one hand: the ports, the limits, time and chance."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.events import Event
    from doorbell.ports import (
        Bus,
        Connections,
        Devices,
        Opens,
        Passcodes,
        Photos,
        Records,
        Rings,
        Sockets,
        Waits,
    )
    from doorbell.settings import Settings

_log = logging.getLogger(__name__)


class Services(NamedTuple):
    """What the ring path works with. `doorbell.aws.build` makes the real one, tests make theirs."""

    records: Records
    devices: Devices
    connections: Connections
    rings: Rings
    passcodes: Passcodes
    opens: Opens
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

    def inform(self, event: Event) -> None:
        """Publish what has happened. A bus that refuses must not undo it, nor have it repeated."""
        try:
            self.bus.publish(event)
        except Exception as error:
            _log.warning("%s was not published: %s", type(event).__name__, type(error).__name__)
