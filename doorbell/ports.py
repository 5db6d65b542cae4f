"""What the domain needs from the world, as Protocols. `doorbell.aws` has them on AWS.

Every read and write names the home: nothing of one home can reach another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.events import Event
    from doorbell.model import (
        AttemptLog,
        Connection,
        Device,
        DoorState,
        Key,
        OpenOrder,
        Passcode,
        ResidentPhoto,
        Ring,
        Role,
    )
    from doorbell.protocol import EnrolmentFailure, Reason, Upload
    from doorbell.settings import Settings


class Records(Protocol):
    """Several records of a home at once: each trip to the table is time that somebody waits."""

    def read(self, home: str, *keys: Key) -> tuple[Any, ...]:
        """The records in the order of their keys; None for what there is not.

        There is always a DoorState and an AttemptLog: of a new door they are empty.
        """


class Devices(Protocol):
    """The devices of all homes."""

    def find(self, home: str, device: str) -> Device | None:
        """The device, or None if there is none (any more)."""

    def add(self, device: Device) -> None:
        """Raises Conflict if the home has a device of this id."""

    def remove(self, home: str, device: str) -> None:
        """From now on its token is nobody's."""


class Connections(Protocol):
    """Open sockets."""

    def add(self, connection: Connection, token_hash: str) -> None:
        """Raises DeviceGone if the device was revoked, or its token changed, meanwhile."""

    def remove(self, connection: Connection) -> None:
        """Forget a socket that is closed."""

    def of(self, home: str, role: Role, device: str | None = None) -> list[Connection]:
        """The open sockets of this home's doors or phones, or of one of them."""

    def of_both(self, home: str, door: str) -> tuple[list[Connection], list[Connection]]:
        """The open sockets of this door, and those of the home's phones."""


class Rings(Protocol):
    """Rings and what is remembered of doors."""

    def find(self, home: str, ring: str) -> Ring | None:
        """The ring as it is now."""

    def door_state(self, home: str, door: str) -> DoorState:
        """What is remembered of this door."""

    def record(self, ring: Ring, state: DoorState, was: int) -> None:
        """Write both. Raises Conflict if the ring exists or the state's version is not `was`."""

    def announced(self, ring: Ring, now: float) -> None:
        """The phones have heard of this ring."""

    def ask(self, ring: Ring, reason: Reason, until: float, token: str | None) -> Ring:
        """From now `until`, a resident may answer; the ring as it is then.

        Raises Conflict if somebody has answered.
        """

    def answer(self, home: str, ring: str, answer: str, by: str, now: float) -> Ring:
        """The first answer counts. Raises Conflict if there is one, or nobody is asked."""

    def decide(self, ring: Ring, decision: str) -> None:
        """Write what was decided. Raises Conflict if something was decided before."""

    def photo_came(self, home: str, ring: str, now: float) -> Ring | None:
        """Remember that a photo came; the ring as it is then, None if there is none."""

    def end(self, ring: Ring) -> None:
        """Nobody may answer any more. Raises Conflict if somebody has, in the same moment."""

    def waiting(self, home: str, now: float) -> list[Ring]:
        """Rings of this home that a resident may answer now."""


