"""All that there is at one moment, as a value: worlds can be compared, kept and gone on from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from proof.model.door import Door

if TYPE_CHECKING:
    from proof.model.run import Run
    from proof.model.table import Rows


class Job(NamedTuple):
    """A job of the function, before its next call to AWS."""

    origin: str
    """What began it; for whoever reads a counterexample, and for its codes."""
    node: int
    """How far it has come (`Jobs.nodes`)."""
    caller: str
    """`run TOKEN`: a state machine waits · `bus`: it is tried again · `line`: nobody does."""
    wake: float = 0.0
    """Nothing happens before that."""
    held: float = 0.0
    """Since when its next call takes its time; 0 if it does not."""


class Phone(NamedTuple):
    """A resident's phone, and whoever looks at it."""

    id: str
    line: str = ""
    """Its socket; empty while it has none."""
    lines: int = 0
    """How many sockets it has had."""
    dead: bool = False
    """It will never connect again, and shows nothing."""
    held: float = 0.0
    """Since when it takes its time to connect; 0 if it does not."""
    shows: tuple[tuple[str, str], ...] = ()
    """The code that it shows for a ring."""
    asks: tuple[str, ...] = ()
    """Rings that it asks its owner about."""
    told: tuple[str, ...] = ()
    """Rings it was told of in any way."""


class Mail(NamedTuple):
    """A frame that is still on its way to a device."""

    line: str
    frame: str


class Seen(NamedTuple):
    """What an onlooker would remember: the claims are about this. No code of ours reads it."""

    pressed: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    """Presses after which a bell has sounded at the door."""
    codes: tuple[tuple[str, str, float], ...] = ()
    """Codes as they were sent: code, ring, until when."""
    shown: tuple[str, ...] = ()
    """Rings for which a phone has shown a code, or a resident has tapped an answer."""
    rights: tuple[str, ...] = ()
    """What may open a door, once each: `code RING`, `person RING`, `guest PIN`."""
    let_in_at: float = 0.0
    """When a resident last tapped *let in*."""
    moved: tuple[str, ...] = ()
    """By what right the strike moved."""
    declined: tuple[str, ...] = ()
    """Rings of which the door was told that nobody lets them in."""
    decides: tuple[str, ...] = ()
    """Rings that an execution of `visitor` has claimed, once for each."""
    opened: tuple[str, ...] = ()
    """Orders of which a phone was told that the door opened."""
    wrong: str = ""
    """The first thing that should not have been."""


class Left(NamedTuple):
    """What may still happen that need not."""

    faults: int = 0
    presses: int = 0
    typed: int = 0
    answers: int = 0


class World(NamedTuple):
    """One moment."""

    now: float
    table: Rows
    doors: tuple[Door, ...]
    phones: tuple[Phone, ...]
    left: Left
    jobs: tuple[Job, ...] = ()
    runs: tuple[Run, ...] = ()
    mail: tuple[Mail, ...] = ()
    mute: tuple[str, ...] = ()
    """Sockets that API Gateway takes for open, and nobody is there."""
    begun: tuple[str, ...] = ()
    """The names of all executions there ever were."""
    photos: tuple[str, ...] = ()
    """Rings whose photo is in the bucket."""
    seen: Seen = Seen()

    @property
    def devices(self) -> tuple[Door | Phone, ...]:
        """All that have a line or want one."""
        return (*self.doors, *self.phones)

    def door(self, name: str) -> Door:
        """The door of this name, as it is now."""
        return next(door for door in self.doors if door.id == name)

    def with_device(self, device: Door | Phone) -> World:
        """With this device as it is now."""
        return self.with_door(device) if isinstance(device, Door) else self.with_phone(device)

    def with_door(self, door: Door) -> World:
        """With this door as it is now."""
        doors = tuple(door if each.id == door.id else each for each in self.doors)
        return self._replace(doors=doors)

    def with_phone(self, phone: Phone) -> World:
        """With this phone as it is now."""
        phones = tuple(phone if each.id == phone.id else each for each in self.phones)
        return self._replace(phones=phones)

    def with_job(self, job: Job) -> World:
        """With one more job. In order, so that it does not matter which began first."""
        return self._replace(jobs=tuple(sorted([*self.jobs, job])))

    def without_job(self, job: Job) -> World:
        """With one less of these."""
        jobs = list(self.jobs)
        jobs.remove(job)
        return self._replace(jobs=tuple(jobs))

    def with_run(self, run: Run) -> World:
        """With this execution as it is now."""
        others = [each for each in self.runs if each.name != run.name]
        return self._replace(runs=tuple(sorted([*others, run])))

    def without_run(self, name: str) -> World:
        """With this execution ended."""
        return self._replace(runs=tuple(each for each in self.runs if each.name != name))

    def seeing(self, **changes: object) -> World:
        """The onlooker has seen more."""
        return self._replace(seen=self.seen._replace(**changes))  # type: ignore[arg-type]

    def wrong(self, what: str) -> World:
        """Something that should not have been; the first thing counts."""
        return self if self.seen.wrong else self.seeing(wrong=what)


class Move(NamedTuple):
    """What happened, and the world after it."""

    said: str
    world: World


def among(known: tuple[str, ...], one: str) -> tuple[str, ...]:
    """`known` with one more, each once, in order."""
    return known if one in known else tuple(sorted((*known, one)))
