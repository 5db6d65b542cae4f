"""What devices get. A class for each `type`."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from doorbell.errors import ErrorName, FilmFailure
from doorbell.protocol.names import EnrolmentFailure, Reason, Refusal, Role


class Upload(NamedTuple):
    """How to send one object: a presigned PUT and the headers that were signed."""

    method: str
    url: str
    headers: Mapping[str, str]


class Ticket(NamedTuple):
    """To a door: upload this ring's photo so, within `expires_in` seconds.

    `burst` is for the pictures after the photo, as one object; only if a film is made of them.
    """

    ring: str
    upload: Upload
    expires_in: int
    press: str | None = None
    burst: Upload | None = None


class Welcome(NamedTuple):
    """To a door: a resident stands there and has a code on the phone. `name` only if allowed."""

    ring: str
    name: str | None = None


class Code(NamedTuple):
    """To a resident's phone; to a door (without names) only where `ShowCodeAtDoor` is true."""

    ring: str
    code: str
    expires_in: int
    door: str | None = None
    resident: str | None = None


class RingThrough(NamedTuple):
    """To a door: sound the bell; a resident may answer within so many seconds."""

    ring: str
    reason: Reason
    answer_within: int | None = None


class Open(NamedTuple):
    """To a door: energise the strike for `seconds`, if it is not older than `valid_for` seconds.

    `ring` only if the order belongs to one; `time` is the cloud's clock when this was sent, in
    seconds since 1970, so that a door sees that the network held it back.
    """

    open: str
    ring: str | None
    seconds: int
    valid_for: int
    time: float | None = None


class Acknowledged(NamedTuple):
    """To a door: its `opened` has arrived; it need not say it again."""

    open: str


class Refused(NamedTuple):
    """To a door: the typed code opens nothing. `retry_after` in seconds, when that is known."""

    reason: Refusal
    attempts_left: int
    retry_after: int | None = None


class Declined(NamedTuple):
    """To the door (without `by`) and to the phones: a resident said no."""

    ring: str
    by: str | None = None


class NoAnswer(NamedTuple):
    """To a door: nobody answered in time."""

    ring: str


class Pressed(NamedTuple):
    """To phones, at once: somebody is at the door."""

    ring: str
    door: str


class Visitor(NamedTuple):
    """To phones: this is who stands there; answer within so many seconds."""

    ring: str
    door: str
    reason: Reason
    answer_within: int
    photo: str | None = None


class DoorOpened(NamedTuple):
    """To phones: the door says that it opened, by a code or by the person named. Without a `ring`
    a guest came in by PIN.
    """

    ring: str | None
    by: str
    door: str | None = None


class NotOpened(NamedTuple):
    """To phones: the door was told to open and never said that it did."""

    ring: str | None = None


class Missed(NamedTuple):
    """To phones: somebody was there, and it is too late to answer."""

    ring: str
    door: str
    reason: Reason
    photo: str | None = None


class Film(NamedTuple):
    """To phones: a film of this ring can be seen; both links show the same."""

    ring: str
    gif: str
    mp4: str
    flat: bool | None = None
    """Whether what it shows moves like a flat picture; None if that cannot be said."""


class CameraFilm(NamedTuple):
    """To phones: a film of what a camera saw can be seen; both links show the same."""

    camera: str
    """Its id; `name` is what it is called."""
    name: str
    film: str
    """The film's id."""
    start: float
    end: float
    """What it shows, in seconds since 1970; one moment if it is of a party."""
    frames: int
    """Pictures in it."""
    skipped: int
    """Pictures that could not be opened."""
    gif: str
    mp4: str


class CameraFilmFailed(NamedTuple):
    """To phones: there will be no such film."""

    camera: str
    name: str
    film: str
    start: float
    end: float
    reason: FilmFailure


class Enrolled(NamedTuple):
    """To phones: this resident is now known by so many faces. `photo` is the photo that changed it,
    by its name without `.jpeg`.
    """

    resident: str
    faces: int
    photo: str | None = None


class EnrolmentFailed(NamedTuple):
    """To phones: that photo enrols nobody."""

    resident: str
    reason: EnrolmentFailure
    photo: str | None = None


class HelloAnswer(NamedTuple):
    """The answer to `hello`: the device's role, and the cloud's clock in seconds since 1970."""

    role: Role
    time: float


class Pong(NamedTuple):
    """The answer to `ping`, with the cloud's clock in seconds since 1970."""

    time: float | None = None


class Error(NamedTuple):
    """The last frame could not be served; the connection stays."""

    error: ErrorName
    message: str


Message: TypeAlias = (
    Ticket | Welcome | Code | RingThrough | Open | Acknowledged | Refused | Declined | NoAnswer
    | Pressed | Visitor | DoorOpened | NotOpened | Missed | Film | CameraFilm | CameraFilmFailed
    | Enrolled | EnrolmentFailed | HelloAnswer | Pong | Error
)  # fmt: skip
