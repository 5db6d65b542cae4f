"""What happens at a door, in sentences for a person."""

from collections.abc import Callable
from typing import Any, Final

from doorbell.protocol import (
    Code,
    Declined,
    DoorOpened,
    Error,
    Message,
    Missed,
    NoAnswer,
    NotOpened,
    Open,
    Pressed,
    Reason,
    Refusal,
    Refused,
    RingThrough,
    Ticket,
    Visitor,
    Welcome,
)
from doorbell_client.door.behaviour import Begin, Energise, Sound
from doorbell_client.door.controller import Delivered, Event, Pictured
from doorbell_client.link.line import Line

REASONS: Final[dict[Reason, str]] = {
    "stranger": "nobody who lives here",
    "no_face": "there is no face in the picture",
    "unreadable": "the picture cannot be read",
    "unavailable": "the face could not be looked at",
    "no_photo": "no photo came",
    "no_phone": "no phone could be reached",
    "late": "it came too late",
}

REFUSALS: Final[dict[Refusal, str]] = {
    "wrong": "this code is wrong",
    "expired": "this code has expired",
    "used": "this code was used already",
    "locked": "too many tries; codes are locked",
    "none": "no code is expected now",
}


Sentence = Callable[[Any], str]


def _line(line: Line) -> str:
    return {
        Line.UP: "connected",
        Line.DOWN: "the line is down; the bell works, presses are kept",
        Line.REFUSED: "the cloud does not let this device in",
    }[line]


def _picture(event: Pictured) -> str:
    return f"picture taken: {event.name}" if event.name else "the camera gave no picture"


def _welcome(message: Welcome) -> str:
    who = f", {message.name}" if message.name else ""
    return f"welcome{who}: type the code from your phone"


def _refused(message: Refused) -> str:
    again = f"; again in {message.retry_after} s" if message.retry_after else ""
    return f"refused: {REFUSALS[message.reason]}; {message.attempts_left} tries left{again}"


_AT_DOOR: Final[dict[type, Sentence]] = {
    Line: _line,
    Begin: lambda _: "somebody pressed",
    Pictured: _picture,
    Sound: lambda _: "ding-dong: the bell sounds",
    Energise: lambda it: f"the strike is released for {it.seconds:g} s: push the door",
    Delivered: lambda _: "the press is delivered",
    Ticket: lambda _: "ticket: the photo may go up",
    Welcome: _welcome,
    Code: lambda it: f"code {it.code}, for {it.expires_in} s (this stack shows codes at the door)",
    RingThrough: lambda it: f"ring_through: {REASONS[it.reason]}; the residents are asked",
    Open: lambda _: "open: you are let in",
    Refused: _refused,
    Declined: lambda _: "declined: nobody lets you in",
    NoAnswer: lambda _: "no_answer: nobody answered",
    Error: lambda it: f"error {it.error}: {it.message}",
}

_INSIDE: Final[dict[type, Sentence]] = {
    Line: _line,
    Pressed: lambda it: f"{it.door}: somebody is at the door",
    Visitor: lambda it: f"{it.door}: {REASONS[it.reason]}; answer on a phone",
    Code: lambda it: f"{it.door or 'the door'}: {it.resident or 'a resident'} got a code",
    DoorOpened: lambda it: "a code opened the door" if it.by == "code" else f"{it.by} opened",
    NotOpened: lambda _: "the door was told to open and did not",
    Declined: lambda it: f"{it.by or 'somebody'} declined",
    Missed: lambda it: f"{it.door}: somebody was there and is missed ({REASONS[it.reason]})",
    Error: lambda it: f"error {it.error}: {it.message}",
}


def describe_at_door(event: Event) -> str | None:
    """One line for somebody who watches the door; None for what is not worth one."""
    sentence = _AT_DOOR.get(type(event))
    return sentence(event) if sentence else None


def describe_inside(event: Message | Line) -> str | None:
    """One line for those who live here; never a code: an indoor bell hangs where guests see it."""
    sentence = _INSIDE.get(type(event))
    return sentence(event) if sentence else None
