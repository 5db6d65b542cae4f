"""`make cost`: what a ring and a month cost, by service; and the doorbell before this one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from costs import house, seed
from costs.prices import read_prices
from costs.recording import read_recording
from local.template import read_template

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE: Final = Path(__file__).parent.parent / "template.yaml"
_WIDTH: Final = 18


def main() -> int:
    """Print both tables."""
    prices, recording = read_prices(), read_recording()
    template = read_template(TEMPLATE)
    print(
        f"US dollars, list prices of {prices.region} as read on {prices.read}; "
        f"rings as recorded on {recording.recorded}.\n"
    )
    _show("A ring", {
        **{name.replace("_", " "): prices.bill(u) for name, u in house.rings(recording).items()},
        **{f"seed: {kind}": prices.bill(seed.ring(kind)) for kind in seed.STATES},
    }, 6)  # fmt: skip
    whole = house.house_month(recording, template)
    _show("A month without a ring", {
        "the stack": prices.bill(house.stack_month(template)),
        "a door": prices.bill(house.door_month(recording)),
        "a phone": prices.bill(house.phone_month(recording)),
        "1 door, 2 phones": prices.bill(whole),
        "after free tier": prices.bill(prices.after_free(whole)),
    }, 4)  # fmt: skip
    return 0


def _show(title: str, bills: Mapping[str, Mapping[str, float]], digits: int) -> None:
    totals = {name: sum(bill.values()) for name, bill in bills.items()}
    services = sorted({service for bill in bills.values() for service in bill})
    print(f"{title:{_WIDTH}}" + "".join(f"{name:>{_WIDTH}}" for name in bills))
    for service in services:
        _row(service, [bill.get(service, 0.0) for bill in bills.values()], digits)
    _row("together", list(totals.values()), digits)
    print()


def _row(name: str, dollars: list[float], digits: int) -> None:
    shown = (f"{each:{_WIDTH}.{digits}f}" if each else f"{'-':>{_WIDTH}}" for each in dollars)
    print(f"{name:{_WIDTH}}" + "".join(shown))


if __name__ == "__main__":
    sys.exit(main())
