"""What the broker is told, and what it tells."""

from typing import Final, NamedTuple


class Publication(NamedTuple):
    """One message for the broker.

    A state is retained, so that who comes later knows it. What happens at one moment, and a
    visitor's photo, are not: the broker keeps neither.
    """

    topic: str
    payload: bytes
    retain: bool = False
    worth: float = 0.0
    """Seconds for which it is kept while the broker is away; 0: what comes then says it better."""
    after: float = 0.0
    """Seconds to wait before it is told, so that who was just told of a new door listens."""


class Incoming(NamedTuple):
    """Something that the broker says."""

    topic: str
    payload: bytes
    retained: bool
    """The broker had kept it, for how long is not known."""


ONLINE: Final = b"online"
OFFLINE: Final = b"offline"


def state(topic: str, payload: bytes) -> Publication:
    """How something is, for all who want to know, now or later."""
    return Publication(topic, payload, retain=True)
