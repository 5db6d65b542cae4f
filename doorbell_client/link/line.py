"""How the line to the cloud is, and how long a session waits for what."""

from enum import Enum
from typing import NamedTuple


class Line(Enum):
    """The state of the line."""

    UP = "up"
    DOWN = "down"
    REFUSED = "refused"  # the cloud does not let this device in; a person must do something


class LinkTimeouts(NamedTuple):
    """How long a session waits; seconds."""

    connect: float = 10.0
    """For the whole handshake."""
    ping: float = 290.0
    """API Gateway hangs up after 10 idle minutes; and pings keep the ring path warm."""
    pong: float = 10.0
    """Nothing at all after a question for so long: ping; nothing after a ping: the line is dead."""
    busy_ping: float = 5.0
    """While somebody is at the door the line is asked so soon after it last said something, ..."""
    busy_pong: float = 5.0
    """... and given up after so much more silence: an `open` must not be held back for long."""
    planned: float = 110 * 60.0
    """API Gateway hangs up after two hours; a moment of our own choice is better."""
    planned_latest: float = 119 * 60.0
    """A ring may delay the planned reconnect until now."""
    first_retry: float = 0.5
    longest_retry: float = 60.0
    refused_retry: float = 300.0
    """Also while no token can be found."""
    crowded_first: float = 30.0
    """The cloud said 429, too many at once: within so long the first time, ..."""
    crowded_longest: float = 600.0
    """... and within this at last. A fleet comes back in ten minutes, not in one."""
    stable: float = 30.0
    """A line that lived so long was a good one: the next retry is quick again."""
    hurry: float = 1.0
    """Somebody waits: the next try comes this soon after the last one, but not sooner."""
    beat: float = 1.0
    """How often the session checks its line."""
    asleep: float = 3.0
    """No check for so long: the machine or the process slept, and what came in is stale."""
