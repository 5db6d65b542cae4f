"""Our evaluator decides as the emulator's does, which others wrote; and as IAM's guide says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from tests.permissions.evaluator import OPERATORS, Request, Statement, allows, denies, matches

texts = st.text("ab:/*?[", max_size=4)
names = st.text("ab:/[", max_size=4)
KEYS = ("s3:prefix", "events:source")

conditions = st.dictionaries(
    st.sampled_from(["StringEquals", "ForAllValues:StringEquals", "StringLike", "ArnLike"]),
    st.dictionaries(st.sampled_from(KEYS), st.lists(texts, min_size=1, max_size=2), max_size=2),
    max_size=2,
) | st.fixed_dictionaries(
    {"Null": st.dictionaries(st.sampled_from(KEYS), st.sampled_from(["true", "false"]), max_size=2)}
)
statements = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Deny"]),
        "Action": st.lists(texts, min_size=1, max_size=2),
        "Resource": st.lists(texts, min_size=1, max_size=2),
        "Condition": conditions,
    }
)
requests = st.builds(Request, names, names, st.dictionaries(st.sampled_from(KEYS), names))


@given(st.lists(statements, max_size=4), requests)
def test_it_decides_as_another_evaluator_does(policy: list[Statement], asked: Request) -> None:
    context = EvalContext(
        principal_arn="", principal_type="AssumedRole", principal_account="",
        action=asked.action, resource_arn=asked.resource, region="",
        source_ip="", secure_transport=False, service_context=dict(asked.keys),
    )  # fmt: skip
    other = evaluate(context, [parse_policy_document({"Statement": policy})])
    assert allows(policy, asked) == (other.decision == "Allow")
    assert denies(policy, asked) == (other.decision == "Deny")


@given(names, names)
def test_without_a_star_a_pattern_is_itself_alone(pattern: str, value: str) -> None:
    assert matches(pattern, value) == (pattern == value)


@given(names, names, names)
def test_a_star_is_any_text_and_a_question_mark_one_letter(a: str, b: str, c: str) -> None:
    assert matches(f"{a}*{c}", f"{a}{b}{c}")
    assert matches("?" * len(b), b)
    assert not matches("?" * (len(b) + 1), b)


@given(st.lists(statements, max_size=4), statements, requests)
def test_a_denial_outweighs_and_order_says_nothing(
    policy: list[Statement], another: Statement, asked: Request
) -> None:
    denial = {**another, "Effect": "Deny"}
    if denies([denial], asked):
        assert not allows([*policy, denial], asked)
    assert allows(policy, asked) == allows(policy[::-1], asked)
    assert not allows([], asked)


ALL: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}


@pytest.mark.parametrize(
    ("condition", "keys", "holds"),
    [
        ({"StringEquals": {"events:source": "doorbell"}}, {"events:source": "doorbell"}, True),
        ({"StringEquals": {"events:source": "doorbell"}}, {"events:source": "Doorbell"}, False),
        ({"StringEquals": {"events:source": "doorbell"}}, {}, False),
        ({"StringEquals": {"events:source": "a"}}, {"events:source": ["a", "b"]}, False),
        ({"ForAllValues:StringEquals": {"events:source": "a"}}, {"events:source": "a"}, True),
        ({"ForAllValues:StringEquals": {"events:source": "a"}}, {"events:source": ["a"]}, True),
        (
            {"ForAllValues:StringEquals": {"events:source": "a"}},
            {"events:source": ["a", "b"]},
            False,
        ),
        ({"ForAllValues:StringEquals": {"events:source": "a"}}, {"events:source": "b"}, False),
        ({"ForAllValues:StringEquals": {"events:source": "a"}}, {}, True),
        ({"Null": {"s3:if-none-match": "true"}}, {}, True),
        ({"Null": {"s3:if-none-match": "true"}}, {"s3:if-none-match": "*"}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "false"}, True),
        ({"Bool": {"aws:SecureTransport": "false"}}, {"aws:SecureTransport": "true"}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, {}, False),
    ],
)
def test_conditions_hold_as_iams_guide_says(
    condition: dict[str, Any], keys: dict[str, Any], holds: bool
) -> None:
    assert allows([{**ALL, "Condition": condition}], Request("a:B", "c", keys)) is holds


def test_an_action_is_written_in_any_case_and_a_resource_is_not() -> None:
    policy = [{"Effect": "Allow", "Action": "S3:getobject", "Resource": "arn:A"}]
    assert allows(policy, Request("s3:GetObject", "arn:A"))
    assert not allows(policy, Request("s3:GetObject", "arn:a"))


def test_what_is_excepted_is_not_spoken_of() -> None:
    policy = [{"Effect": "Allow", "NotAction": "logs:*", "Resource": "*"}]
    assert allows(policy, Request("s3:GetObject", "x"))
    assert not allows(policy, Request("logs:CreateLogGroup", "x"))


def test_a_condition_of_no_known_kind_is_an_error() -> None:
    assert "DateLessThan" not in OPERATORS
    with pytest.raises(KeyError):
        allows([{**ALL, "Condition": {"DateLessThan": {"x": "y"}}}], Request("a:B", "c"))
