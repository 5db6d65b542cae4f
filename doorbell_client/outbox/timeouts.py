"""How long the outbox waits for what."""

from typing import NamedTuple


class OutboxTimeouts(NamedTuple):
    """How a press is tried again; seconds."""

    ticket: float = 10.0
    """Without a ticket for so long, the cloud is asked again."""
    first_wait: float = 1.0
    longest_wait: float = 300.0
    at_once: int = 2
    """Old presses are delivered so many at a time: somebody may be ringing now."""
    most_in_memory: int = 20
    """Presses that found no room on the disk."""
    between_trims: float = 60.0
    """So often old presses are looked for that must give way."""
    retake: float = 10.0
    """A killed run may have left a press without its photo. If the press is no older than this,
    the visitor still stands there, and one is taken now; 0 where there is no camera."""
