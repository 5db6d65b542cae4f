"""The one timer of a door: it rings at the moment it was set to last, once."""

import asyncio
import math
import time

import pytest

from doorbell_client.door.alarm import Alarm


def rings(*settings: float, stopped: bool = False) -> list[float]:
    """When an alarm rings that is set to these one after another, in seconds."""

    async def set_and_wait() -> list[float]:
        began, heard, rang = time.monotonic(), list[float](), asyncio.Event()

        def ring() -> None:
            heard.append(time.monotonic() - began)
            rang.set()

        alarm = Alarm(ring)
        assert not alarm.is_set
        for seconds in settings:
            alarm.set(seconds)
        assert alarm.is_set is (settings[-1] < math.inf)
        if stopped:
            alarm.stop()
            assert not alarm.is_set
        if stopped or not settings[-1] < math.inf:
            await asyncio.sleep(0.03)
        else:
            await asyncio.wait_for(rang.wait(), 20)
            await asyncio.sleep(0.01)
        return heard

    return asyncio.run(set_and_wait())


def test_it_rings_once_and_not_before_its_time() -> None:
    (rang,) = rings(0.02)
    assert rang > 0.02, "a little later: earlier, there would be nothing to do"


def test_only_the_last_moment_counts() -> None:
    (rang,) = rings(0.001, 0.02)
    assert rang > 0.02
    assert rings(0.001, math.inf) == []


@pytest.mark.parametrize("seconds", [0.001, math.inf])
def test_what_is_stopped_does_not_ring(seconds: float) -> None:
    assert rings(seconds, stopped=True) == []
