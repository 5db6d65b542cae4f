"""Abuse: what is tried against the doorbell, and what comes of it."""

from __future__ import annotations

import random
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from demo.device import Device
from local import stack as local_stack
from proof.abuse import bombs, frames, fuzz, guessing, keypad, logs, requests, scene, tickets
from proof.abuse.leaks import Leaks
from proof.report import Claim, Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local.stack import Stack
    from proof.abuse.requests import Found
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
                f"chance an hour to guess a code: {_counted(house.doors, 'door')}, "
                f"{house.guests} PINs, {house.codes} codes a ring, {house.rings} rings an hour; "
                f"{hours} hours",
                f"{found.chance:.1e} ({found.tries} tries, {found.at_a_door} at one door)",
                "below 1e-4, of some",
                # Of none that was judged there is no chance to tell of.
                found.tries > 0 and found.chance < guessing.GOAL,
            )
        )
    return claims


def _on(stack: Stack, *, short: bool, seed: int) -> list[Claim]:
    chance = random.Random(seed)
    leaks = Leaks(stack)
    houses = (
        scene.new_house(stack, f"abused-{seed}"),
        scene.new_house(stack, f"beside-{seed}"),
    )
    nobodies = scene.nobodies(*houses)
    # First, while nothing else happens there: what is refused must change nothing.
    claims = _asked(houses, nobodies, leaks, chance, short=short)
    claims += _sent(houses, nobodies, leaks, chance, short=short)
    worn = scene.new_house(stack, f"worn-{seed}")
    claims += _typed(worn, leaks, chance, short=short)
    claims += _bombed(worn, leaks, short=short)
    claims += _fuzzed(worn, leaks, chance, 20 if short else 5_000)
    claims += _logged(worn, leaks, short=short)
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


def _asked(
    houses: tuple[House, House],
    nobodies: tuple[scene.Caller, ...],
    leaks: Leaks,
    chance: random.Random,
    *,
    short: bool,
) -> list[Claim]:
    found = requests.walk(houses, nobodies, leaks, chance, 30 if short else None)
    return [_matrix("cells of HTTP's matrix", found)]


def _sent(
    houses: tuple[House, House],
    nobodies: tuple[scene.Caller, ...],
    leaks: Leaks,
    chance: random.Random,
    *,
    short: bool,
) -> list[Claim]:
    known = [each for house in houses for each in house.callers]
    if short:
        known, nobodies = list(houses[0].callers[:2]), (chance.choice(nobodies),)
    # The manager's phone has withdrawn the guest.
    fresh = tuple(house._replace(pin=scene.invite(house.home)["pin"]) for house in houses)
    with ExitStack() as closing:
        steps = [closing.enter_context(_at_the_door(house)) for house in houses]
        found = frames.walk(
            (fresh[0], fresh[1]), (steps[0], steps[1]), nobodies, leaks, known=known
        )
        tried, taken = tickets.steal(houses[0], steps[0].door, steps[1].door)
    return [
        _matrix("cells of the socket's matrix", found),
        _wrong(f"uses of a stolen ticket that S3 took ({tried} tried)", taken),
    ]


def _matrix(what: str, found: Found) -> Claim:
    counted = f"({found.cells:,}, of which {found.allowed} are allowed)"
    return _wrong(f"{what} answered otherwise than the documents say {counted}", found.wrong)


@contextmanager
def _at_the_door(house: House) -> Iterator[Doorstep]:
    """A door and a phone with visitors under way."""
    home = house.home
    with (
        Device("door", home.websocket, home.door) as door,
        Device("phone", home.websocket, home.phone) as phone,
    ):
        yield scene.doorstep(door, phone)


def _fuzzed(house: House, leaks: Leaks, chance: random.Random, count: int) -> list[Claim]:
    claims = []
    for what, run in (("frames", fuzz.frames), ("requests", fuzz.requests)):
        found = run(house, leaks, count, chance.randrange(2**32))
        claims.append(
            _wrong(f"strange {what} that broke something ({found.sent:,} sent)", found.failed)
        )
    return claims


def _bombed(house: House, leaks: Leaks, *, short: bool) -> list[Claim]:
    with _at_the_door(house) as step:
        found = bombs.send(house, step, leaks, 1 if short else None)
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
    injected = logs.inject(house, leaks, 3 if short else None)
    lines, left, wrong = logs.read(house, injected)
    told = f"{lines:,}, of which {left} were left by {injected.tried} tries"
    return [_wrong(f"log lines that are more than one, forged, or missing ({told})", wrong)]


def _typed(house: House, leaks: Leaks, chance: random.Random, *, short: bool) -> list[Claim]:
    locked = keypad.lock_out(house, leaks, chance, 10 if short else 100)
    raced = keypad.race(house, leaks, 1 if short else 20)
    with _at_the_door(house) as step:
        again = keypad.replay(step, 3 if short else 25)
    return [
        Claim(
            "wrong codes that are judged at a PIN before its lock",
            f"{locked.judged}, in {locked.seconds * 1000:.0f} ms; {locked.refused} more were "
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
            f"{again.orders} order, told {_often(again.opened)}",
            "1 order, told once",
            (again.orders, again.opened) == (1, 1),
        ),
    ]


def _wrong(what: str, found: Sequence[str]) -> Claim:
    """A claim that there is none; the first few are told."""
    text = f"{len(found)}" + "".join(f"; {each}" for each in found[:4])
    return Claim(what, text.replace("|", "/"), "0", not found)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _often(times: int) -> str:
    return "once" if times == 1 else f"{times} times"
