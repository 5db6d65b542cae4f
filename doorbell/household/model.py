"""The records of a household: phones' settings, who came, who may come. Times are epoch seconds."""

from typing import Final, Literal, NamedTuple, TypeAlias

from doorbell.errors import FilmFailure

DAY: Final = 86400.0

Outcome: TypeAlias = Literal[
    "pending", "code", "asked", "opened", "declined", "missed", "not_opened"
]
"""What became of a ring. pending: not decided yet · code: a resident was sent a code · asked: it
rang through, and residents may answer. The others are ends.
"""


class QuietHours(NamedTuple):
    """Every day from `start` to `end` (HH:MM, local time of an IANA zone); `end` may be the next
    day's.
    """

    start: str
    end: str
    zone: str


class Quiet(NamedTuple):
    """When phones stay silent. The door still chimes and answers; codes still come."""

    hours: QuietHours | None = None
    until: float | None = None
    """Do not disturb until then."""


class PhoneSettings(NamedTuple):
    """What one phone has chosen, and whether it manages the home."""

    home: str
    device: str
    manager: bool = False
    quiet: Quiet = Quiet()


class HomeSettings(NamedTuple):
    """What holds for all phones of a home. `version` counts its changes."""

    home: str
    quiet: Quiet = Quiet()
    version: int = 0


class Subscription(NamedTuple):
    """Where a phone's notices go while the app is closed (RFC 8030), and their keys (RFC 8291)."""

    home: str
    device: str
    endpoint: str
    p256dh: str
    auth: str
    code_on_lock_screen: bool
    added_at: float


class Pairing(NamedTuple):
    """A code that lets one phone join; only its hash is kept."""

    home: str
    code_hash: str
    name: str
    manager: bool
    expires_at: float
    resident: str | None = None
    device: str | None = None
    """The phone it is for, if that is there already; None makes a new one."""


class Visit(NamedTuple):
    """One entry of the history: a ring, or a guest who came in by PIN without one."""

    home: str
    id: str
    """The ring's id, or that of the order to open."""
    at: float
    door: str
    door_name: str
    decision: str | None = None
    """`resident`, `guest`, or the reason for which it rang."""
    resident: str | None = None
    """The resident or guest it was."""
    outcome: Outcome = "pending"
    by: str | None = None
    """Who answered, or `code`; empty: somebody who was forgotten since."""
    ended_at: float = 0.0
    """When the outcome was reached; 0 until then."""
    film: bool | None = None
    """Whether there is a film of it; None until one was made."""
    flat: bool | None = None
    """Whether what it shows moves like a flat picture; None if that was not said."""


class LastPicture(NamedTuple):
    """The picture that a camera sent last."""

    home: str
    camera: str
    key: str
    came_at: float


class CameraFilm(NamedTuple):
    """A film of what a camera saw, or why there is none."""

    home: str
    camera: str
    id: str
    start: float
    end: float
    """What it shows; the same as `start` if it is of a party's moment."""
    told_at: float
    """When it was made, or failed."""
    gif: str | None = None
    """The keys of both files; None if there is no film."""
    mp4: str | None = None
    frames: int = 0
    skipped: int = 0
    reason: FilmFailure | None = None


class FilmUnderWay(NamedTuple):
    """A film that a phone asked for and that is being made, until `expires_at` at the latest."""

    home: str
    camera: str
    id: str
    start: float
    end: float
    expires_at: float


class Presence(NamedTuple):
    """When a device was last seen to connect or to go, or a silent door last said something."""

    home: str
    device: str
    seen_at: float
    told_offline: bool = False
    """Whether the phones were told that this door is away."""
    silent: bool = False
    """Whether this door, its socket still open, had missed its heartbeat when it was looked at."""


class Consent(NamedTuple):
    """Somebody said, on a phone or as operator, that this resident agrees to be known by face."""

    home: str
    resident: str
    by: str
    """Who said so; empty: somebody who was forgotten since."""
    at: float


class ResidentPhotoRow(NamedTuple):
    """A photo that was put to enrol a resident."""

    key: str
    failure: str | None = None
    """Why it gave no face, as in `enrolment_failed`."""
