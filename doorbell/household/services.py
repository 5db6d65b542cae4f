"""All that a household's jobs may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.films.ports import Machine, Schedules
    from doorbell.household.ports import (
        Activity,
        AllSettings,
        CameraFilms,
        Consents,
        HomeDevices,
        LastPictures,
        Pairings,
        PhotoStore,
        Pins,
        Presences,
        ResidentPhotos,
        StoredKeys,
        Subscriptions,
        Visits,
    )
    from doorbell.ports import Bus, Connections, Opens, Photos, Rings, Sockets


class Household(NamedTuple):
    """What the phone's API and the household's jobs work with."""

    devices: HomeDevices
    connections: Connections
    sockets: Sockets
    activity: Activity
    settings: AllSettings
    subscriptions: Subscriptions
    pairings: Pairings
    presences: Presences
    visits: Visits
    rings: Rings
    opens: Opens
    pins: Pins
    residents: ResidentPhotos
    consents: Consents
    store: PhotoStore
    stored: StoredKeys
    last_pictures: LastPictures
    camera_films: CameraFilms
    films: Machine
    schedules: Schedules
    photos: Photos
    bus: Bus
    code_key: Callable[[], bytes]
    clock: Callable[[], float]
    """Seconds since 1970."""
    randbelow: Callable[[int], int]
    """A CSPRNG."""
    history_days: int
    picture_days: int
    """Days for which cameras' pictures and films are kept."""
    offline_after: int
    """Seconds of silence after which a door that has no socket is told to be offline."""
    open_valid_for: int
    """Seconds for which an order to open is valid."""
    stack: str
    """The deployment that metrics are of."""
    origin: str
    """Where the app is: pairing links begin with it. Empty while nobody has said."""
    loopback_push: bool
    """Whether a push service may be on this very machine: only where all of AWS is."""
