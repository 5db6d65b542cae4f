"""AWS's prices, and what a bill is."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from costs.prices import beyond, read_prices, times, together

PRICES = read_prices()
USAGES = st.dictionaries(
    st.sampled_from(sorted(PRICES.prices)), st.floats(0, 1e6, allow_subnormal=False), max_size=5
)


def test_every_price_says_where_and_when_it_was_read() -> None:
    assert date.fromisoformat(PRICES.read)
    for name, price in PRICES.prices.items():
        assert urlsplit(price.source).hostname == "aws.amazon.com", name
        assert price.usd >= 0, name
        assert price.per > 0, name
        assert price.unit, name


def test_a_bill_is_by_service() -> None:
    bill = PRICES.bill({"rekognition.image": 2, "states.transition": 5, "express.request": 1e6})
    assert bill == {"Rekognition": 0.002, "Step Functions": 1.000125}


@given(USAGES, USAGES)
def test_two_bills_together_are_the_bill_of_both(
    one: dict[str, float], other: dict[str, float]
) -> None:
    separate = PRICES.total(one) + PRICES.total(other)
    assert abs(PRICES.total(together((one, other))) - separate) <= 1e-9 * (1 + separate)


@given(USAGES, st.floats(0, 100))
def test_so_many_times_as_much_costs_so_many_times_as_much(
    usage: dict[str, float], n: float
) -> None:
    assert abs(PRICES.total(times(usage, n)) - n * PRICES.total(usage)) <= 1e-6


@given(USAGES)
def test_what_is_free_makes_nothing_dearer_and_nothing_negative(usage: dict[str, float]) -> None:
    left = PRICES.after_free(usage)
    assert all(0 <= left[name] <= usage[name] for name in usage)


def test_ten_alarms_are_free_and_the_eleventh_is_not() -> None:
    assert PRICES.total(PRICES.after_free({"alarms": 10})) == 0
    assert PRICES.total(PRICES.after_free({"alarms": 11})) == 0.1


def test_beyond_is_what_one_takes_more() -> None:
    assert beyond({"events": 7, "s3.put": 1}, {"events": 6, "s3.put": 2}) == {
        "events": 1,
        "s3.put": 0,
    }
