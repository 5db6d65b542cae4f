"""One press after another at every lane, until all are made."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import sys
import time
import traceback
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

from proof.faults.board import Fault
from proof.faults.judging import Judged, judge, kept
from proof.faults.scripts import (
    A_ROUND,
    STEPS,
    STOPS,
    STORIES,
    Kind,
    Script,
    script,
    stopped_after,
)
from proof.faults.world import World, photo_of, world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proof.faults.lane import Lane, Outcome

LONGEST: Final = 600.0
"""Seconds for one press and all that is waited for; then the lane is given up."""
LAST_SECONDS: Final = 3.0
"""After the last press, for what is still on its way."""


async def run(
    seed: int,
    numbers: Sequence[int],
    lanes: int,
    *,
    browser: bool = True,
    within: float = math.inf,
) -> Judged:
    """Make these presses at so many homes side by side, and look at what became of them.

    `within` so many seconds: no press begins after that.
    """
    scripts = [script(seed, number) for number in numbers]
    single = [each for each in scripts if each.number < STOPS]
    stopped = [each for each in scripts if each.number >= STOPS]
    at_once = A_ROUND if stopped else 1
    async with world(max(at_once, min(lanes, len(numbers))), browser=browser) as made:
        until = time.monotonic() + within
        outcomes: list[Outcome] = []
        for _, together in groupby(stopped, lambda each: each.number // A_ROUND):
            outcomes += await stop_amid(made, list(together), seed)
        outcomes += await one_by_one(made, single, until)
        await asyncio.sleep(LAST_SECONDS)
        return (await judged(made, outcomes))._replace(made=made.presses)


async def one_by_one(made: World, scripts: Sequence[Script], until: float) -> list[Outcome]:
    """At each lane one after another, at all of them side by side."""
    waiting = list(reversed(scripts))
    outcomes: list[Outcome] = []
    began = time.monotonic()

    async def work(lane: Lane) -> None:
        while waiting and time.monotonic() < until:
            made.presses += 1
            if outcome := await _press(lane, waiting.pop()):
                outcomes.append(outcome)
                _say(outcome, len(outcomes), time.monotonic() - began)

    await asyncio.gather(*(work(lane) for lane in made.lanes))
    return outcomes


async def stop_amid(made: World, scripts: Sequence[Script], seed: int) -> list[Outcome]:
    """All of these at the same moment, at a lane each; then the stack is stopped and started."""
    began = time.monotonic()
    made.presses += len(scripts)
    pressing = [
        asyncio.create_task(_press(lane, it)) for lane, it in zip(made.lanes, scripts, strict=False)
    ]
    await asyncio.sleep(stopped_after(seed, scripts[0].number))
    await asyncio.to_thread(made.stop)
    await asyncio.to_thread(made.start)
    print(f"stopped, and up again after {time.monotonic() - began:.1f} s", file=sys.stderr)
    made_of = await asyncio.gather(*pressing)
    outcomes = [each._replace(fired=True) for each in made_of if each]
    for count, outcome in enumerate(outcomes, 1):
        _say(outcome, count, time.monotonic() - began)
    return outcomes


async def _press(lane: Lane, it: Script) -> Outcome | None:
    """None if it could not be watched to its end: then it counts as a miss of its own."""
    try:
        async with asyncio.timeout(LONGEST):
            return await lane.press(it, photo_of(it.story, it.number))
    except Exception:
        print(f"press {it.number} at {lane.home}: {it}", file=sys.stderr)
        traceback.print_exc()
        with contextlib.suppress(Exception):
            await lane.anew()
        return None


async def judged(made: World, outcomes: Sequence[Outcome]) -> Judged:
    """Compared with what the cloud keeps."""
    cloud = {lane.home: await asyncio.to_thread(kept, made.stack, lane.home) for lane in made.lanes}
    return judge(outcomes, cloud, made.board.deciders())


def _say(it: Outcome, count: int, seconds: float) -> None:
    """One line, for whoever waits or looks for a cause."""
    heard = ", ".join(f"{way} {late:.1f}" for way, late in it.heard.items()) or "UNHEARD"
    print(
        f"{seconds:6.0f} s {count:4} press {it.script.number} {it.home} {it.script.story}: "
        f"{it.script.kind.what}, {it.script.fault.where} {it.script.fault.nth} "
        f"{it.script.fault.mode}{'' if it.fired else ' (did not come to be)'} → {heard}; "
        f"strikes {it.strikes} of {it.rights}; took {time.time() - it.pressed:.1f} s",
        file=sys.stderr,
        flush=True,
    )


async def learn(rounds: int = 4) -> None:
    """Write down where something happens when nothing goes wrong: what always does, is a step."""
    found: dict[str, Counter[str]] = {}
    async with world(1) as made:
        (lane,) = made.lanes
        for number in range(rounds * len(STORIES)):
            story = list(STORIES)[number % len(STORIES)]
            nothing = Script(number, story, Kind("", ""), Fault("", 0, ""))
            outcome = await lane.press(nothing, photo_of(story, number), clean=True)
            _say(outcome, number, 0)
            seen = Counter(outcome.trace)
            # The first press of each has functions and pages to warm up.
            if number >= len(STORIES):
                found[story] = found[story] & seen if story in found else seen
    STEPS.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", "utf-8")
