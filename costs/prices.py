"""AWS's prices: one dated file, with a source for each."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

FILE: Final = Path(__file__).parent / "prices.json"

Usage: TypeAlias = "Mapping[str, float]"
"""How much of each thing that has a price, by its name in the file of prices."""


class Price(NamedTuple):
    """What AWS asks for so many units of one thing."""

    usd: float
    per: float
    unit: str
    service: str
    source: str
    """AWS's page."""
    seen: str
    """Where the figure was read on the day of the list: `AWS`, another page, or nowhere."""
    free: float = 0
    """Units that every account has free each month, for ever."""

    def of(self, units: float) -> float:
        """US dollars for so many units."""
        return self.usd * units / self.per


class PriceList(NamedTuple):
    """All prices of a region, on the day when they were read."""

    region: str
    read: str
    """The day, ISO 8601."""
    prices: Mapping[str, Price]

    def bill(self, usage: Usage) -> dict[str, float]:
        """US dollars by service. Raises KeyError for what has no price."""
        bill: Counter[str] = Counter()
        for name, units in usage.items():
            price = self.prices[name]
            bill[price.service] += price.of(units)  # type: ignore[assignment]
        return dict(bill)

    def total(self, usage: Usage) -> float:
        """US dollars."""
        return sum(self.bill(usage).values())

    def after_free(self, usage: Usage) -> dict[str, float]:
        """What is left of a whole month's usage when the account's free units are taken off."""
        return {name: max(0.0, n - self.prices[name].free) for name, n in usage.items()}


def read_prices(file: Path = FILE) -> PriceList:
    """The prices in a file."""
    said = json.loads(file.read_text("utf-8"))
    prices = {name: Price(**fields) for name, fields in said["prices"].items()}
    return PriceList(said["region"], said["read"], prices)


def together(usages: Iterable[Usage]) -> dict[str, float]:
    """All of them."""
    total: Counter[str] = Counter()
    for usage in usages:
        total.update(usage)
    return dict(total)


def times(usage: Usage, often: float) -> dict[str, float]:
    """The same, so many times."""
    return {name: units * often for name, units in usage.items()}


def beyond(usage: Usage, other: Usage) -> dict[str, float]:
    """What one takes more than the other; nothing where it takes less."""
    return {name: max(0.0, units - other.get(name, 0)) for name, units in usage.items()}
