"""What devices send. A class for each `action`."""

from typing import Literal, NamedTuple, TypeAlias


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


class Got(NamedTuple):
    """A phone: the code of this ring has arrived and can be read."""

    ring: str


Request: TypeAlias = Hello | Ping | Ring | EnterCode | Opened | Answer | Got
