"""A range of sort keys is found by comparing them; ministack parses the condition for every row.

DynamoDB reads the range alone, however large a home is. Here every row is still looked at, but that
takes a microsecond instead of a twentieth of a millisecond.
"""

from __future__ import annotations

import re
from typing import Any, Final

from ministack.services import dynamodb

DEFAULT: Final = "ConditionExpression"

RANGE: Final = re.compile(r"(\w+) = (:\w+) AND (\w+) BETWEEN (:\w+) AND (:\w+)")
"""A partition and two bounds, of text: what the doorbell asks for."""


def compare_keys() -> None:
    """Judge such conditions without parsing; all others as before."""
    evaluate = dynamodb._evaluate_condition

    def judge(expression: Any, item: Any, values: Any, names: Any, slot: str = DEFAULT) -> Any:
        known = RANGE.fullmatch(expression) if slot == "KeyConditionExpression" else None
        if known and not names:
            try:
                return _lies_within(known, item, values)
            except (KeyError, TypeError):
                pass  # not of text: ministack knows what that comes to
        return evaluate(expression, item, values, names, slot=slot)

    dynamodb._evaluate_condition = judge


def _lies_within(known: re.Match[str], item: Any, values: Any) -> bool:
    partition, equal, sort, low, high = known.groups()
    lowest, highest = values[low]["S"], values[high]["S"]
    if lowest > highest:
        raise KeyError(low)  # an error of the caller's, which ministack words as AWS does
    in_range: bool = lowest <= item[sort]["S"] <= highest
    return in_range and item[partition]["S"] == values[equal]["S"]
