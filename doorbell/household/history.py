"""Who came, and what became of it: an entry for each ring, written as the bus tells of it.

Events come in any order, now and then twice: each one writes what it knows, and an end stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from doorbell.household.model import DAY, Visit

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.household.model import Outcome
    from doorbell.household.services import Household
    from doorbell.model import Ring

PAGE: Final = 20
"""Visits on a page."""
LOOKED_AT: Final = 10
"""Pages that are looked through for one page of a filter; then the cursor goes back half full."""
PHOTO_KEPT: Final = 2 * DAY
"""A visitor's photo is gone by then (the lifecycle rule of the bucket)."""

Only: TypeAlias = Literal["strangers", "missed"]

_MATCHES: Final[dict[Only | None, Callable[[Visit], bool]]] = {
    None: lambda _: True,
    "strangers": lambda visit: visit.decision not in (None, "resident", "no_phone", "guest"),
    "missed": lambda visit: visit.outcome == "missed",
}


def ring_happened(household: Household, home: str, ring: str, decision: str | None = None) -> None:
    """A ring was pressed, or this was decided: keep what the table knows of it.

    A decision is told before a phone's `got` writes it down, which may never come.
    """
    found = household.rings.find(home, ring)
    if found:
        known = found._replace(decision=found.decision or decision)
        household.visits.decided(_visit(known), _keep_until(household, found.pressed_at))


def ring_ended(
    household: Household, home: str, ring: str, outcome: Outcome, by: str | None
) -> None:
    """It came to an end; `by` says who brought it about."""
    found = household.rings.find(home, ring)
    if found:
        ended = _visit(found)._replace(outcome=outcome, by=by, ended_at=household.clock())
        household.visits.ended(ended, _keep_until(household, found.pressed_at))


def film_made(household: Household, home: str, ring: str, *, flat: bool = False) -> None:
    """A film of this ring can be seen; `flat` if what it shows moves like a flat picture."""
    found = household.rings.find(home, ring)
    if found:
        visit = _visit(found)._replace(flat=flat or None)
        household.visits.filmed(visit, _keep_until(household, found.pressed_at))


def guest_came(household: Household, home: str, door: str, order: str) -> None:
    """A guest came in by PIN, without a ring."""
    found = household.opens.find(home, door, order)
    known = household.devices.find(home, door)
    if found is None:
        return
    at = found.opened_at or household.clock()
    visit = Visit(
        home=home,
        id=found.id,
        at=at,
        door=door,
        door_name=known.name if known else door,
        decision="guest",
        resident=found.by,
        outcome="opened",
        by=found.by,
        ended_at=at,
    )
    household.visits.ended(visit, _keep_until(household, at))


def page(
    household: Household, home: str, cursor: str | None, only: Only | None
) -> tuple[list[Visit], str | None]:
    """Visits, the latest first, and the cursor of the next page. Raises BadSetting."""
    found: list[Visit] = []
    for _ in range(LOOKED_AT):
        visits, cursor = household.visits.before(home, cursor, PAGE - len(found))
        found += [visit for visit in visits if _MATCHES[only](visit)]
        if cursor is None or len(found) >= PAGE:
            break
    return found, cursor


def has_photo(visit: Visit, now: float) -> bool:
    """Whether its photo may still be there."""
    came = visit.decision not in (None, "guest", "no_photo")
    return came and now - visit.at < PHOTO_KEPT


def has_film(visit: Visit, now: float) -> bool:
    """Whether its film may still be there: it is kept as its photo is."""
    return bool(visit.film) and now - visit.at < PHOTO_KEPT


def _visit(ring: Ring) -> Visit:
    return Visit(
        home=ring.home,
        id=ring.id,
        at=ring.pressed_at,
        door=ring.door,
        door_name=ring.door_name,
        decision=ring.decision,
        resident=ring.code_for,
        outcome=_outcome(ring),
    )


def _outcome(ring: Ring) -> Outcome:
    if ring.kind == "late":
        return "missed"
    if ring.decision is None:
        return "pending"
    return "code" if ring.decision == "resident" else "asked"


def _keep_until(household: Household, at: float) -> float:
    return at + household.history_days * DAY
