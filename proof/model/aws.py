"""What AWS does with a call: the table, the sockets, the bus, the state machines, the bucket."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final

from doorbell.aws.api.errors import ServiceError
from proof.model.client import Answer
from proof.model.devices import Devices, sent
from proof.model.home import HOME
from proof.model.jobs import Jobs
from proof.model.machines import Machines
from proof.model.table import OPERATIONS, Table
from proof.model.world import Job, World, among

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell import protocol
    from proof.model.client import Call
    from proof.model.door import Door
    from proof.model.jobs import Node
    from proof.model.machines import Change
    from proof.model.run import Came, Run
    from proof.model.world import Phone

SOON: Final = 0.5
"""Seconds before a job of the bus that failed is tried again (`functions/ring_path/entry.py`)."""
LATER: Final = 60.0
"""The same if its process was killed: Lambda's own pause."""
TABLE: Final = frozenset(OPERATIONS)
STATUS: Final = "Step Functions Execution Status Change"
CLAIMS: Final = ("Claim", "ClaimAside")
FLOAT_DIGITS: Final = 3


class Aws(ABC):
    """The laws of a world: which visitor stands there, and what has been changed of the code."""

    def __init__(
        self,
        face: str = "",
        machines: Mapping[str, Change] | None = None,
        without: frozenset[str] = frozenset(),
    ) -> None:
        """`without`: of `watch`, which then is never started."""
        self.jobs = Jobs()
        self.machines = Machines(face, machines or {})
        self.devices = Devices(self.say, self.photo_came)
        self._without = without

    @abstractmethod
    def say(self, world: World, sender: Door | Phone, request: protocol.Request) -> World:
        """A device sends a frame."""

    # --- jobs ---------------------------------------------------------------------------

    def node(self, job: Job) -> Node:
        """How far it has come."""
        return self.jobs.nodes[job.node]

    def call(self, job: Job) -> Call:
        """What it asks next."""
        call = self.node(job).call
        assert call
        return call

    def begins(self, job: Job) -> bool:
        """Whether it has asked nothing yet."""
        return len(self.node(job).answers) == 1

    def begin(self, world: World, event: Mapping[str, Any], origin: str, caller: str) -> World:
        """A job of the function."""
        return self._went_on(
            world, Job(origin, 0, caller), self.jobs.begin(event, origin, world.now)
        )

    def step(self, world: World, job: Job, *, twice: bool = False) -> World:
        """The job's next call is carried out; `twice` if the client sent it again."""
        call = self.call(job)
        world = world.without_job(job)
        if call.operation == "sleep":
            answer = Answer(world.now, "null")
        else:
            world, answer = self._asked(world, job)
            if twice:
                world, answer = self._asked(world, job)
        return self.goes_on(world, job, answer)

    def goes_on(self, world: World, job: Job, answer: Answer) -> World:
        """The job, which stands in no world now, has this answer."""
        return self._went_on(world, job, self.jobs.go_on(self.node(job), answer))

    def killed(self, world: World, job: Job) -> World:
        """Its process is gone, and what it has written stays."""
        return self._over(world.without_job(job), job, "Lambda.Unknown", LATER)

    def _went_on(self, world: World, job: Job, node: Node) -> World:
        if node.call is None:
            error = "JobFailed" if node.error else ""
            return self._over(world, job._replace(node=node.number), error, SOON)
        wake = world.now + node.call.given if node.call.operation == "sleep" else 0.0
        wake = round(wake, FLOAT_DIGITS)
        return world.with_job(job._replace(node=node.number, wake=wake, held=0.0))

    def _over(self, world: World, job: Job, error: str, pause: float) -> World:
        kind, _, token = job.caller.partition(" ")
        if kind == "run":
            return self._told(world, token, error)
        if kind == "bus" and error:
            again = self.jobs.begin(json.loads(self.node(job).event), job.origin, world.now + pause)
            return world.with_job(job._replace(node=again.number, wake=world.now + pause))
        return world

    def _told(self, world: World, token: str, error: str) -> World:
        """A state machine learns what became of the job that it invoked."""
        run = _waiting(world, token)
        if run is None:
            return world
        if error:
            return self.came(world, run, self.machines.fail(run, error, world.now))
        if self.machines.waits_for_word(run):
            return world
        result = '{"Payload": {"statusCode": 200}}'
        return self.came(world, run, self.machines.succeed(run, result, world.now))

    # --- calls --------------------------------------------------------------------------

    def _asked(self, world: World, job: Job) -> tuple[World, Answer]:
        """As `answered`; what the table said before it says again."""
        node = self.node(job)
        assert node.call
        if node.call.operation not in TABLE:
            return self.answered(world, node.call)
        if world.table not in node.answered:
            after, answer = self.answered(world, node.call)
            node.answered[world.table] = after.table, answer
        rows, answer = node.answered[world.table]
        return world._replace(table=rows), answer._replace(now=world.now)

    def answered(self, world: World, call: Call) -> tuple[World, Answer]:
        """What a call changes, and what it is answered."""
        try:
            world, said = self._done(world, call)
        except ServiceError as error:
            return world, Answer(world.now, None, error.code, error.status, error.reasons)
        return world, Answer(world.now, json.dumps(said, sort_keys=True))

    def _done(self, world: World, call: Call) -> tuple[World, Any]:
        """Raises ServiceError."""
        match call.operation:
            case "POST":
                line = call.given["connection"]
                self.listens(world, line)
                return self.devices.deliver(
                    sent(world, line, call.given["frame"]), line, call.given["frame"]
                ), {}
            case "DELETE":
                raise ServiceError("GoneException", 410)
            case "PutEvents":
                for entry in call.given["Entries"]:
                    world = self.published(world, entry["DetailType"], json.loads(entry["Detail"]))
                return world, {"FailedEntryCount": 0, "Entries": []}
            case "SendTaskSuccess" | "SendTaskFailure":
                return self._spoken(world, call), {}
        table = Table(world.table)
        said = table.answer(call.operation, call.given)
        return world._replace(table=table.rows), said

    def listens(self, world: World, line: str) -> None:
        """Raises ServiceError, as API Gateway does, if nobody has this socket."""
        if line not in world.mute and all(each.line != line for each in world.devices):
            raise ServiceError("GoneException", 410)

    def _spoken(self, world: World, call: Call) -> World:
        run = _waiting(world, call.given["taskToken"])
        if run is None:
            raise ServiceError("TaskTimedOut", 400)
        if call.operation == "SendTaskFailure":
            return self.came(world, run, self.machines.fail(run, call.given["error"], world.now))
        output = json.dumps(json.loads(call.given["output"]), sort_keys=True)
        return self.came(world, run, self.machines.succeed(run, output, world.now))

    # --- what happens by itself -----------------------------------------------------------

    def published(self, world: World, kind: str, detail: dict[str, Any]) -> World:
        """The bus hands an event on (`template.yaml`: who hears what)."""
        event = {"detail-type": kind, "detail": detail}
        about = detail.get("open") or detail.get("ring")
        if kind == "RingPressed":
            world = self.begin(world, event, f"announce {about}", "bus")
        watched = kind == "OpenSent" or (kind == "RingPressed" and detail["kind"] != "late")
        if watched and "watch" not in self._without:
            world = self.start(world, "watch", f"{kind} {about}", event)
        return world

    def photo_came(self, world: World, ring: str) -> World:
        """A photo is in the bucket: S3 tells of it."""
        world = world._replace(photos=among(world.photos, ring))
        return self.photo_told(world, ring)

    def photo_told(self, world: World, ring: str) -> World:
        """S3's event starts `visitor`."""
        given = {"bucket": "bucket", "key": f"guest/{HOME}/{ring}/photo.jpeg", "size": 1000}
        return self.start(world, "visitor", f"photo {ring}", given)

    def start(self, world: World, machine: str, cause: str, given: dict[str, Any]) -> World:
        """An execution, named by its cause; the second one by the same cause is another."""
        number = sum(each.split("~")[0] == f"{machine} {cause}" for each in world.begun)
        name = f"{machine} {cause}~{number}" if number else f"{machine} {cause}"
        world = world._replace(begun=among(world.begun, name))
        text = json.dumps(given, sort_keys=True)
        return self.came(world, None, self.machines.start(machine, name, text, world.now))

    def came(self, world: World, before: Run | None, came: Came) -> World:
        """An execution has gone on, and asks for something."""
        if before:
            world = world.without_run(before.name)
        if came.run:
            world = world.with_run(came.run)
        if came.invokes:
            assert came.run
            event = json.loads(came.invokes)
            origin = f"{event['do']} of {came.run.token}"
            world = self.begin(world, event, origin, f"run {came.run.token}")
        if came.starts:
            world = self.start(world, "visitor", "watch", json.loads(came.starts))
        if came.failed and before and before.machine == "visitor":
            event = {"detail-type": STATUS, "detail": {"input": before.began_with}}
            world = self.begin(world, event, f"recover {before.name}", "bus")
        return world

    def task(self, world: World, run: Run) -> World:
        """A state machine's own call to the table."""
        operation, given = self.machines.arguments(run)
        table = Table(world.table)
        try:
            said = table.answer(operation[0].upper() + operation[1:], given)
        except ServiceError as error:
            return self.came(
                world, run, self.machines.fail(run, f"DynamoDb.{error.code}", world.now)
            )
        world = world._replace(table=table.rows)
        if run.state in CLAIMS:
            ring = given["Key"]["sk"]["S"].removeprefix("ring#")
            if ring in world.seen.decides:
                world = world.wrong("two executions decide one ring")
            world = world.seeing(decides=among(world.seen.decides, ring))
        result = json.dumps(said, sort_keys=True)
        return self.came(world, run, self.machines.succeed(run, result, world.now))


def _waiting(world: World, token: str) -> Run | None:
    for run in world.runs:
        if run.phase == "job" and run.token == token:
            return run
    return None
