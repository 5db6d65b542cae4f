"""A notice, and how a push service takes one. Times are epoch seconds."""

from typing import Literal, NamedTuple, TypeAlias

from doorbell.events import TroubleKind
from doorbell.protocol import Reason

NoticeType: TypeAlias = Literal[
    "pressed",
    "visitor",
    "resident",
    "code",
    "opened",
    "declined",
    "missed",
    "not_opened",
    "door_offline",
    "door_online",
    "camera_trouble",
]
"""What has happened. The app's service worker has the words for each (phone/scripts/notices.js)."""

AT_ONCE: frozenset[NoticeType] = frozenset({"pressed", "visitor", "resident", "code"})
"""Somebody stands at the door while these are news."""


class Notice(NamedTuple):
    """One thing that phones are told. Those of one ring replace each other on the screen."""

    type: NoticeType
    home: str
    door: str
    """The door's name, or the camera's."""
    at: float
    """When it happened."""
    news_until: float
    """After that it is not worth sending."""
    ring: str | None = None
    reason: Reason | None = None
    photo: str | None = None
    """A link to the visitor's photo."""
    answer_until: float | None = None
    resident: str | None = None
    code: str | None = None
    expires_at: float | None = None
    by: str | None = None
    since: float | None = None
    trouble: TroubleKind | None = None
    dropped: int | None = None
    """Pictures and clips that a camera's trouble has cost."""


class Sending(NamedTuple):
    """One message to a push service (RFC 8030, section 5)."""

    endpoint: str
    p256dh: str
    auth: str
    content: bytes
    """Not encrypted yet."""
    seconds_to_live: int
    urgent: bool
    topic: str | None
    """Of those that wait at the push service with the same topic, only the last is delivered."""


class Taken(NamedTuple):
    """What a push service answered: its status, and the seconds after which to try again."""

    status: int
    retry_after: float | None = None


class Messenger(NamedTuple):
    """Where a home is also told: an address in Apprise's form."""

    url: str
    """Holds a password or a key, so it is never logged."""
    with_codes: bool = False
    """Whether residents' codes go there, too: whoever reads it can come in with one."""
