"""The socket protocol: every frame a device may send and every frame it may get.

Frames are JSON text under 32 KB (API Gateway closes longer ones, code 1009). Devices name what
they want in `action`; the cloud names what it tells in `type`. `docs/protocol.md` is the same in
prose and `docs/asyncapi.yaml` for machines. Classes are NamedTuples, not dataclasses: they cost a
seventh at import, and this module stands on the ring path.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, NamedTuple, TypeAlias, get_args

from doorbell.errors import MessageError as MessageError

MAX_FRAME_BYTES: Final = 32 * 1024
"""API Gateway's limit for one WebSocket frame."""

MAX_AGE_SECONDS: Final = 30 * 24 * 3600
"""A press older than a month is not believed."""

Reason: TypeAlias = Literal[
    "stranger", "no_face", "unreadable", "unavailable", "no_photo", "no_phone", "late"
]
"""Why the bell rings although somebody might live here."""

Refusal: TypeAlias = Literal["wrong", "expired", "used", "locked", "none"]
"""Why a typed code does not open the door."""

EnrolmentFailure: TypeAlias = Literal["no_face", "several_faces", "unreadable", "unavailable"]

ErrorName: TypeAlias = Literal[
    "not_json",
    "too_long",
    "unknown_action",
    "missing_field",
    "bad_field",
    "not_allowed",
    "not_waiting",
    "too_late",
    "already_answered",
    "try_again",
]

REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
REFUSALS: Final[tuple[Refusal, ...]] = get_args(Refusal)
ERRORS: Final[tuple[ErrorName, ...]] = get_args(ErrorName)


# --- what devices send --------------------------------------------------------


class Hello(NamedTuple):
    """Any device, on connecting: tell me again what is still pending for me."""


class Ping(NamedTuple):
    """Any device, every few minutes: are you there?"""


class Ring(NamedTuple):
    """A door: somebody pressed.

    `press` names the press (a UUID of the door's own), so that the same press sent twice is one
    ring. `age` is how many seconds ago the finger was on the button.
    """

    press: str | None = None
    age: float = 0.0


class EnterCode(NamedTuple):
    """A door: six digits were typed at the keypad."""

    code: str


class Opened(NamedTuple):
    """A door: the strike was energised because of this `open`."""

    open: str


class Answer(NamedTuple):
    """A phone: let this visitor in, or decline."""

    ring: str
    answer: Literal["let_in", "decline"]


Request: TypeAlias = Hello | Ping | Ring | EnterCode | Opened | Answer


# --- what devices get ---------------------------------------------------------


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


# --- reading and writing ------------------------------------------------------

Check: TypeAlias = Callable[[str, object], Any]


def _text(pattern: str, expected: str) -> Check:
    def check(name: str, value: object) -> str:
        # `re` compiles at the first use and remembers: a cold start pays for no pattern in vain.
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return value
        raise MessageError("bad_field", f"`{name}` must be {expected}.")

    return check


def _number(low: float, high: float, *, whole: bool = False) -> Check:
    kind = "a whole number" if whole else "a number"

    def check(name: str, value: object) -> int | float:
        match value:
            case bool():
                pass
            # NaN and infinity, which Python's JSON reads, are in no range.
            case int() | float() if low <= value <= high and (not whole or value == int(value)):
                return int(value) if whole else float(value)
        raise MessageError("bad_field", f"`{name}` must be {kind} from {low:g} to {high:g}.")

    return check


def _one_of(values: tuple[str, ...]) -> Check:
    def check(name: str, value: object) -> str:
        if isinstance(value, str) and value in values:
            return value
        raise MessageError("bad_field", f"`{name}` must be one of {', '.join(values)}.")

    return check


def _upload(name: str, value: object) -> Upload:
    match value:
        case {"method": "PUT" as method, "url": str() as url, "headers": dict() as headers} if all(
            isinstance(k, str) and isinstance(v, str) for k, v in headers.items()
        ):
            return Upload(method, url, headers)
    raise MessageError("bad_field", f"`{name}` must hold method, url and headers.")


_id = _text(r"[A-Za-z0-9_-]{1,64}", "an id of up to 64 letters, digits, - and _")
_uuid = _text(
    r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "a UUID such as 123e4567-e89b-42d3-a456-426614174000",
)
_digits = _text(r"[0-9]{6}", 'six digits in quotes, such as "042137"')
_any_text = _text(r"[^\ud800-\udfff]*", "text")
_count = _number(0, 10_000_000, whole=True)
_seconds = _number(0, MAX_AGE_SECONDS, whole=True)
_reason = _one_of(REASONS)

