"""The records that the domain keeps and hands on. No rule stands here.

NamedTuples, not dataclasses: they cost a seventh at import, and this module stands on the ring
path. Times are seconds since 1970.
"""

from typing import Final, Literal, NamedTuple, Self, TypeAlias

from doorbell.protocol import Reason
from doorbell.protocol import Role as Role

HOUR: Final = 3600.0


ATTEMPTS: Final = 8
"""So often a record is read anew when somebody else wrote it first."""

MAX_RINGS_COUNTED: Final = 1000
"""More rings of a door within an hour are not told apart."""


PressKind: TypeAlias = Literal["new", "repeat", "limited", "late"]
"""How a press stands to the rings before it.

new: a ring of its own · repeat: within the gap of the ring under way · limited: over the hourly
limit, no face search · late: so old that it is only missed.
"""


PasscodeKind: TypeAlias = Literal["ring", "guest"]
"""ring: drawn for one ring of a resident · guest: a PIN that serves without a ring."""

OpenCause: TypeAlias = Literal["code", "person", "guest"]
"""Why a door opens: a ring's code, a resident's answer, a guest's PIN."""


class Device(NamedTuple):
    """One device of one home, as the table knows it.

    A phone with a `resident` gets that resident's codes; a phone without one is the household's
    and gets everybody's.
    """

    home: str
    id: str
    role: Role
    name: str
    token_hash: str
    resident: str | None = None
    door: str | None = None
    """The door that a camera's pictures ring at, if they ring."""

    @property
    def person(self) -> str:
        """Who answers when this phone answers."""
        return self.resident or self.name


class Token(NamedTuple):
    """`{home}.{device}.{secret}`"""

    home: str
    device: str
    secret: str

    def __str__(self) -> str:
        """The text a device carries."""
        return f"{self.home}.{self.device}.{self.secret}"


class Connection(NamedTuple):
    """An open socket of a device."""

    id: str
    home: str
    role: Role
    device: str
    connected_at: float
    resident: str | None = None


class Ring(NamedTuple):
    """What the table knows of a ring. Times are seconds since 1970."""

    home: str
    id: str
    door: str
    door_name: str
    pressed_at: float
    kind: PressKind
    press: str | None = None
    part_of: str | None = None
    """The ring under way that this press belongs to; then all else stands there."""
    announced_at: float = 0.0
    """When the phones first heard of it."""
    claimed_by: str | None = None
    """The execution that decides this ring."""
    reason: Reason | None = None
    answer_until: float = 0.0
    """A resident may answer until then; 0 while nobody is asked."""
    token: str | None = None
    """Where the state machine waits for the answer (Step Functions' task token)."""
    answer: str | None = None
    answered_by: str | None = None
    answered_at: float = 0.0
    decision: str | None = None
    """`resident` once a phone shows the code, else the reason for which it rang through."""
    code_for: str | None = None
    """The resident who was sent a code."""
    code_token: str | None = None
    """Where the state machine waits until a phone says that the code has arrived; empty if it
    rings whatever a phone says.
    """
    photo_at: float = 0.0
    """When a photo came that found the ring claimed already."""

    def waits(self, now: float) -> bool:
        """Whether a resident may answer now."""
        return self.answer is None and now <= self.answer_until


class KnownFace(NamedTuple):
    """A face of the home's collection, and whose it is."""

    face: str
    resident: str


class DoorState(NamedTuple):
    """What is remembered of one door, to tell repeats and to count its rings."""

    ring: str = ""
    pressed_at: float = 0.0
    rung_at: tuple[float, ...] = ()
    """When it rang within the last hour, the newest MAX_RINGS_COUNTED of them."""
    version: int = 0


class Passcode(NamedTuple):
    """What the table knows of a passcode: the codes of one ring, or the PIN of one guest."""

    home: str
    id: str
    """The ring's id, or an id of the guest's own."""
    kind: PasscodeKind
    whom: str
    """The resident or guest it is for."""
    doors: tuple[str, ...]
    """It opens these and no others."""
    valid_from: float
    valid_until: float
    hashes: tuple[str, ...]
    """Each code that serves for it: a phone that comes back gets one of its own."""
    uses_left: int = 1
    used_at: float = 0.0
    """When it last opened a door; 0 for never."""

    @property
    def ring(self) -> str | None:
        """The ring it belongs to, if it is a ring's."""
        return self.id if self.kind == "ring" else None

    def is_live(self, now: float) -> bool:
        """Whether it may open a door now."""
        return self.uses_left > 0 and self.valid_from <= now < self.valid_until


class Attempt(NamedTuple):
    """One code that did not open: when, the passcodes it counts against, and how many codes it
    could have hit.
    """

    at: float
    passcodes: tuple[str, ...]
    chances: int = 1


WHOLE_HOME: Final = "*"
"""Stands in a door's place, and is the name of none: the log of all doors' tries together."""


class AttemptLog(NamedTuple):
    """The tries at one door within the last hour, or at all doors of a home (`WHOLE_HOME`)."""

    tries: tuple[Attempt, ...] = ()
    version: int = 0

    def within_the_hour(self, now: float) -> Self:
        """Forget what is older than an hour."""
        return self._replace(tries=tuple(t for t in self.tries if now - t.at < HOUR))

    def tries_of(self, passcode: str) -> int:
        """How many tries count against this passcode."""
        return sum(passcode in t.passcodes for t in self.tries)

    @property
    def chances(self) -> int:
        """How many codes all tries together could have hit."""
        return sum(t.chances for t in self.tries)


class OpenOrder(NamedTuple):
    """A door shall open, and why."""

    id: str
    home: str
    door: str
    ring: str | None
    """The ring it belongs to, if it belongs to one."""
    by: str
    """`code`, or the name of the resident or guest."""
    valid_until: float
    opened_at: float = 0.0
    cause: OpenCause = "person"
    passcode: str | None = None
    """The passcode that was typed, if one was."""


class Key(NamedTuple):
    """Names one record of a home."""

    kind: type[Device | Ring | DoorState | AttemptLog | OpenOrder | KnownFace]
    id: str
    door: str = ""
    """An order's door: its id serves within that alone."""


class ResidentPhoto(NamedTuple):
    """Whom a photo in the bucket enrols."""

    home: str
    resident: str
    key: str
    sequencer: str = ""
    """S3's word for the order of what happens to one key; see `in_order`."""

    @property
    def in_order(self) -> str:
        """Sorts as the events happened: the shorter value is padded with zeros on the right
        (Amazon S3 User Guide, "Event message structure").
        """
        return f"{self.sequencer:0<32}"


class SeenFace(NamedTuple):
    """A face found in a photo: its id, if it was indexed, and its share of the picture's area."""

    id: str | None
    area: float
    unfit: tuple[str, ...] = ()
    """Why it was not indexed, in Rekognition's words (API reference, UnindexedFace)."""
