"""PINs for guests: drawn by us, shown once, good for a time, some uses and some doors."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell import passcode
from doorbell.household.model import DAY
from doorbell.household.names import check_name
from doorbell.household.problems import Problem, not_found
from doorbell.model import ATTEMPTS, Passcode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doorbell.household.services import Household

MOST: Final = 20
"""Live PINs of a home. More would make guessing easier, which locks the keypad sooner
(`passcode.MAX_CHANCES_AN_HOUR`)."""

LONGEST: Final = 366 * DAY


class GuestPlan(NamedTuple):
    """Who may come, where and when. Times are epoch seconds."""

    name: str
    doors: tuple[str, ...]
    start: float
    end: float
    uses: int


def add(household: Household, home: str, plan: GuestPlan) -> tuple[Passcode, str]:
    """A guest and the PIN, which is kept nowhere. Raises BadName, Problem."""
    now = household.clock()
    name = check_name(plan.name)
    _check_window(plan, now)
    _check_doors(household, home, plan.doors)
    others = [each for each in household.pins.guests(home) if now < each.valid_until]
    if sum(each.uses_left > 0 for each in others) >= MOST:
        raise Problem("too_many", f"A home has {MOST} guests at most; withdraw one first.")
    bare = Passcode(
        home=home,
        id=f"{household.randbelow(16**16):016x}",
        kind="guest",
        whom=name,
        doors=tuple(dict.fromkeys(plan.doors)),
        valid_from=plan.start,
        valid_until=plan.end,
        hashes=(),
        uses_left=plan.uses,
    )
    pin = _draw(household, others)
    digest = passcode.digest(pin, household.code_key(), bare)
    issued = bare._replace(hashes=(digest,))
    household.pins.issue(issued, [])
    return issued, pin


def show_all(household: Household, home: str) -> list[Passcode]:
    """PINs that are or will be good, and those that ended within a day; the latest end first."""
    since = household.clock() - DAY
    kept = [each for each in household.pins.guests(home) if each.valid_until > since]
    return sorted(kept, key=lambda guest: -guest.valid_until)


def withdraw(household: Household, home: str, guest: str) -> None:
    """It opens nothing any more. Raises Problem `not_found`."""
    for each in household.pins.guests(home):
        if each.id == guest:
            household.pins.withdraw(each)
            return
    raise not_found()


def _draw(household: Household, others: Sequence[Passcode]) -> str:
    """A PIN that no other guest has: one that fitted two would be either's."""
    key = household.code_key()
    for _ in range(ATTEMPTS):
        pin = passcode.draw(household.randbelow)
        if not any(_fits(pin, key, each) for each in others):
            return pin
    raise Problem("try_again", "That did not work. Please try again.")


def _fits(pin: str, key: bytes, other: Passcode) -> bool:
    attempt = passcode.digest(pin, key, other)
    return any(hmac.compare_digest(attempt, stored) for stored in other.hashes)


def _check_window(plan: GuestPlan, now: float) -> None:
    if plan.end <= max(plan.start, now):
        raise Problem("bad_field", "`end` must lie after `start`, and after now.")
    if plan.end > now + LONGEST:
        raise Problem("bad_field", "`end` must lie within a year.")


def _check_doors(household: Household, home: str, doors: Sequence[str]) -> None:
    known = {each.id for each in household.devices.all(home) if each.role == "door"}
    if not set(doors) <= known:
        raise Problem("not_found", "This home has no such door.")
