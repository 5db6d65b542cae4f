"""What may happen next in a world: each move with the words of a counterexample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from proof.model.faults import Faults
from proof.model.people import People
from proof.model.words import kind_of, rows_of, told
from proof.model.world import Move, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proof.model.cloud import Cloud
    from proof.model.world import Job

START: Final = 1_700_000_000.0
ONLY_SHOWN: Final = ("pressed", "visitor", "missed", "opened", "not_opened", "hello")
"""Messages that change nothing but what somebody sees."""
NEVER_CHANGED: Final = ("device#", "face#")
"""Rows that nobody writes here."""


class Moves:
    """All that may happen, by the laws of one cloud."""

    def __init__(
        self,
        cloud: Cloud,
        faults: frozenset[str],
        answers: tuple[str, ...] = (),
        *,
        every_order: bool = False,
    ) -> None:
        """`faults`: names of what may go wrong. `answers`: what residents may tap. `every_order`:
        also of calls that commute with all others.
        """
        self._cloud = cloud
        self._faults = Faults(cloud, faults)
        self._people = People(cloud.devices, answers)
        self._every_order = every_order

    def of(self, world: World) -> Iterator[Move]:
        """Time passes only when nobody has anything to do; what is held takes its time."""
        alone = next((job for job in world.jobs if self._stands_alone(world, job)), None)
        if alone and not self._every_order:
            yield self._step(world, alone)
            yield from self._faults.at(world, alone)
            return
        urgent = list(self._work(world))
        yield from urgent
        moment = self._next_moment(world)
        yield from self._slow_work(world, ends=not urgent and moment is None)
        for mail in world.mail:
            said = f"{mail.line} gets {kind_of(mail.frame)} at last"
            yield Move(said, self._cloud.arrive(world, mail))
        if not urgent and moment is not None:
            yield Move(f"it is {moment - START:g} s", self._wake(world, moment))
        yield from self._people.of(world)
        yield from self._faults.of(world)

    def is_quiet(self, world: World) -> bool:
        """Nothing happens any more unless somebody does something."""
        works = (
            any(job.wake <= world.now for job in world.jobs)
            or any(run.phase == "ready" for run in world.runs)
            or any(not each.line and not each.dead for each in world.devices)
        )
        return not works and not world.mail and self._next_moment(world) is None

    def _stands_alone(self, world: World, job: Job) -> bool:
        """Whether the job's next call commutes with whatever else may happen, but for a line that
        breaks and a fault of its own: then its turn comes first, and no other order is tried.
        """
        if job.held or job.wake > world.now:
            return False
        call = self._cloud.call(job)
        if call.operation == "POST":
            return kind_of(call.given["frame"]) in ONLY_SHOWN
        if call.operation == "Query":
            return rows_of(call)[0].startswith("connection#")
        if call.operation == "BatchGetItem":
            return all(row.startswith(NEVER_CHANGED) for row in rows_of(call))
        # Who hears of an event waits, or is a job whose turn comes later. What an announcement
        # reads and writes, no other job changes or looks at.
        return call.operation == "PutEvents" or job.origin.startswith("announce ")

    def _work(self, world: World) -> Iterator[Move]:
        """What somebody does now."""
        for job in dict.fromkeys(world.jobs):
            if not job.held and job.wake <= world.now:
                yield self._step(world, job)
        for run in world.runs:
            if not run.held and run.phase == "ready":
                yield Move(f"{run.name}: {run.state}", self._cloud.task(world, run))
        for device in world.devices:
            if not device.line and not device.held and not device.dead:
                yield Move(f"{device.id} connects", self._cloud.connect(world, device))

    def _slow_work(self, world: World, *, ends: bool) -> Iterator[Move]:
        """What takes its time is done when some has passed: all that may come between in the same
        moment comes between without that. `ends`: no more time will pass.
        """
        for job in dict.fromkeys(world.jobs):
            if job.held and (ends or job.held < world.now):
                yield self._step(world, job)
        for run in world.runs:
            if run.held and (ends or run.held < world.now):
                yield Move(f"{run.name}: {run.state} at last", self._cloud.task(world, run))
        for device in world.devices:
            if device.held and (ends or device.held < world.now):
                yield Move(f"{device.id} connects at last", self._cloud.connect(world, device))

    def _step(self, world: World, job: Job) -> Move:
        return Move(f"{job.origin}: {told(self._cloud.call(job))}", self._cloud.step(world, job))

    def _next_moment(self, world: World) -> float | None:
        moments = [job.wake for job in world.jobs if job.wake > world.now]
        moments += [run.until for run in world.runs if run.phase in ("wait", "job")]
        for door in world.doors:
            due = self._cloud.devices.behaviours.due(door.behaviour)
            moments += [max(at, world.now) for at in due]
            waits = [each for each in door.presses if door.line and not each.delivered]
            moments += [each.asks_again_at for each in waits]
        return min(moments, default=None)

    def _wake(self, world: World, moment: float) -> World:
        world = world._replace(now=moment)
        for run in world.runs:
            if run.phase in ("wait", "job") and run.until <= moment:
                world = self._cloud.came(world, run, self._cloud.machines.wake(run, moment))
        return self._cloud.devices.tick(world)
