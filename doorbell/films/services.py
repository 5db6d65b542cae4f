"""All that making films may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.films.ports import FilmStore, Maker
    from doorbell.liveness.ports import Tracker
    from doorbell.ports import Bus, Connections, Devices, Photos, Rings, Sockets


class Films(NamedTuple):
    """What the jobs of films work with."""

    store: FilmStore
    maker: Maker
    tracker: Tracker
    """Sees whether what moves is flat."""
    rings: Rings
    devices: Devices
    photos: Photos
    connections: Connections
    sockets: Sockets
    bus: Bus
    rebound: tuple[str, ...]
    """Which films go forwards and then backwards: of a `ring`, of a `party`."""
    clock: Callable[[], float]
    """Seconds since 1970."""
    sleep: Callable[[float], None]
