"""The Wi-Fi fails at every step of a ring: no press is lost, none is doubled, all are heard."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from doorbell_client.config.credentials import Credentials
from doorbell_client.door.events import Delivered
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.link.line import Line
from tests.doorbell_client.living import SHORT_TIMEOUTS, Living, alive
from tests.stories import delivered
from tests.stories.cable import STEPS, Cable

if TYPE_CHECKING:
    from pathlib import Path

    from tests.stories.doorstep import Home

OUTAGE = 0.5
DOOR_TIMEOUTS = DoorTimeouts()
"""The door's own: after eight seconds the bell sounds by itself."""
TIMEOUTS = SHORT_TIMEOUTS._replace(
    link=SHORT_TIMEOUTS.link._replace(pong=2.0),
    door=DOOR_TIMEOUTS,
    outbox=SHORT_TIMEOUTS.outbox._replace(ticket=2.0, first_wait=0.1, longest_wait=0.5),
)
"""A real cloud on a busy machine may take more than the tenths of a second of tests without one."""


@pytest.mark.parametrize("step", STEPS)
def test_a_cut_at_any_step_loses_no_press_doubles_none_and_rings_within_eight_seconds(
    home: Home, tmp_path: Path, step: str
) -> None:
    edges: list[float] = []
    bells: list[float] = []

    async def told() -> None:
        at = urlsplit(home.websocket)
        assert at.port
        async with Cable(at.port, step, OUTAGE).plugged() as cable:
            url = home.websocket.replace(f":{at.port}/", f":{cable.port}/")
            async with alive(Credentials(url, home.door), tmp_path, timeouts=TIMEOUTS) as it:
                await it.until(lambda: Line.UP in it.events)
                edges.append(it.press())
                await it.until(lambda: _delivered(it) == 1 and bool(it.parts.bells), 12)
                assert cable.pulled, "the step was reached"
                edges.append(it.press())
                await it.until(lambda: _delivered(it) == 2 and len(it.parts.bells) >= 2, 12)
                bells.extend(it.parts.bells)

    asyncio.run(asyncio.wait_for(told(), 40))
    for edge in edges:
        assert any(0 <= bell - edge <= DOOR_TIMEOUTS.decision + 0.2 for bell in bells)
    rings = delivered.rings(home)
    assert len(rings) == 2, "each press is one ring"
    assert len(delivered.photos(home)) == 2, "and has one photo"
    assert all(abs(time.time() - ring.pressed_at) < 40 for ring in rings), "of its own moment"


def _delivered(it: Living) -> int:
    return sum(isinstance(event, Delivered) for event in it.events)
