"""Every world that can be reached, each looked at once, the nearest first."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from proof.model.words import shortened

if TYPE_CHECKING:
    from collections.abc import Callable

    from proof.model.moves import Moves
    from proof.model.world import World


class Found(NamedTuple):
    """What a search has come to."""

    states: int
    moves: int
    depth: int
    """Moves on the way to the world that is farthest away."""
    ends: int
    """Worlds in which nothing happens any more."""
    whole: bool
    """Nothing was left to look at."""
    seconds: float
    broken: str = ""
    """What does not hold; empty if all does."""
    trace: tuple[str, ...] = ()
    """The shortest way there."""
    entered: frozenset[str] = frozenset()
    """States of the state machines that executions came to."""


def explore(
    start: World, moves: Moves, claims: Callable[[World, bool], str], most: int = 10_000_000
) -> Found:
    """Breadth first, until a claim is broken, or all, or `most` worlds are seen.

    `claims` says what is wrong with a world, given whether it is an end. A world that was seen is
    known by a hash of 64 bits alone, as in TLC: of a million worlds, the chance that two have the
    same is one in thirty million.
    """
    began = time.monotonic()
    came_from = {hash(start): 0}
    waiting = deque([(start, 0)])
    moved = ends = depth = 0
    while waiting and len(came_from) <= most:
        world, depth = waiting.popleft()
        here = hash(world)
        quiet = moves.is_quiet(world)
        ends += quiet
        if wrong := claims(world, quiet):
            seconds = time.monotonic() - began
            trace = _way(start, moves, came_from, here)
            return Found(len(came_from), moved, depth, ends, False, seconds, wrong, trace)
        for _, after in moves.of(world):
            moved += 1
            there = hash(after)
            if there not in came_from:
                came_from[there] = here
                waiting.append((after, depth + 1))
    seconds = time.monotonic() - began
    return Found(len(came_from), moved, depth, ends, not waiting, seconds)


def _way(start: World, moves: Moves, came_from: dict[int, int], there: int) -> tuple[str, ...]:
    """The way to a world, gone once more: on it, each move is the one that leads to the next."""
    way = [there]
    while way[-1] != hash(start):
        way.append(came_from[way[-1]])
    world, said = start, []
    for place in reversed(way[:-1]):
        move = next(each for each in moves.of(world) if hash(each.world) == place)
        world = move.world
        said.append(shortened(move.said))
    return tuple(said)
