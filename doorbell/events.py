"""What happened, for the bus: source `doorbell`, detail-types in the past tense."""

from typing import Final, NamedTuple, TypeAlias

from doorbell.model import PressKind

SOURCE: Final = "doorbell"


class RingPressed(NamedTuple):
    """Somebody pressed; the ring is recorded."""

    home: str
    door: str
    ring: str
    kind: PressKind
    press: str | None = None
    ticketed: bool = False
    """Whether the door has its ticket already, through the socket that the press came by."""


class RingDecided(NamedTuple):
    """Faces were compared, or could not be: `decision` is `resident` or a reason to ring."""

    home: str
    door: str
    ring: str
    decision: str


class OpenSent(NamedTuple):
    """The door was told to open; it should say soon that it did. `ring` if the order has one."""

    home: str
    door: str
    ring: str | None
    open: str


class DoorOpened(NamedTuple):
    """The door said that it opened, by `code` or by the person named. `ring` if there is one."""

    home: str
    door: str
    ring: str | None
    by: str


Event: TypeAlias = RingPressed | RingDecided | OpenSent | DoorOpened
