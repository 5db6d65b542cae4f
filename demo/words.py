"""Frames in words, for a person who reads along."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from doorbell import protocol
from doorbell.errors import MessageError

REASONS: Final[Mapping[str, str]] = {
    "stranger": "nobody it knows",
    "no_face": "no face in the photo",
    "unreadable": "the photo cannot be read",
    "unavailable": "faces cannot be compared now",
    "no_photo": "no photo came",
    "no_phone": "a resident, but no phone took the code",
    "late": "the photo came too late",
}
_REFUSALS: Final[Mapping[str, str]] = {
    "wrong": "a wrong code",
    "expired": "this code has expired",
    "used": "this code was used already",
    "locked": "too many tries",
    "none": "no code is waiting",
}


_ANSWERS: Final[Mapping[str, str]] = {"let_in": "let them in", "decline": "no"}

_REQUESTS: Final[Mapping[type, Callable[[Any], str]]] = {
    protocol.Hello: lambda _: "says hello",
    protocol.Ping: lambda _: "asks whether anybody is there",
    protocol.Ring: lambda r: "rings" if r.age < 1 else f"rings for a press {r.age:.0f} s ago",
    protocol.EnterCode: lambda r: f"types {r.code} at the keypad",
    protocol.Opened: lambda _: "says that it opened",
    protocol.Answer: lambda r: f"answers: {_ANSWERS[r.answer]}",
}

_MESSAGES: Final[Mapping[type, Callable[[Any], str]]] = {
    protocol.Ticket: lambda m: f"gets a ticket for this press's photo, good for {m.expires_in} s",
    protocol.Welcome: lambda m: f"welcomes {m.name or 'a resident'}, who has a code on the phone",
    protocol.Code: lambda m: f"gets code {m.code}{_for(m.resident)}, valid {m.expires_in} s",
    protocol.RingThrough: lambda m: f"sounds the bell: {REASONS[m.reason]}",
    protocol.Open: lambda m: f"is told to open for {m.seconds} s",
    protocol.Refused: lambda m: f"refuses: {_REFUSALS[m.reason]} ({m.attempts_left} tries left)",
    protocol.Declined: lambda m: f"learns that {m.by or 'a resident'} declined",
    protocol.NoAnswer: lambda _: "learns that nobody answered",
    protocol.Pressed: lambda m: f"hears that somebody pressed at {m.door}",
    protocol.Visitor: lambda m: (
        f"sees a visitor at {m.door}: {REASONS[m.reason]} "
        f"({'with' if m.photo else 'no'} photo; answer within {m.answer_within} s)"
    ),
    protocol.DoorOpened: lambda m: (
        f"hears that the door opened, by {'the code' if m.by == 'code' else m.by}"
    ),
    protocol.NotOpened: lambda _: "hears that the door did not open",
    protocol.Missed: lambda m: f"hears that somebody was missed at {m.door}: {REASONS[m.reason]}",
    protocol.Enrolled: lambda m: f"hears that {m.resident} is known by {_faces(m.faces)}",
    protocol.EnrolmentFailed: lambda m: (
        f"hears that a photo of {m.resident} enrols nobody: {m.reason.replace('_', ' ')}"
    ),
    protocol.Pong: lambda _: "hears that the house is there",
    protocol.Error: lambda m: f"gets error {m.error}: {m.message}",
}


def request_in_words(request: protocol.Request) -> str:
    """What a device does by this request."""
    return _REQUESTS[type(request)](request)


def message_in_words(message: protocol.Message) -> str:
    """What a device learns from this message."""
    return _MESSAGES[type(message)](message)


def sent_in_words(frame: str) -> str:
    """Any frame from a device, also one that nobody understands."""
    try:
        return request_in_words(protocol.read_request(frame))
    except MessageError as error:
        return f"sends what cannot be served ({error.name}): {_short(frame)}"


def got_in_words(frame: str) -> str:
    """Any frame to a device."""
    try:
        return message_in_words(protocol.read_message(frame))
    except MessageError:
        return f"gets {_short(frame)}"


def _faces(count: int) -> str:
    return "one face" if count == 1 else f"{count} faces"


def _for(resident: str | None) -> str:
    return f" for {resident}" if resident else ""


def _short(frame: str) -> str:
    # Quoted, so that nothing a device sends can move this terminal's cursor.
    return json.dumps(frame if len(frame) <= 60 else frame[:57] + "...")