_REQUESTS: Final[dict[str, tuple[type, dict[str, Check]]]] = {
    "hello": (Hello, {}),
    "ping": (Ping, {}),
    "ring": (Ring, {"press": _uuid, "age": _number(0, MAX_AGE_SECONDS)}),
    "enter_code": (EnterCode, {"code": _digits}),
    "opened": (Opened, {"open": _id}),
    "answer": (Answer, {"ring": _id, "answer": _one_of(("let_in", "decline"))}),
}

_MESSAGES: Final[dict[str, tuple[type, dict[str, Check]]]] = {
    "ticket": (Ticket, {"ring": _id, "press": _uuid, "upload": _upload, "expires_in": _seconds}),
    "welcome": (Welcome, {"ring": _id, "name": _any_text}),
    "code": (
        Code,
        {
            "ring": _id,
            "code": _digits,
            "expires_in": _seconds,
            "door": _any_text,
            "resident": _any_text,
        },
    ),
    "ring_through": (RingThrough, {"ring": _id, "reason": _reason}),
    "open": (
        Open,
        {"open": _id, "ring": _id, "seconds": _number(1, 60, whole=True), "valid_for": _seconds},
    ),
    "refused": (
        Refused,
        {"reason": _one_of(REFUSALS), "attempts_left": _count, "retry_after": _seconds},
    ),
    "declined": (Declined, {"ring": _id, "by": _any_text}),
    "no_answer": (NoAnswer, {"ring": _id}),
    "pressed": (Pressed, {"ring": _id, "door": _any_text}),
    "visitor": (
        Visitor,
        {
            "ring": _id,
            "door": _any_text,
            "reason": _reason,
            "photo": _any_text,
            "answer_within": _seconds,
        },
    ),
    "opened": (DoorOpened, {"ring": _id, "by": _any_text}),
    "not_opened": (NotOpened, {"ring": _id}),
    "missed": (
        Missed,
        {"ring": _id, "door": _any_text, "reason": _reason, "photo": _any_text},
    ),
    "enrolled": (Enrolled, {"resident": _any_text, "faces": _count}),
    "enrolment_failed": (
        EnrolmentFailed,
        {"resident": _any_text, "reason": _one_of(get_args(EnrolmentFailure))},
    ),
    "pong": (Pong, {}),
    "error": (Error, {"error": _one_of(ERRORS), "message": _any_text}),
}

_TYPE_OF: Final = {cls: name for name, (cls, _) in _MESSAGES.items()}
_ACTION_OF: Final = {cls: name for name, (cls, _) in _REQUESTS.items()}


def read_request(frame: str) -> Request:
    """What a device asks for. Unknown fields are passed over, so that old clouds serve new doors.

    Raises MessageError: `too_long`, `not_json`, `unknown_action`, `missing_field`, `bad_field`.
    """
    return _read(frame, "action", _REQUESTS)  # type: ignore[no-any-return]


def read_message(frame: str) -> Message:
    """What the cloud tells a device; the same errors as `read_request`."""
    return _read(frame, "type", _MESSAGES)  # type: ignore[no-any-return]


def request_frame(request: Request) -> str:
    """The frame a device sends for `request`."""
    return _frame("action", _ACTION_OF[type(request)], request)


def message_frame(message: Message) -> str:
    """The frame the cloud sends for `message`; fields that are None are left out."""
    return _frame("type", _TYPE_OF[type(message)], message)


def _frame(tag: str, name: str, fields: NamedTuple) -> str:
    content = {
        key: value._asdict() if isinstance(value, Upload) else value
        for key, value in fields._asdict().items()
        if value is not None
    }
    return json.dumps({tag: name, **content}, separators=(",", ":"))


def _read(frame: str, tag: str, kinds: Mapping[str, tuple[type, dict[str, Check]]]) -> Any:
    content = _object(frame)
    name = content.get(tag)
    if not isinstance(name, str) or name not in kinds:
        names = ", ".join(kinds)
        raise MessageError("unknown_action", f"`{tag}` must be one of {names}.")
    cls, checks = kinds[name]
    fields = {
        field: check(field, content[field])
        for field, check in checks.items()
        if content.get(field) is not None
    }
    for field in checks:
        if field not in fields and field not in cls._field_defaults:  # type: ignore[attr-defined]
            raise MessageError("missing_field", f"`{name}` needs `{field}`.")
    return cls(**fields)


def _object(frame: str) -> dict[str, object]:
    if len(frame.encode("utf-8", "surrogatepass")) > MAX_FRAME_BYTES:
        raise MessageError("too_long", f"A frame may hold {MAX_FRAME_BYTES} bytes at most.")
    try:
        content = json.loads(frame)
    except (ValueError, RecursionError):
        raise MessageError("not_json", "A frame must be one JSON object.") from None
    if not isinstance(content, dict):
        raise MessageError("not_json", "A frame must be one JSON object.")
    return content
