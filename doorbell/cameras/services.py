"""All that receiving may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.cameras.ports import Cameras, Objects, Uploads
    from doorbell.ports import Bus, Records, Rings
    from doorbell.settings import Settings


class Reception(NamedTuple):
    """What cameras' requests work with."""

    devices: Cameras
    records: Records
    rings: Rings
    objects: Objects
    uploads: Uploads
    bus: Bus
    check_picture: Callable[[bytes], None]
    """Raises Problem `broken_picture` for what cannot be opened."""
    settings: Settings
    clock: Callable[[], float]
    """Seconds since 1970."""
