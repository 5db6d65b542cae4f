"""Frames to requests and messages, and back."""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple, get_args

from doorbell.errors import FilmFailure, MessageError
from doorbell.protocol import fields, messages, names, requests

_REQUESTS: Final[dict[str, tuple[type, dict[str, fields.Check]]]] = {
    "hello": (requests.Hello, {}),
    "ping": (requests.Ping, {}),
    "ring": (requests.Ring, {"press": fields.UUID, "age": fields.number(0, names.MAX_AGE_SECONDS)}),
    "enter_code": (requests.EnterCode, {"code": fields.DIGITS}),
    "opened": (requests.Opened, {"open": fields.ID}),
    "answer": (
        requests.Answer,
        {"ring": fields.ID, "answer": fields.one_of(("let_in", "decline"))},
    ),
    "got": (requests.Got, {"ring": fields.ID}),
}

_SHOWN: Final = {
    "camera": fields.ID,
    "name": fields.ANY_TEXT,
    "film": fields.ID,
    "start": fields.TIME,
    "end": fields.TIME,
}
"""What a camera's film is of."""

_MESSAGES: Final[dict[str, tuple[type, dict[str, fields.Check]]]] = {
    "ticket": (
        messages.Ticket,
        {
            "ring": fields.ID,
            "press": fields.UUID,
            "upload": fields.upload,
            "expires_in": fields.SECONDS,
            "burst": fields.upload,
        },
    ),
    "welcome": (messages.Welcome, {"ring": fields.ID, "name": fields.ANY_TEXT}),
    "code": (
        messages.Code,
        {
            "ring": fields.ID,
            "code": fields.DIGITS,
            "expires_in": fields.SECONDS,
            "door": fields.ANY_TEXT,
            "resident": fields.ANY_TEXT,
        },
    ),
    "ring_through": (
        messages.RingThrough,
        {"ring": fields.ID, "reason": fields.REASON, "answer_within": fields.SECONDS},
    ),
    "open": (
        messages.Open,
        {
            "open": fields.ID,
            "ring": fields.OPTIONAL_ID,
            "seconds": fields.number(1, 60, whole=True),
            "valid_for": fields.SECONDS,
            "time": fields.TIME,
        },
    ),
    "acknowledged": (messages.Acknowledged, {"open": fields.ID}),
    "refused": (
        messages.Refused,
        {
            "reason": fields.one_of(names.REFUSALS),
            "attempts_left": fields.COUNT,
            "retry_after": fields.SECONDS,
        },
    ),
    "declined": (messages.Declined, {"ring": fields.ID, "by": fields.ANY_TEXT}),
    "no_answer": (messages.NoAnswer, {"ring": fields.ID}),
    "pressed": (messages.Pressed, {"ring": fields.ID, "door": fields.ANY_TEXT}),
    "visitor": (
        messages.Visitor,
        {
            "ring": fields.ID,
            "door": fields.ANY_TEXT,
            "reason": fields.REASON,
            "photo": fields.ANY_TEXT,
            "answer_within": fields.SECONDS,
        },
    ),
    "opened": (
        messages.DoorOpened,
        {"ring": fields.OPTIONAL_ID, "by": fields.ANY_TEXT, "door": fields.ANY_TEXT},
    ),
    "not_opened": (messages.NotOpened, {"ring": fields.OPTIONAL_ID}),
    "missed": (
        messages.Missed,
        {
            "ring": fields.ID,
            "door": fields.ANY_TEXT,
            "reason": fields.REASON,
            "photo": fields.ANY_TEXT,
        },
    ),
    "film": (
        messages.Film,
        {
            "ring": fields.ID,
            "gif": fields.ANY_TEXT,
            "mp4": fields.ANY_TEXT,
            "flat": fields.truth,
        },
    ),
    "camera_film": (
        messages.CameraFilm,
        {
            **_SHOWN,
            "frames": fields.COUNT,
            "skipped": fields.COUNT,
            "gif": fields.ANY_TEXT,
            "mp4": fields.ANY_TEXT,
        },
    ),
    "camera_film_failed": (
        messages.CameraFilmFailed,
        {**_SHOWN, "reason": fields.one_of(get_args(FilmFailure))},
    ),
    "enrolled": (
        messages.Enrolled,
        {"resident": fields.ANY_TEXT, "faces": fields.COUNT, "photo": fields.ANY_TEXT},
    ),
    "enrolment_failed": (
        messages.EnrolmentFailed,
        {
            "resident": fields.ANY_TEXT,
            "reason": fields.one_of(get_args(names.EnrolmentFailure)),
            "photo": fields.ANY_TEXT,
        },
    ),
    "hello": (
        messages.HelloAnswer,
        {"role": fields.one_of(names.ROLES), "time": fields.TIME},
    ),
    "pong": (messages.Pong, {"time": fields.TIME}),
    "error": (messages.Error, {"error": fields.one_of(names.ERRORS), "message": fields.ANY_TEXT}),
}

_TYPE_OF: Final = {cls: name for name, (cls, _) in _MESSAGES.items()}
_ACTION_OF: Final = {cls: name for name, (cls, _) in _REQUESTS.items()}


def read_request(frame: str) -> requests.Request:
    """What a device asks for. Unknown fields are passed over, so that old clouds serve new doors.

    Raises MessageError: `too_long`, `not_json`, `unknown_action`, `missing_field`, `bad_field`.
    """
    return _read(frame, "action", _REQUESTS)  # type: ignore[no-any-return]


def read_message(frame: str) -> messages.Message:
    """What the cloud tells a device; the same errors as `read_request`."""
    return _read(frame, "type", _MESSAGES)  # type: ignore[no-any-return]


def request_frame(request: requests.Request) -> str:
    """The frame a device sends for `request`."""
    return _frame("action", _ACTION_OF[type(request)], request)


def message_frame(message: messages.Message) -> str:
    """The frame the cloud sends for `message`; fields that are None are left out."""
    return _frame("type", _TYPE_OF[type(message)], message)


def _frame(tag: str, name: str, content: NamedTuple) -> str:
    given = {
        key: value._asdict() if isinstance(value, messages.Upload) else value
        for key, value in content._asdict().items()
        if value is not None
    }
    return json.dumps({tag: name, **given}, separators=(",", ":"))


def _read(frame: str, tag: str, kinds: Mapping[str, tuple[type, dict[str, fields.Check]]]) -> Any:
    content = _object(frame)
    name = content.get(tag)
    if not isinstance(name, str) or name not in kinds:
        raise MessageError("unknown_action", f"`{tag}` must be one of {', '.join(kinds)}.")
    cls, checks = kinds[name]
    read = {
        field: check(field, content[field])
        for field, check in checks.items()
        if content.get(field) is not None
    }
    for field, check in checks.items():
        if field in read or field in cls._field_defaults:  # type: ignore[attr-defined]
            continue
        if not isinstance(check, fields.Optional):
            raise MessageError("missing_field", f"`{name}` needs `{field}`.")
        read[field] = None
    return cls(**read)


def _object(frame: str) -> dict[str, object]:
    if len(frame.encode("utf-8", "surrogatepass")) > names.MAX_FRAME_BYTES:
        raise MessageError("too_long", f"A frame may hold {names.MAX_FRAME_BYTES} bytes at most.")
    try:
        content = json.loads(frame)
    except (ValueError, RecursionError):
        raise MessageError("not_json", "A frame must be one JSON object.") from None
    if not isinstance(content, dict):
        raise MessageError("not_json", "A frame must be one JSON object.")
    return content
