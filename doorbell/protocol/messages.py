"""What devices get. A class for each `type`."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from doorbell.errors import ErrorName
from doorbell.protocol.names import EnrolmentFailure, Reason, Refusal


class Upload(NamedTuple):
    """How to send one photo: a presigned PUT and the headers that were signed."""

    method: str
    url: str
    headers: Mapping[str, str]


class Ticket(NamedTuple):
    """To a door: upload this ring's photo so, within `expires_in` seconds."""

    ring: str
    upload: Upload
    expires_in: int
    press: str | None = None


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
    """To a door: sound the bell."""

    ring: str
    reason: Reason


class Open(NamedTuple):
    """To a door: energise the strike for `seconds`, if it is not older than `valid_for` seconds."""

    open: str
    ring: str
    seconds: int
    valid_for: int


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
    """To phones: the door says that it opened, by a code or by the person named."""

    ring: str
    by: str


class NotOpened(NamedTuple):
    """To phones: the door was told to open and never said that it did."""

    ring: str


class Missed(NamedTuple):
    """To phones: somebody was there, and it is too late to answer."""

    ring: str
    door: str
    reason: Reason
    photo: str | None = None


class Enrolled(NamedTuple):
    """To phones: this resident is now known by so many faces."""

    resident: str
    faces: int


class EnrolmentFailed(NamedTuple):
    """To phones: that photo enrols nobody."""

    resident: str
    reason: EnrolmentFailure


class Pong(NamedTuple):
    """The answer to `ping`."""


class Error(NamedTuple):
    """The last frame could not be served; the connection stays."""

    error: ErrorName
    message: str


Message: TypeAlias = (
    Ticket | Welcome | Code | RingThrough | Open | Refused | Declined | NoAnswer | Pressed
    | Visitor | DoorOpened | NotOpened | Missed | Enrolled | EnrolmentFailed | Pong | Error
)  # fmt: skip
