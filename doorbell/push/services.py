"""All that sending notices may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.household.ports import Subscriptions
    from doorbell.push.ports import (
        DevicesOfHome,
        Messengers,
        MessengerSecrets,
        PushServices,
        QuietTimes,
        Topic,
        VisitorPhotos,
    )
    from doorbell.services import Services


class Pushing(NamedTuple):
    """What notices to browsers work with."""

    services: Services
    """The ring path's: a code is drawn and kept as it is there."""
    devices: DevicesOfHome
    settings: QuietTimes
    subscriptions: Subscriptions
    push: PushServices
    clock: Callable[[], float]
    """Seconds since 1970."""
    sleep: Callable[[float], None]
    jitter: Callable[[], float]
    """A number from 0 to 1: those that wait shall not all come back at once."""


class Notifying(NamedTuple):
    """What notices to messengers work with."""

    services: Services
    devices: DevicesOfHome
    settings: QuietTimes
    secrets: MessengerSecrets
    messengers: Messengers
    topic: Topic
    photos: VisitorPhotos
    clock: Callable[[], float]
    """Seconds since 1970."""
