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


PressKind: TypeAlias = Literal["new", "repeat", "limited", "late"]
"""How a press stands to the rings before it.

new: a ring of its own · repeat: within the gap of the ring under way · limited: over the hourly
limit, no face search · late: so old that it is only missed.
"""


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

    def waits(self, now: float) -> bool:
        """Whether a resident may answer now."""
        return self.answer is None and now <= self.answer_until


class DoorState(NamedTuple):
    """What is remembered of one door, to tell repeats and to count its rings."""

    ring: str = ""
    pressed_at: float = 0.0
    hour_began: float = 0.0
    rings: int = 0
    version: int = 0


class IssuedCode(NamedTuple):
    """What the table knows of the codes of one ring."""

    home: str
    door: str
    ring: str
    resident: str
    issued_at: float
    expires_at: float
    hashes: tuple[str, ...]
    used_at: float = 0.0

    def is_live(self, now: float) -> bool:
        """Whether this code may still open the door."""
        return not self.used_at and now < self.expires_at


class Attempt(NamedTuple):
    """One code that did not open: when, and the rings it counts against."""

    at: float
    rings: tuple[str, ...]


class AttemptLog(NamedTuple):
    """The tries at one door within the last hour."""

    tries: tuple[Attempt, ...] = ()
    version: int = 0

    def within_the_hour(self, now: float) -> Self:
        """Forget what is older than an hour."""
        return self._replace(tries=tuple(t for t in self.tries if now - t.at < HOUR))

    def tries_of(self, ring: str) -> int:
        """How many tries count against `ring`."""
        return sum(ring in t.rings for t in self.tries)


class OpenOrder(NamedTuple):
    """The door shall open because of this ring; `by` is `code` or who answered."""

    id: str
    home: str
    door: str
    ring: str
    by: str
    valid_until: float
    opened_at: float = 0.0


class ResidentPhoto(NamedTuple):
    """Whom a photo in the bucket enrols."""

    home: str
    resident: str
    key: str


class SeenFace(NamedTuple):
    """A face found in a photo: its id, if it was indexed, and its share of the picture's area."""

    id: str | None
    area: float
