"""Homes that ring: each has a door, a household's phone, and Eileen, whose face is known."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import httpx

from demo.device import Device
from demo.errors import DemoFailed
from demo.people import Person, door_photo, portrait
from doorbell.protocol import Code, DoorOpened, Enrolled, EnterCode, Open, Opened, Ring, Ticket
from operations import devices

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import ExitStack

    from local.stack import Stack

PATIENCE = 45.0
"""Seconds that each step of a ring may take on a machine that has other work, too. Of a code's 120
enough are left to type it when a ring of the same round has waited in vain."""


class Household(NamedTuple):
    """A home, and its devices, connected."""

    home: str
    door: Device
    phone: Device


class Outcome(NamedTuple):
    """What became of one ring."""

    home: str
    seconds: float | None
    """From the `ring` frame to the `code` on the phone; None if none came that opened."""
    bell: bool
    """Whether the bell rang."""
    why: str = ""
    """What happened instead of a code."""


class RingLost(Exception):
    """A ring did not end in its code, so its time is no figure."""


def move_in(stack: Stack, homes: Sequence[str], closing: ExitStack) -> list[Household]:
    """Eileen comes to live in all of these homes."""
    # All photos are put before the first answer is awaited: they are looked at side by side.
    households = [_moved_in(stack, home, closing) for home in homes]
    for each in households:
        each.phone.hear(Enrolled, PATIENCE)
    return households


def ring_at_once(households: Sequence[Household], rounds: int) -> list[Outcome]:
    """All these doors ring at the same moment, so many times.

    The codes are typed when the last one has come: an unused code would make the next press a
    second one, for which the bell rings; and the typing shall slow no ring.
    """
    photo = door_photo(Person.EILEEN)
    together = threading.Barrier(len(households), timeout=4 * PATIENCE)
    # One client: a hundred doors have one each, but not on two cores.
    with httpx.Client(trust_env=False, timeout=PATIENCE) as http:

        def ring(household: Household) -> list[Outcome]:
            return list(_rings(household, photo, http, together, rounds))

        with ThreadPoolExecutor(len(households)) as pool:
            return [outcome for each in pool.map(ring, households) for outcome in each]


def seconds_of(outcomes: Sequence[Outcome]) -> list[float]:
    """How long each ring took. Raises RingLost, which names all that did not end in code alone."""
    lost = [f"{each.home}: {each.why}" for each in outcomes if each.seconds is None]
    lost += [f"{each.home}: a code came, and the bell rang too" for each in outcomes if each.bell]
    if lost:
        raise RingLost(
            f"{len(lost)} of {len(outcomes)} rings did not end in their code alone. "
            + " ".join(lost)
        )
    return [each.seconds for each in outcomes if each.seconds is not None]


def connect(stack: Stack, home: str, closing: ExitStack) -> Household:
    """A home's door and phone, in which nobody lives yet."""
    door, phone = (
        closing.enter_context(
            Device(
                f"{role} of {home}",
                stack.websocket,
                devices.add_device(stack.deployed, role, role, home, None),
                shows_codes=role == "phone",
            )
        )
        for role in ("door", "phone")
    )
    return Household(home, door, phone)


def _moved_in(stack: Stack, home: str, closing: ExitStack) -> Household:
    household = connect(stack, home, closing)
    stack.demo.put(f"residents/{home}/Eileen/portrait.jpeg", portrait(Person.EILEEN))
    return household


def _rings(
    household: Household,
    photo: bytes,
    http: httpx.Client,
    together: threading.Barrier,
    rounds: int,
) -> Iterator[Outcome]:
    for _ in range(rounds):
        together.wait()
        rung = _ring(household, photo, http)
        together.wait()
        yield rung if isinstance(rung, Outcome) else _come_in(household, *rung)


def _ring(household: Household, photo: bytes, http: httpx.Client) -> tuple[Code, float] | Outcome:
    """The code, and the seconds until it stood on the phone; or the outcome without one."""
    pressed = time.perf_counter()
    try:
        household.door.send(Ring())
        ticket = household.door.hear(Ticket, PATIENCE)
        upload = ticket.upload
        http.put(upload.url, content=photo, headers=dict(upload.headers)).raise_for_status()
        code = household.phone.hear(Code, PATIENCE, ring=ticket.ring)
    except (DemoFailed, httpx.HTTPError) as error:
        return Outcome(household.home, None, bell=False, why=str(error))
    return code, time.perf_counter() - pressed


def _come_in(household: Household, code: Code, seconds: float) -> Outcome:
    """Type the code, and see what else the door was told about this ring."""
    try:
        household.door.send(EnterCode(code.code))
        household.door.send(Opened(household.door.hear(Open, PATIENCE).open))
        household.phone.hear(DoorOpened, PATIENCE)
        bell = "RingThrough" in household.door.all_about(code.ring)
    except DemoFailed as error:
        return Outcome(household.home, None, bell=False, why=f"The code did not open: {error}")
    return Outcome(household.home, seconds, bell)
