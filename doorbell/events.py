"""What happened, for the bus: source `doorbell`, detail-types in the past tense."""

from typing import Final, Literal, NamedTuple, TypeAlias

from doorbell.errors import FilmFailure
from doorbell.model import PressKind
from doorbell.protocol import Role

SOURCE: Final = "doorbell"

MediaKind: TypeAlias = Literal["picture", "clip", "burst"]
TroubleKind: TypeAlias = Literal["disk_full", "unreachable", "refused"]


class RingPressed(NamedTuple):
    """Somebody pressed; the ring is recorded."""

    home: str
    door: str
    ring: str
    kind: PressKind
    press: str | None = None
    ticketed: bool = False
    """Whether the door has its ticket already, through the socket that the press came by."""


class RingDecided(NamedTuple):
    """Faces were compared, or could not be: `decision` is `resident` or a reason to ring."""

    home: str
    door: str
    ring: str
    decision: str


class OpenSent(NamedTuple):
    """The door was told to open; it should say soon that it did. `ring` if the order has one."""

    home: str
    door: str
    ring: str | None
    open: str


class DoorOpened(NamedTuple):
    """The door said that it opened, by `code` or by the person named. Without a `ring` it is a
    guest who came in by PIN.
    """

    home: str
    door: str
    ring: str | None
    by: str
    open: str
    """The order to open."""


class RingEnded(NamedTuple):
    """A ring came to an end without an open door: `declined` by a resident, `missed` by all, or
    `not_opened` although the door was told to.
    """

    home: str
    door: str
    ring: str
    outcome: Literal["declined", "missed", "not_opened"]
    by: str | None = None


class DeviceConnected(NamedTuple):
    """A door or a phone opened a socket."""

    home: str
    device: str
    role: Role


class DeviceDisconnected(NamedTuple):
    """A socket of a door or a phone closed; it may have others."""

    home: str
    device: str
    role: Role


class DoorOffline(NamedTuple):
    """A door has had no socket for some minutes: since then (epoch seconds)."""

    home: str
    door: str
    since: float


class DoorOnline(NamedTuple):
    """A door is back that was told to be offline since then (epoch seconds)."""

    home: str
    door: str
    since: float


class PictureReceived(NamedTuple):
    """A camera's picture, clip or burst is in the bucket; `door` and `ring` if it rang there."""

    home: str
    camera: str
    key: str
    at: float
    """When it arrived, or was taken if the camera said so (epoch seconds)."""
    kind: MediaKind
    door: str | None = None
    ring: str | None = None


class CameraTrouble(NamedTuple):
    """What stands between a camera and the bucket cannot do its work, since then (epoch seconds);
    so many pictures and clips it had to drop.
    """

    home: str
    camera: str
    what: TroubleKind
    since: float
    dropped: int


class FilmMade(NamedTuple):
    """A film can be seen: of a `ring`, of a `party` (a burst of a party camera), or of what a
    `camera` saw in some days.
    """

    home: str
    film: Literal["ring", "party", "camera"]
    ring: str | None
    camera: str | None
    door: str | None
    """Where the ring was."""
    gif: str
    """The keys of both files, which show the same."""
    mp4: str
    frames: int
    """Pictures in it."""
    skipped: int
    """Pictures that could not be opened."""
    id: str | None = None
    """The film's, and what it shows (epoch seconds), if it is a camera's; of a party that is one
    moment.
    """
    start: float | None = None
    end: float | None = None
    flat: bool | None = None
    """Of a ring: true if what is seen moves like a flat picture; else it is left out."""


class FilmFailed(NamedTuple):
    """A film could not be made. What it would have been of loses nothing else."""

    home: str
    ring: str | None
    camera: str | None
    reason: FilmFailure
    id: str | None = None
    """As in FilmMade."""
    start: float | None = None
    end: float | None = None


Event: TypeAlias = (
    RingPressed | RingDecided | OpenSent | DoorOpened | RingEnded
    | DeviceConnected | DeviceDisconnected | DoorOffline | DoorOnline
    | PictureReceived | CameraTrouble
    | FilmMade | FilmFailed
)  # fmt: skip
