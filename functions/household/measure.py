"""What is measured of the events that are heard here: rings, decisions, waits, opened doors.

Measured here and not where it happens, so that it costs a ring nothing. An event that comes twice
is counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from functions.shared.metrics import Metric

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.household.doors import Looked
    from doorbell.household.services import Household

GRAIN: Final = 1.0
"""Seconds: the bus rounds the moment of an event down to a whole one."""

ENDS: Final = {"missed": "Missed", "not_opened": "NotOpened"}


def metrics_of(household: Household, name: str, detail: dict[str, Any], at: float) -> list[Metric]:
    """What this event tells; `at` is when the bus took it."""
    measure = _MEASURED.get(name)
    return measure(household, detail, at) if measure else []


def metrics_of_doors(looked: Looked) -> list[Metric]:
    """What was found when all doors were looked at."""
    return [
        Metric("Doors", looked.doors),
        Metric("DoorsOffline", looked.offline),
        *([Metric("DoorsNotSeen", looked.failed)] if looked.failed else []),
    ]


def _pressed(_household: Household, detail: dict[str, Any], _at: float) -> list[Metric]:
    return [] if detail["kind"] == "repeat" else [Metric("Rings", 1)]


def _decided(household: Household, detail: dict[str, Any], at: float) -> list[Metric]:
    decision = detail["decision"]
    counted = Metric("Decisions", 1, dimensions={"Decision": decision})
    ring = household.rings.find(detail["home"], detail["ring"])
    if ring is None or decision == "late":
        return [counted]
    # Not later than the second in which the bus took it: a job may be repeated, or come late.
    decided_at = min(household.clock(), at + GRAIN)
    told = [_wait("PressToNotice", ring.pressed_at, ring.announced_at)] if ring.announced_at else []
    return [counted, _wait("PressToDecision", ring.pressed_at, decided_at), *told]


def _opened(household: Household, detail: dict[str, Any], _at: float) -> list[Metric]:
    order = household.opens.find(detail["home"], detail["door"], detail["open"])
    if order is None or not order.opened_at:
        return [Metric("Opens", 1)]
    ordered_at = order.valid_until - household.open_valid_for
    return [Metric("Opens", 1), _wait("OrderToOpen", ordered_at, order.opened_at)]


def _ended(_household: Household, detail: dict[str, Any], _at: float) -> list[Metric]:
    name = ENDS.get(detail["outcome"])
    return [Metric(name, 1)] if name else []


def _wait(name: str, since: float, until: float) -> Metric:
    return Metric(name, max(0.0, round((until - since) * 1000)), "Milliseconds")


_MEASURED: Final[dict[str, Callable[[Household, dict[str, Any], float], list[Metric]]]] = {
    "RingPressed": _pressed,
    "RingDecided": _decided,
    "DoorOpened": _opened,
    "RingEnded": _ended,
}