class RingBook(Protocol):
    """What it takes to record a press: the ring path's services have it, and so do cameras'."""

    @property
    def records(self) -> Records:
        """Several records at once."""

    @property
    def rings(self) -> Rings:
        """Where rings are written."""

    @property
    def settings(self) -> Settings:
        """The gap and the hourly limit."""

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds since 1970."""


class Passcodes(Protocol):
    """Hashes of passcodes, and the tries at the keypads."""

    def in_home(self, home: str, since: float) -> list[Passcode]:
        """Codes of rings issued in this home since then, oldest first; and guests' PINs, whenever
        they were drawn.
        """

    def at_door(self, home: str, door: str, since: float) -> list[Passcode]:
        """Of these, what opens this door."""

    def issue(self, passcode: Passcode, former: list[Passcode], token: str | None = None) -> None:
        """Store it; the former ones end now. Raises Conflict if one of them has just been used.

        `token` is where the state machine of its ring waits for a phone; the ring keeps that. It
        is empty if no phone's word shall keep the bell quiet, and None if the ring stays as it is.
        """

    def add_hash(self, passcode: Passcode, digest: str, most: int) -> None:
        """One more code serves for this one.

        Raises Conflict if it was used or ended meanwhile, or has `most` hashes.
        """

    def take_back(self, passcode: Passcode) -> None:
        """A ring's code that reached nobody opens nothing. Raises Conflict if somebody has one of
        this ring after all: a phone drew one more, or it was used.
        """

    def attempts(self, home: str, door: str) -> AttemptLog:
        """The tries at this door."""

    def settle(
        self,
        home: str,
        door: str,
        log: AttemptLog,
        used: Passcode | None,
        order: OpenOrder | None,
        in_home: AttemptLog | None = None,
    ) -> None:
        """Write the tries, the use of a passcode (as it is after it) and its order, in one step;
        and the tries at all doors, if they became more.

        Raises Conflict if another try came in between, or the passcode was used.
        """


class Opens(Protocol):
    """Orders to open a door."""

    def add(self, order: OpenOrder) -> None:
        """Remember it until the door says that it opened. Raises Conflict if it is known."""

    def renew(self, order: OpenOrder, valid_until: float) -> None:
        """It is valid anew. Raises Conflict if the door has opened for it."""

    def find(self, home: str, door: str, order: str) -> OpenOrder | None:
        """The order, if this door has it."""

    def acknowledge(self, order: OpenOrder, now: float) -> None:
        """The door opened. Raises Conflict if it said so before."""

    def pending(self, home: str, door: str, now: float) -> list[OpenOrder]:
        """Orders for this door that are valid and not acknowledged."""


class Residents(Protocol):
    """Who lives here, and by which faces they are known."""

    def faces_in(self, home: str, key: str) -> list[str]:
        """The faces that the photo `key` gave."""

    def photo_came(self, photo: ResidentPhoto) -> None:
        """Raises Conflict if something newer has happened to this photo."""

    def photo_went(self, photo: ResidentPhoto) -> None:
        """Raises Conflict if something newer has happened to this photo."""

    def add_face(self, photo: ResidentPhoto, face: str) -> None:
        """The photo gave this face. Raises Conflict if something newer has happened to it."""

    def refused(self, photo: ResidentPhoto, reason: EnrolmentFailure) -> None:
        """The photo enrols nobody, for this reason; nothing if something newer has happened."""

    def disown(self, home: str, face: str) -> None:
        """This face is nobody's from now on."""

    def forget(self, home: str, key: str, face: str) -> None:
        """The photo `key` gave no such face. Last of all, so that a failed job can be repeated."""

    def count_faces(self, home: str, resident: str) -> int:
        """By how many faces the resident is known."""


class Sockets(Protocol):
    """API Gateway's @connections."""

    def post(self, connection: str, frame: str, within: float | None = None) -> None:
        """Send a frame; in one try of so many seconds, if that is given. Raises ConnectionGone."""

    def close(self, connection: str) -> None:
        """Hang up; a connection that is gone already is no error."""


class Bus(Protocol):
    """EventBridge."""

    def publish(self, event: Event) -> None:
        """Raises an error if the bus did not take it: a ring must never get lost in silence."""


class Photos(Protocol):
    """Presigned URLs of the bucket."""

    def upload(self, key: str, expires_in: int, content_type: str = "image/jpeg") -> Upload:
        """A PUT of one object of this type that serves once."""

    def link(self, key: str, expires_in: int) -> str:
        """A GET."""


class Waits(Protocol):
    """State machines that wait for an answer."""

    def resume(self, token: str, output: dict[str, str]) -> None:
        """It goes on with `output`. Raises NotResumed if it waits no longer, or was not reached."""

    def fail(self, token: str, error: str) -> None:
        """It goes on as after this error. Raises NotResumed."""


class StoredPhotos(Protocol):
    """The bucket, as enrolment sees it."""

    def exists(self, key: str) -> bool:
        """Whether there is such an object now."""


class Faces(Protocol):
    """A home's collection of faces."""

    def remove(self, home: str, faces: list[str]) -> None:
        """Forget these faces; unknown ones are no error."""
