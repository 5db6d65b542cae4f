"""Frames in words for a person: one set of sentences for the demonstration and for the device.

A request tells what the device does ("rings"); a message tells what the cloud says ("nobody
answered"). Nothing that is deployed imports this module.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from doorbell.errors import FilmFailure, MessageError
from doorbell.protocol import messages, requests
from doorbell.protocol.frames import read_message, read_request
from doorbell.protocol.names import EnrolmentFailure, Reason, Refusal

REASONS: Final[Mapping[Reason, str]] = {
    "stranger": "nobody who lives here",
    "no_face": "no face in the photo",
    "unreadable": "the photo cannot be read",
    "unavailable": "faces cannot be compared now",
    "no_photo": "no photo came",
    "no_phone": "a resident, but no phone received the code",
    "late": "the photo came too late",
}

REFUSALS: Final[Mapping[Refusal, str]] = {
    "wrong": "this code is wrong",
    "expired": "this code has expired",
    "used": "this code was used already",
    "locked": "too many tries, codes are locked",
    "none": "no code is expected now",
}

ENROLMENT_FAILURES: Final[Mapping[EnrolmentFailure, str]] = {
    "no_face": "no face in it",
    "several_faces": "several faces in it",
    "too_small": "the face in it is too small",
    "too_dark": "the face in it is too dark",
    "blurred": "the face in it is blurred",
    "unreadable": "it cannot be read",
    "misplaced": "it lies in no resident's place",
    "unavailable": "faces cannot be compared now",
}

FILM_FAILURES: Final[Mapping[FilmFailure, str]] = {
    "no_pictures": "no picture of that time can be opened",
    "too_large": "the pictures are too large",
    "too_many": "too many pictures in a moment",
    "unavailable": "something failed",
}

_ANSWERS: Final[Mapping[str, str]] = {"let_in": "let them in", "decline": "do not let them in"}

_REQUESTS: Final[Mapping[type, Callable[[Any], str]]] = {
    requests.Hello: lambda _: "says hello",
    requests.Ping: lambda _: "asks whether the cloud is there",
    requests.Ring: lambda r: "rings" if r.age < 1 else f"rings for a press {r.age:.0f} s ago",
    requests.EnterCode: lambda r: f"types {r.code} at the keypad",
    requests.Opened: lambda _: "reports that it has opened",
    requests.Answer: lambda r: f"answers: {_ANSWERS[r.answer]}",
    requests.Got: lambda _: "says that the code has arrived",
}


def _welcome(message: messages.Welcome) -> str:
    name = f", {message.name}" if message.name else ""
    return f"welcome{name}: type the code from your phone"


def _code(message: messages.Code) -> str:
    resident = f" for {message.resident}" if message.resident else ""
    return f"code {message.code}{resident}, valid for {message.expires_in} s"


def _refused(message: messages.Refused) -> str:
    again = f"; try again in {message.retry_after} s" if message.retry_after else ""
    return f"refused: {REFUSALS[message.reason]} ({message.attempts_left} tries left{again})"


def _visitor(message: messages.Visitor) -> str:
    photo = "with photo" if message.photo else "no photo"
    within = f"{message.answer_within} s to answer"
    return f"visitor at {message.door}: {REASONS[message.reason]} ({photo}, {within})"


def _opened(message: messages.DoorOpened) -> str:
    return f"the door was opened by {'a code' if message.by == 'code' else message.by}"


def _enrolled(message: messages.Enrolled) -> str:
    faces = {0: "no face", 1: "one face"}.get(message.faces, f"{message.faces} faces")
    return f"{message.resident} is known by {faces}"


def _enrolment_failed(message: messages.EnrolmentFailed) -> str:
    return f"a photo of {message.resident} enrols nobody: {ENROLMENT_FAILURES[message.reason]}"


def _film(message: messages.Film) -> str:
    flat = "; what is seen moves like a flat picture" if message.flat else ""
    return f"a film of the ring can be seen{flat}"


def _camera_film(message: messages.CameraFilm) -> str:
    skipped = f", {message.skipped} skipped" if message.skipped else ""
    return f"a film of {message.name} can be seen, {message.frames} pictures{skipped}"


_MESSAGES: Final[Mapping[type, Callable[[Any], str]]] = {
    messages.Ticket: lambda m: f"ticket: the photo may be uploaded within {m.expires_in} s",
    messages.Welcome: _welcome,
    messages.Code: _code,
    messages.RingThrough: lambda m: f"ring through: {REASONS[m.reason]}",
    messages.Open: lambda m: f"open the door for {m.seconds} s",
    messages.Acknowledged: lambda _: "the cloud knows that the door has opened",
    messages.Refused: _refused,
    messages.Declined: lambda m: f"{m.by or 'a resident'} declined",
    messages.NoAnswer: lambda _: "nobody answered",
    messages.Pressed: lambda m: f"somebody pressed at {m.door}",
    messages.Visitor: _visitor,
    messages.DoorOpened: _opened,
    messages.NotOpened: lambda _: "the door was told to open and did not",
    messages.Missed: lambda m: f"missed visitor at {m.door}: {REASONS[m.reason]}",
    messages.Film: _film,
    messages.CameraFilm: _camera_film,
    messages.CameraFilmFailed: lambda m: f"no film of {m.name}: {FILM_FAILURES[m.reason]}",
    messages.Enrolled: _enrolled,
    messages.EnrolmentFailed: _enrolment_failed,
    messages.HelloAnswer: lambda m: f"the cloud knows this device as a {m.role}",
    messages.Pong: lambda _: "the cloud is there",
    messages.Error: lambda m: f"error {m.error}: {m.message}",
}


def request_in_words(request: requests.Request) -> str:
    """What a device does by this request."""
    return _REQUESTS[type(request)](request)


def message_in_words(message: messages.Message) -> str:
    """What the cloud says by this message; never a link to a photo."""
    return _MESSAGES[type(message)](message)


def sent_in_words(frame: str) -> str:
    """Any frame of a device, also one that the cloud cannot serve."""
    try:
        return request_in_words(read_request(frame))
    except MessageError as error:
        return f"sends what cannot be served ({error.name}): {_quoted(frame)}"


def received_in_words(frame: str) -> str:
    """Any frame to a device, also one of a newer protocol; the arrow says who speaks."""
    try:
        return f"← {message_in_words(read_message(frame))}"
    except MessageError:
        return f"← {_quoted(frame)}"


def _quoted(frame: str) -> str:
    # Quoted, so that nothing a device sends can move this terminal's cursor.
    return json.dumps(frame if len(frame) <= 60 else frame[:57] + "...")
