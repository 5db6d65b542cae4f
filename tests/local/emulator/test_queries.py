"""Ranges of keys are found as ministack finds them, and faster."""

from __future__ import annotations

import inspect
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ministack.services import dynamodb

from doorbell.aws.dynamodb import table
from local.emulator import queries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONDITION = "home = :home AND sk BETWEEN :low AND :high"
ORIGINAL = dynamodb._evaluate_condition

texts = st.text("abc#~\U0010ffffé", max_size=4)


@pytest.fixture(scope="module")
def judge() -> Iterator[Callable[..., Any]]:
    """Ministack's own function, as we change it."""
    patch = pytest.MonkeyPatch()
    patch.setattr(dynamodb, "_evaluate_condition", ORIGINAL)
    queries.compare_keys()
    yield dynamodb._evaluate_condition
    patch.undo()


def row(home: str, sk: str) -> dict[str, Any]:
    return {"home": {"S": home}, "sk": {"S": sk}}


def bounds(home: str, low: str, high: str) -> dict[str, Any]:
    return {":home": {"S": home}, ":low": {"S": low}, ":high": {"S": high}}


@given(texts, texts, texts, texts, texts)
def test_a_row_lies_within_a_range_where_ministack_says_so(
    judge: Callable[..., Any], home: str, sk: str, asked: str, one: str, other: str
) -> None:
    low, high = sorted((one, other))
    asked_of: tuple[Any, ...] = (CONDITION, row(home, sk), bounds(asked, low, high), {})
    slot = "KeyConditionExpression"
    assert judge(*asked_of, slot=slot) == ORIGINAL(*asked_of, slot=slot)


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        (CONDITION, bounds("h", "b", "a")),
        (CONDITION, {":home": {"S": "h"}, ":low": {"N": "1"}, ":high": {"N": "2"}}),
        ("home = :home AND begins_with(sk, :low)", bounds("h", "a", "b")),
        ("home = :home", bounds("h", "a", "b")),
    ],
)
def test_any_other_condition_is_ministack_s(
    judge: Callable[..., Any], condition: str, values: dict[str, Any]
) -> None:
    def outcome(function: Callable[..., Any]) -> object:
        try:
            return function(condition, row("h", "a"), values, {}, slot="KeyConditionExpression")
        except ValueError as error:
            return str(error)

    assert outcome(judge) == outcome(ORIGINAL)


def test_the_table_s_own_condition_is_one_that_is_judged_quickly(
    judge: Callable[..., Any],
) -> None:
    assert CONDITION in inspect.getsource(table)

    def seconds(function: Callable[..., Any]) -> float:
        began = time.process_time()
        for number in range(500):
            values = bounds("h", "a", "b")
            function(CONDITION, row("h", f"a{number}"), values, {}, slot="KeyConditionExpression")
        return time.process_time() - began

    assert seconds(judge) < seconds(ORIGINAL) / 5
