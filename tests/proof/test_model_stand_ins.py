"""What the model has in place of something is what it stands for. (Its table has the claims of
`tests/doorbell/aws/test_ports.py`.)
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from doorbell.protocol import Request, Ring, Ticket, Upload, message_frame
from doorbell.settings import Settings
from doorbell_client.outbox.outbox import Outbox
from doorbell_client.outbox.spool import Spool
from doorbell_client.outbox.timeouts import OutboxTimeouts
from doorbell_client.outbox.upload import Sent
from proof.model.aws import LATER, SOON
from proof.model.devices import Devices
from proof.model.door import Door
from proof.model.expressions import holds
from proof.model.machines import SECONDS
from proof.model.moves import START
from proof.model.world import Left, World
from tests.template.sources import functions, machines, template

if TYPE_CHECKING:
    from pathlib import Path

    from proof.model.world import Phone

QUICK = OutboxTimeouts(ticket=0.05, first_wait=0.01, longest_wait=0.05)
PRESS = "00000000-0000-4000-8000-000000000001"


def ticket(press: str | None) -> Ticket:
    return Ticket("ring", Upload("PUT", "https://x.example/", {}), 300, press)


def test_the_waits_are_the_templates() -> None:
    parameters = template()["Parameters"]
    assert {name: float(parameters[name]["Default"]) for name in SECONDS} == SECONDS
    assert Settings().ring_gap == float(parameters["RingGap"]["Default"])
    assert SOON < LATER, "Lambda's own pause is a minute"


def test_the_bus_tells_whom_the_template_names() -> None:
    heard = {
        "ring path": _patterns(functions()["RingPath"]),
        "watch": _patterns(machines()["Watch"]),
        "visitor": _patterns(machines()["Visitor"]),
    }
    assert heard == {
        "ring path": {
            "RingPressed": None,
            "Step Functions Execution Status Change": {"status", "stateMachineArn"},
        },
        "watch": {"RingPressed": {"kind"}, "OpenSent": None},
        "visitor": {"Object Created": {"bucket", "object"}},
    }
    rules = [event["Properties"]["Pattern"] for event in machines()["Watch"]["Events"].values()]
    kinds = next(rule["detail"]["kind"] for rule in rules if "detail" in rule)
    assert "late" not in kinds


def _patterns(resource: dict[str, Any]) -> dict[str, set[str] | None]:
    rules = [event["Properties"]["Pattern"] for event in resource["Events"].values()]
    return {
        kind: set(rule["detail"]) if "detail" in rule else None
        for rule in rules
        for kind in rule["detail-type"]
    }


@pytest.mark.parametrize("unanswered", [0, 1, 3])
@pytest.mark.parametrize("photographs", [True, False], ids=["camera", "no camera"])
def test_the_models_outbox_asks_as_often_as_the_devices(
    tmp_path: Path, photographs: bool, unanswered: int
) -> None:
    """Of a cloud that does not answer the first so many times."""
    devices = asyncio.run(_asked_by_the_device(tmp_path, photographs, unanswered))
    assert _asked_by_the_model(photographs, unanswered) == devices


async def _asked_by_the_device(folder: Path, photographs: bool, unanswered: int) -> int:
    asked: list[Request] = []

    class Bucket:
        async def send(self, ticket: Upload, jpeg: bytes) -> Sent:
            return Sent.DELIVERED

    def send(request: Request) -> bool:
        asked.append(request)
        if len(asked) > unanswered:
            asyncio.get_running_loop().call_soon(outbox.hear, ticket(PRESS))
        return True

    spool = Spool(folder)
    spool.open()
    outbox = Outbox(spool, Bucket(), send, timeouts=QUICK)
    outbox.line(up=True)
    outbox.add(PRESS, 0.0)
    outbox.add_photo(PRESS, b"\xff\xd8" if photographs else None)
    try:
        await asyncio.wait_for(outbox.empty(), 20)
    finally:
        await outbox.close()
        spool.close()
    return len(asked)


def _asked_by_the_model(photographs: bool, unanswered: int) -> int:
    asked: list[Request] = []

    def say(world: World, sender: Door | Phone, request: Request) -> World:
        assert isinstance(request, Ring)
        asked.append(request)
        answered = len(asked) > unanswered
        given = message_frame(ticket(request.press))
        return devices.deliver(world, sender.line, given) if answered else world

    devices = Devices(say, lambda world, ring: world)
    door = Door("front", devices.behaviours.begin(()), photographs, line="front-1")
    world = World(START, (), (door,), (), Left())
    world = devices.press(devices.line(world, door, up=True), door)
    while waiting := [each for each in world.doors[0].presses if not each.delivered]:
        world = devices.tick(world._replace(now=waiting[0].asks_again_at))
    return len(asked)


def test_a_condition_that_is_not_understood_is_no_condition() -> None:
    with pytest.raises((ValueError, KeyError)):
        holds("contains(name, :part)", {"name": {"S": "x"}}, {":part": {"S": "x"}})
