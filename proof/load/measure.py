"""All that is measured, one thing after another: bursts, the knee, homes of many."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, NamedTuple

from demo.people import Person
from proof.load import knee, machine, sizes, town
from proof.load.run import crowd

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from local.stack import Stack
    from proof.load.knee import Step
    from proof.load.machine import Sample
    from proof.load.run import Ended
    from proof.load.sizes import Size


class Amount(NamedTuple):
    """How much is done."""

    doors: int
    in_each: int
    """Doors of a home."""
    burst: int
    bursts: int
    rates: Sequence[float]
    seconds: float
    """For which each rate is offered."""
    sizes: Sequence[int]
    looks: int
    """Residents, and as many strangers, who are looked at in each home."""
    rounds: int
    """Rings in each home, and one before."""
    pause: float
    """Seconds in which a code is typed, a visitor is answered, and what comes late has come."""


ALONE: Final = 0.2
"""The same where nobody else rings."""
LONG: Final = Amount(500, 5, 100, 10, knee.RATES, knee.SECONDS, (1, 10, 100, 1000), 100, 10, 1.0)
SHORT: Final = Amount(12, 3, 12, 1, (10,), 0.0, (1, 3), 3, 1, 0.2)


class Measured(NamedTuple):
    """All that was found."""

    doors: int
    """Connected at once."""
    phones: int
    bursts: Sequence[Sequence[Ended]]
    samples: Sequence[Sample]
    """Of the processes, during the bursts."""
    steps: Sequence[Step]
    sizes: Sequence[Size]

    @property
    def ended(self) -> list[Ended]:
        """All rings of the bursts."""
        return [each for burst in self.bursts for each in burst]

    @property
    def others(self) -> list[Ended]:
        """All rings besides."""
        climbed = [each for step in self.steps for each in step.ended]
        return climbed + [each for size in self.sizes for each in size.rings]


async def measure(
    stack: Stack, name: str, amount: Amount, seed: int, say: Callable[[str], None]
) -> Measured:
    """Homes are called `name` and a number; `say` is told what comes next."""
    homes = town.plan(name, amount.doors, amount.in_each)
    say(f"{amount.doors} doors connect")
    async with crowd(stack, homes, seed, amount.pause) as those:
        say(f"{amount.bursts} bursts of {amount.burst} rings")
        with machine.watched(lambda: those.ended) as watched:
            bursts = [await those.burst(amount.burst) for _ in range(amount.bursts)]
        say("rings are offered faster and faster")
        steps = await knee.climb(those, amount.rates, amount.seconds)
    say(f"homes of {', '.join(map(str, amount.sizes))}")
    measured = await _sizes(stack, f"{name}-of", amount, seed)
    phones = sum(len(home.phones) for home in homes)
    doors = those.connected - phones
    return Measured(doors, phones, bursts, watched.samples, steps, measured)


async def _sizes(stack: Stack, name: str, amount: Amount, seed: int) -> list[Size]:
    homes = [town.home_of_many(f"{name}-{size}") for size in amount.sizes]
    drawn = await asyncio.to_thread(sizes.pictures, amount.looks)
    passed_over, seen = [], []
    for home, size in zip(homes, amount.sizes, strict=True):
        passed_over.append(await asyncio.to_thread(sizes.fill, stack, home.id, size))
        seen.append(await asyncio.to_thread(sizes.look, stack, home.id, size, drawn))
    async with crowd(stack, homes, seed, ALONE, enrol=False) as those:
        # The first ring of a home warms it up.
        rings = (await those.by_turns(Person.EILEEN, 1 + amount.rounds))[len(homes) :]
    return [
        sizes.Size(size, seen[n], passed_over[n], rings[n :: len(homes)])
        for n, size in enumerate(amount.sizes)
    ]
