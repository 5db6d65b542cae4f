"""Brute force, over the rules themselves: a guesser with all the time, at all doors of a home."""

from __future__ import annotations

import random
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.household.guests import MOST
from doorbell.model import HOUR, Passcode
from doorbell.passcode import CODES, MAX_CODES_A_RING, digest
from doorbell.protocol import Refused
from tests.fakes import BACK_DOOR, DOOR, KEY, NOON, make_services
from tests.jobs import type_code

if TYPE_CHECKING:
    from doorbell.model import Connection, Device
    from tests.fakes import FakeServices

DAY: Final = 24 * HOUR
DOORS: Final = (DOOR, BACK_DOOR, *(DOOR._replace(id=f"door-{n}") for n in range(3, 6)))
GOAL: Final = 1e-4
"""The chance that all guesses of an hour together may have."""


class House(NamedTuple):
    """What lives at a home's doors while somebody guesses there."""

    doors: int
    guests: int
    """PINs that are good at every door."""
    codes: int
    """Live codes of each resident's ring: one, and one more for each phone that came back."""
    rings: int
    """Residents' rings an hour, at each door."""


class Guessed(NamedTuple):
    """What came of it."""

    hours: int
    tries: int
    """The most that were judged within an hour, at all doors together."""
    at_a_door: int
    """The most at one door."""
    chance: float
    """That one of them opens: the most within any hour."""


HOUSES: Final = (
    House(doors=1, guests=0, codes=1, rings=20),
    House(doors=1, guests=0, codes=MAX_CODES_A_RING, rings=20),
    House(doors=1, guests=MOST, codes=MAX_CODES_A_RING, rings=20),
    House(doors=2, guests=5, codes=1, rings=4),
    House(doors=3, guests=MOST, codes=MAX_CODES_A_RING, rings=20),
    House(doors=5, guests=10, codes=2, rings=10),
)


def guess(house: House, hours: int, seed: int) -> Guessed:
    """For so many hours, whenever a keypad takes it: a code nobody has, at a random door.

    What is alive is counted here, apart from the product. All guesses are wrong, for codes are
    drawn from the lower half and guesses from the upper: what they could have hit counts.
    """
    chance = random.Random(seed)
    made = make_services()
    doors = [DOORS[number] for number in range(house.doors)]
    for door in doors[2:]:
        made.devices.add(door)
    sockets = {door: made.connect(door) for door in doors}
    _invite(made, house, doors, chance)
    window: deque[tuple[float, str, int]] = deque()
    most = most_tries = most_at_a_door = 0
    end = NOON + hours * HOUR
    while made.clock.now < end:
        made.clock.now += chance.choice((1.0, 7.0, 45.0, 170.0, 610.0))
        door = chance.choice(doors)
        _ring(made, house, door, chance)
        alive = _alive(made, door)
        if not _is_judged(made, door, sockets[door], f"{chance.randrange(CODES // 2, CODES):06d}"):
            continue
        now = made.clock.now
        window.append((now, door.id, alive))
        while now - window[0][0] >= HOUR:
            window.popleft()
        most = max(most, sum(each[2] for each in window))
        most_tries = max(most_tries, len(window))
        most_at_a_door = max(most_at_a_door, *(sum(w[1] == d.id for w in window) for d in doors))
    return Guessed(hours, most_tries, most_at_a_door, most / CODES)


def _invite(made: FakeServices, house: House, doors: list[Device], chance: random.Random) -> None:
    names = tuple(door.id for door in doors)
    for number in range(house.guests):
        until = NOON + 400 * DAY
        bare = Passcode("home", f"guest-{number}", "guest", "Guest", names, NOON, until, (), 1000)
        pin = digest(f"{chance.randrange(CODES // 2):06d}", KEY, bare)
        made.passcodes.issue(bare._replace(hashes=(pin,)), [])


def _ring(made: FakeServices, house: House, door: Device, chance: random.Random) -> None:
    """A resident's ring, as often as the house has them, just before the guess."""
    now = made.clock.now
    since = [p for p in made.passcodes.in_home("home", now - HOUR) if p.kind == "ring"]
    here = [p for p in since if door.id in p.doors]
    if len(here) >= house.rings:
        return
    made.passcodes.kept = {
        key: p for key, p in made.passcodes.kept.items() if p.kind == "guest" or p in since
    }
    bare = Passcode("home", f"ring-{now}-{door.id}", "ring", "Ada", (door.id,), now, now + 120, ())
    codes = [f"{chance.randrange(CODES // 2):06d}" for _ in range(house.codes)]
    issued = bare._replace(hashes=tuple(digest(code, KEY, bare) for code in codes))
    made.passcodes.issue(issued, [p for p in here if p.is_live(now)])


def _alive(made: FakeServices, door: Device) -> int:
    now = made.clock.now
    known = made.passcodes.at_door("home", door.id, now - HOUR)
    return sum(len(each.hashes) for each in known if each.is_live(now))


def _is_judged(made: FakeServices, door: Device, socket: Connection, typed: str) -> bool:
    """Whether the guess was looked at: it could have opened."""
    made.sockets.frames[socket.id].clear()
    type_code(made.services, door, typed)
    (said,) = made.heard(socket)
    return not (isinstance(said, Refused) and said.reason in ("locked", "none"))
