"""Who waits for the line goes on when it comes, and not before."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from doorbell_client.outbox.line_gate import LineGate
from tests.doorbell_client.outbox.houses import a_few_turns


def run(scene: Callable[[LineGate], Awaitable[None]]) -> None:
    async def with_gate() -> None:
        await scene(LineGate())

    asyncio.run(asyncio.wait_for(with_gate(), 30))


async def settled(waiter: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Begun, and as far as it comes."""
    task = asyncio.ensure_future(waiter)
    await a_few_turns()
    return task


def test_there_is_no_line_until_it_is_told() -> None:
    async def scene(gate: LineGate) -> None:
        await gate.down()
        waiter = await settled(gate.up())
        assert not waiter.done()
        gate.set(up=True)
        await waiter

    run(scene)


def test_who_waits_for_the_end_of_the_line_is_told_of_it() -> None:
    async def scene(gate: LineGate) -> None:
        gate.set(up=True)
        await gate.up()
        waiter = await settled(gate.down())
        assert not waiter.done()
        gate.set(up=False)
        await waiter
        again = await settled(gate.up())
        assert not again.done()
        again.cancel()

    run(scene)


def test_the_next_time_it_comes_up_ends_a_pause() -> None:
    async def scene(gate: LineGate) -> None:
        pause = await settled(gate.came_up_within(25))
        gate.set(up=False)
        assert not pause.done()
        gate.set(up=True)
        assert await pause is True

    run(scene)


def test_that_it_is_up_already_ends_no_pause() -> None:
    async def scene(gate: LineGate) -> None:
        gate.set(up=True)
        assert await gate.came_up_within(0.02) is False
        pause = await settled(gate.came_up_within(25))
        assert not pause.done()
        gate.set(up=True)
        assert await pause is True

    run(scene)
