"""What the door must do, as its behaviour decides it."""

from typing import NamedTuple, TypeAlias

from doorbell.protocol import EnterCode, Opened
from doorbell_client.door.parts import Mood


class Begin(NamedTuple):
    """A new press: tell the cloud, write it down, take its picture."""

    press: str
    at: float


class Sound(NamedTuple):
    """Chime and gong."""


class Settle(NamedTuple):
    """A bell has sounded for this press, or need not: it was answered, or is a resident's."""

    press: str


class Beep(NamedTuple):
    """A key was felt."""


class Prompt(NamedTuple):
    """A resident may type the code now."""


class Show(NamedTuple):
    """The lights."""

    mood: Mood


class Submit(NamedTuple):
    """Ask whether these digits open the door."""

    request: EnterCode


class Energise(NamedTuple):
    """Open the strike for so many seconds, if that happens before `by`; then say `opened` here."""

    open: str
    seconds: float
    by: float


class Acknowledge(NamedTuple):
    """Tell the cloud that the door opened because of this `open`."""

    request: Opened


class OpenedKnown(NamedTuple):
    """The cloud knows that the door opened because of this `open`, or never will: it need not be
    told again."""

    open: str


Effect: TypeAlias = (
    Begin | Sound | Settle | Beep | Prompt | Show | Submit | Energise | Acknowledge | OpenedKnown
)
