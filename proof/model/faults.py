"""What may go wrong, at any moment, so often as the world allows.

| fault | what happens |
| --- | --- |
| kill | a job's process is gone before its next call |
| hold | a job's or a state machine's next call takes its time |
| fail | a job's call has no effect, and no answer comes |
| twice | a job's call is carried out twice, for its client sent it again |
| late | a frame that API Gateway has taken comes to its device later than what was sent after it |
| lose | such a frame never comes: the line is dead, and API Gateway does not know |
| die | the same, and the phone is gone for good |
| drop | a line breaks, with or without a frame that the device has just sent |
| away | whoever has lost the line takes time to connect |
| restart | a door's program is killed, and begins again |
| strike | the same while it opens, before or after the strike has moved |
| again | S3 tells of a photo once more |
| abort | an execution of `visitor` ends by something that no Catch sees |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from proof.model.client import Answer
from proof.model.devices import sent
from proof.model.door import Door
from proof.model.run import ABORTED
from proof.model.words import told
from proof.model.world import Mail, Move, Phone, World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proof.model.cloud import Cloud
    from proof.model.world import Job

CHANGES: Final = ("PutItem", "UpdateItem", "DeleteItem", "POST", "PutEvents")
"""Sent again by the client when no answer came. A transaction's token makes it one."""
TAKEN: Final = "{}"
"""What a call is answered whose effect is another than it seems."""


class Faults:
    """Those of these kinds."""

    def __init__(self, cloud: Cloud, kinds: frozenset[str]) -> None:
        self._cloud = cloud
        self._kinds = kinds

    def of(self, world: World) -> Iterator[Move]:
        """All that may go wrong now."""
        if world.left.faults:
            world = _one_less(world)
            for job in dict.fromkeys(world.jobs):
                yield from self._of_job(world, job)
            yield from self._of_machines(world)
            yield from self._of_lines(world)

    def at(self, world: World, job: Job) -> Iterator[Move]:
        """What may go wrong with this job's next call, and with the lines."""
        if world.left.faults:
            world = _one_less(world)
            yield from self._of_job(world, job)
            yield from self._of_lines(world)

    # --- a job's next call --------------------------------------------------------------

    def _of_job(self, world: World, job: Job) -> Iterator[Move]:
        if job.wake:
            return
        call = self._cloud.call(job)
        said = f"{job.origin}: {told(call)}"
        if "kill" in self._kinds:
            yield _fault(f"killed before {said}", self._cloud.killed(world, job))
        if "hold" in self._kinds and not job.held:
            held = world.without_job(job).with_job(job._replace(held=world.now))
            yield _fault(f"slow before {said}", held)
        if "fail" in self._kinds:
            lost = self._cloud.goes_on(world.without_job(job), job, Answer(world.now, None))
            yield _fault(f"no answer to {said}", lost)
        changes = call.operation in CHANGES or call.operation.startswith("SendTask")
        if "twice" in self._kinds and changes:
            yield _fault(f"sent twice: {said}", self._cloud.step(world, job, twice=True))
        if call.operation == "POST":
            line, frame = call.given["connection"], call.given["frame"]
            for move in self._of_frame(sent(world.without_job(job), line, frame), line, frame):
                gone_on = self._cloud.goes_on(move.world, job, Answer(world.now, TAKEN))
                yield _fault(f"{move.said}: {said}", gone_on)

    def _of_frame(self, world: World, line: str, frame: str) -> Iterator[Move]:
        """API Gateway has taken the frame; the device does not have it."""
        for device in world.devices:
            if device.line == line:
                if "late" in self._kinds:
                    mail = tuple(sorted([*world.mail, Mail(line, frame)]))
                    yield Move("long on its way", world._replace(mail=mail))
                if "lose" in self._kinds:
                    lost = self._cloud.hangs_up(world, device, told=False)
                    yield Move("lost with the line", lost)
                if "die" in self._kinds and isinstance(device, Phone):
                    yield Move("the phone dies", self._dead(world, device))
                if "strike" in self._kinds and isinstance(device, Door):
                    yield from self._killed_opening(world, device, frame)

    def _dead(self, world: World, phone: Phone) -> World:
        dead = phone._replace(dead=True, shows=(), asks=())
        return self._cloud.hangs_up(world, dead, told=False)

    def _killed_opening(self, world: World, door: Door, frame: str) -> Iterator[Move]:
        for has_moved in (False, True):
            killed = self._cloud.devices.killed_opening(world, door, frame, has_moved=has_moved)
            if killed is not None:
                when = "after" if has_moved else "before"
                yield Move(f"{door.id} is killed {when} its strike moves", killed)

    # --- all else -------------------------------------------------------------------------

    def _of_machines(self, world: World) -> Iterator[Move]:
        for run in world.runs:
            if "abort" in self._kinds and run.machine == "visitor":
                yield _fault(f"{run.name} is aborted", self._cloud.came(world, run, ABORTED))
            if "hold" in self._kinds and run.phase == "ready" and not run.held:
                held = world.with_run(run._replace(held=world.now))
                yield _fault(f"{run.name} is slow", held)
        for ring in world.photos if "again" in self._kinds else ():
            yield _fault("S3 tells of the photo again", self._cloud.photo_told(world, ring))

    def _of_lines(self, world: World) -> Iterator[Move]:
        for device in world.devices:
            if "drop" in self._kinds and device.line:
                yield from self._drop(world, device)
            if "away" in self._kinds and not device.line and not device.held and not device.dead:
                away = world.with_device(device._replace(held=world.now))
                yield _fault(f"{device.id} stays away for a while", away)
        for door in world.doors if "restart" in self._kinds else ():
            gone = self._cloud.hangs_up(world, door, told=True) if door.line else world
            begun = self._cloud.devices.restarted(gone, gone.door(door.id))
            yield _fault(f"{door.id} is restarted", begun)

    def _drop(self, world: World, device: Door | Phone) -> Iterator[Move]:
        gone = self._cloud.hangs_up(world, device, told=True)
        yield _fault(f"{device.id} loses its line", gone)
        for job in dict.fromkeys(world.jobs):
            if job.origin.endswith(f"from {device.line}") and self._cloud.begins(job):
                lost = self._cloud.hangs_up(world.without_job(job), device, told=True)
                yield _fault(f"{device.id} loses its line with {job.origin}", lost)


def _fault(said: str, world: World) -> Move:
    return Move(f"FAULT {said}", world)


def _one_less(world: World) -> World:
    return world._replace(left=world.left._replace(faults=world.left.faults - 1))
