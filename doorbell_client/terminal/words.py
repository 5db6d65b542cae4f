"""What happens at a door, in sentences for a person.

The device's own events have their sentences here; messages of the cloud have theirs in
`doorbell.protocol.words`.
"""

from collections.abc import Callable
from typing import Any, Final

from doorbell.protocol import Acknowledged, Code, HelloAnswer, Message, Pong
from doorbell.protocol.words import message_in_words
from doorbell_client.camera.gifcam import Event as PartyEvent
from doorbell_client.camera.gifcam import Recorded
from doorbell_client.camera.outbox import Progress
from doorbell_client.door.effects import Begin, Energise, Sound
from doorbell_client.door.events import Delivered, Event, Filmed, Pictured
from doorbell_client.link.line import Line

_NO_NEWS: Final = (Pong, HelloAnswer, Acknowledged)
"""Messages that are no news to anybody."""

_LINE: Final = {
    Line.UP: "connected",
    Line.DOWN: "the line is down; the bell works, presses are kept",
    Line.REFUSED: "the cloud does not let this device in",
}


def _picture(event: Pictured) -> str:
    return f"picture taken: {event.name}" if event.name else "the camera gave no picture"


def _film(event: Filmed) -> str:
    return f"a film of {event.frames} pictures is delivered" if event.frames else "no film"


_OWN_EVENTS: Final[dict[type, Callable[[Any], str]]] = {
    Line: _LINE.__getitem__,
    Begin: lambda _: "somebody pressed",
    Pictured: _picture,
    Sound: lambda _: "ding-dong: the bell sounds",
    Energise: lambda it: f"the strike is released for {it.seconds:g} s: push the door",
    Delivered: lambda _: "the press is delivered",
    Filmed: _film,
}


def describe_at_door(event: Event) -> str | None:
    """One line for somebody who watches the door; None for what is not worth one."""
    if own := _OWN_EVENTS.get(type(event)):
        return own(event)
    return _describe(event) if isinstance(event, Message) else None


def describe_inside(event: Message | Line, *, show_code: bool = False) -> str | None:
    """One line for those who live here; a code only where no guest can see it."""
    match event:
        case Line():
            return _LINE[event]
        case Code() if not show_code:
            return f"{event.resident or 'a resident'} got a code"
        case _:
            return _describe(event)


def describe_party(event: PartyEvent) -> str | None:
    """One line for somebody who watches a party camera; None for what is not worth one."""
    match event:
        case Recorded(frames):
            return f"{len(frames)} pictures taken" if frames else "the camera gave no picture"
        case Progress.SENDING:
            return None
    return str(event.value)


def _describe(message: Message) -> str | None:
    return None if isinstance(message, _NO_NEWS) else message_in_words(message)
