"""Abuse: what is tried against the doorbell, and what comes of it."""

from __future__ import annotations

import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from demo.device import Device
from local import stack as local_stack
from proof.abuse import bombs, frames, fuzz, guessing, keypad, logs, requests, scene, tickets
from proof.abuse.leaks import Leaks
from proof.report import Claim, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.stack import Stack
    from proof.abuse.scene import Doorstep, House

SEED: Final = 12
PATIENCE: Final = 5.0
MEGABYTES: Final = 400


def prove(*, short: bool, seed: int = SEED, stack: Stack | None = None) -> Report:
    """On a stack of its own, or on this one."""
    claims = _guesses(short=short, seed=seed)
    with ExitStack() as closing:
        if stack is None:
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
            stack = closing.enter_context(local_stack.up(directory=folder))
        claims += _on(stack, short=short, seed=seed)
    return Report(
        "abuse",
        "Abuse",
        "Guessing is counted over the keypad's own rules, hour by hour, for homes of several "
        "doors, guests and codes; all else is done to a stack of one machine with its permissions "
        "enforced. "
        f"All that is random comes from seed {seed}.",
        claims,
    )


def _guesses(*, short: bool, seed: int) -> list[Claim]:
    hours = 12 if short else 720
    houses = guessing.HOUSES[-2:] if short else guessing.HOUSES
    claims = []
    for house in houses:
        found = guessing.guess(house, hours, seed)
        claims.append(
            Claim(
                f"chance an hour to guess a code: {house.doors} doors, {house.guests} PINs, "
                f"{house.codes} codes a ring, {house.rings} rings an hour; {hours} hours",
                f"{found.chance:.1e} ({found.tries} tries, {found.at_a_door} at one door)",
                "below 1e-4",
                found.chance < guessing.GOAL,
            )
        )
    return claims


def _on(stack: Stack, *, short: bool, seed: int) -> list[Claim]:
    chance = random.Random(seed)
    leaks = Leaks(stack)
    mark = f"{seed}"
    houses = (scene.new_house(stack, f"abused-{mark}"), scene.new_house(stack, f"beside-{mark}"))
    nobodies = scene.nobodies(*houses)
    with ExitStack() as closing:
        doors, phones = (
            [closing.enter_context(Device(name, h.home.websocket, token)) for h, token in each]
            for name, each in (
                ("door", [(h, h.home.door) for h in houses]),
                ("phone", [(h, h.home.phone) for h in houses]),
            )
        )
        steps = tuple(scene.doorstep(*pair) for pair in zip(doors, phones, strict=True))
        claims = _fuzzed(houses[0], leaks, chance, 40 if short else 5_000)
        claims += _stolen(houses, steps)
        claims += _bombed(houses[0], steps[0], leaks, short=short)
        claims += _matrix(houses, steps, nobodies, leaks, chance, short=short)
    claims += _logged(houses[0], leaks, short=short)
    claims += _typed(stack, leaks, chance, mark, short=short)
    found = leaks.found[:3]
    claims.append(
        Claim(
            "answers that show a stack trace or an inner name",
            f"{len(leaks.found)} of {leaks.looked_at:,}" + "".join(f"; {each!r}" for each in found),
            "0",
            not leaks.found,
        )
    )
    return claims


def _matrix(
    houses: tuple[House, House],
    steps: Sequence[Doorstep],
    nobodies: Sequence[scene.Caller],
    leaks: Leaks,
    chance: random.Random,
    *,
    short: bool,
) -> list[Claim]:
    asked = requests.walk(houses, tuple(nobodies), leaks, chance, 30 if short else None)
    known = [each for house in houses for each in house.callers]
    if short:
        known, nobodies = list(houses[0].callers), chance.sample(nobodies, 1)
    sent = frames.walk(houses, (steps[0], steps[1]), tuple(nobodies), leaks, known=known)
    return [
        _wrong(
            f"{what} answered otherwise than the documents allow ({found.cells:,}, of which "
            f"{found.allowed} are allowed)",
            found.wrong,
        )
        for what, found in (("cells of the HTTP matrix", asked), ("cells of the socket's", sent))
    ]


def _fuzzed(house: House, leaks: Leaks, chance: random.Random, count: int) -> list[Claim]:
    claims = []
    for what, run in (("frames", fuzz.frames), ("requests", fuzz.requests)):
        found = run(house, leaks, count, chance.randrange(2**32))
        claims.append(
            _wrong(f"strange {what} that broke something ({found.sent:,} sent)", found.failed)
        )
    return claims


def _stolen(houses: tuple[House, House], steps: Sequence[Doorstep]) -> list[Claim]:
    tried, taken = tickets.steal(houses[0], steps[0].door, steps[1].door)
    return [_wrong(f"uses of a stolen ticket that S3 took ({tried} tried)", taken)]


def _bombed(house: House, step: Doorstep, leaks: Leaks, *, short: bool) -> list[Claim]:
    found = bombs.send(house, step, leaks, 2 if short else None)
    return [
        _wrong(
            f"broken pictures that were kept, or kept a bell quiet ({found.bombs})", found.wrong
        ),
        Claim(
            "the slowest of them",
            f"{found.slowest:.1f} s",
            f"{PATIENCE:g} s",
            found.slowest < PATIENCE,
        ),
        Claim(
            "memory that they cost, in any process",
            f"{found.megabytes:.0f} MB",
            f"{MEGABYTES} MB",
            found.megabytes < MEGABYTES,
        ),
    ]


def _logged(house: House, leaks: Leaks, *, short: bool) -> list[Claim]:
    tried = logs.inject(house, leaks, 3 if short else None)
    time.sleep(0.5)
    lines, wrong = logs.read(house)
    return [
        _wrong(f"log lines that are more than one, or forged ({lines:,}; {tried} tried)", wrong)
    ]


def _typed(
    stack: Stack, leaks: Leaks, chance: random.Random, mark: str, *, short: bool
) -> list[Claim]:
    house = scene.new_house(stack, f"typed-{mark}")
    locked = keypad.lock_out(house, leaks, chance, 10 if short else 100)
    raced = keypad.race(house, leaks, 1 if short else 20)
    with (
        Device("door", house.home.websocket, house.home.door) as door,
        Device("phone", house.home.websocket, house.home.phone) as phone,
    ):
        again = keypad.replay(scene.doorstep(door, phone), 3 if short else 25)
    return [
        Claim(
            "wrong codes that are judged at a PIN before its lock",
            f"{locked.judged}, locked after {locked.seconds:.1f} s; {locked.refused} more were "
            f"refused unread, and the PIN itself is {locked.right_code}",
            "5",
            (locked.judged, locked.right_code) == (5, "locked"),
        ),
        Claim(
            f"openings by one PIN of one use, typed by {keypad.SOCKETS} sockets at once",
            f"{sorted(set(raced))} in {len(raced)} rounds",
            "1 each",
            set(raced) == {1},
        ),
        Claim(
            f"openings of one ring by {again.frames} frames sent again",
            f"{again.orders} order, told {again.opened} times",
            "1 order, told once",
            (again.orders, again.opened) == (1, 1),
        ),
    ]


def _wrong(what: str, found: Sequence[str]) -> Claim:
    """A claim that there is none; the first few are told."""
    text = f"{len(found)}" + "".join(f"; {each}" for each in found[:4])
    return Claim(what, text.replace("|", "/"), "0", not found)
