"""What happens at a door, for those who watch it: a terminal, a log, a test."""

from typing import NamedTuple, TypeAlias

from doorbell.protocol import Message
from doorbell_client.door.effects import Effect
from doorbell_client.link.line import Line


class Delivered(NamedTuple):
    """This press, with its photo if it has one, is in the cloud."""

    press: str


class Pictured(NamedTuple):
    """The camera took this picture of a press; None: it could not."""

    press: str
    name: str | None


class Filmed(NamedTuple):
    """The film of this press is done with: so many frames are in the cloud, or none."""

    press: str
    frames: int


Event: TypeAlias = Message | Effect | Line | Delivered | Pictured | Filmed
