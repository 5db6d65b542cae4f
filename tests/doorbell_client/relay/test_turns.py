"""Those who want the same come one after another, all others side by side."""

from __future__ import annotations

import asyncio

from doorbell_client.relay.turns import Turns


def test_the_same_waits_and_another_does_not_and_nothing_is_left() -> None:
    async def told() -> list[str]:
        turns, told = Turns(), list[str]()

        async def one(what: str, name: str, seconds: float) -> None:
            async with turns.of(what):
                told.append(f"{name} in")
                await asyncio.sleep(seconds)
                told.append(f"{name} out")

        await asyncio.gather(one("a", "1", 0.03), one("a", "2", 0), one("b", "3", 0))
        assert not turns._locks
        assert not turns._wanted
        return told

    told_ = asyncio.run(told())
    assert told_.index("1 out") < told_.index("2 in")
    assert told_.index("3 out") < told_.index("1 out")
