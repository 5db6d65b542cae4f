"""checkov and cdk-nag find nothing in the template but what is explained, and would find more."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest

from tests.audit.checkers import (
    ACCEPTED,
    CHECKERS,
    Accepted,
    Finding,
    accepted,
    check,
    left_over,
    unexplained,
)
from tests.template.sources import rendered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.template.sources import Tree

EACH = pytest.mark.parametrize("checker", CHECKERS)
Found = dict[str, list[Finding]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What each says of the template as AWS gets it."""
    return {each: check(each, rendered(), tmp_path_factory.mktemp(each)) for each in CHECKERS}


@EACH
def test_every_finding_is_explained(checker: str, found: Found) -> None:
    assert unexplained(checker, found[checker]) == []


@EACH
def test_no_explanation_is_left_over(checker: str, found: Found) -> None:
    """What was mended, or is gone, needs none: take it out of accepted.toml."""
    assert left_over(checker, found[checker]) == []


@EACH
def test_an_explanation_is_a_sentence(checker: str) -> None:
    assert ACCEPTED.exists()
    for each in accepted(checker):
        assert len(each.why.split()) >= 5, each.rule


def open_bucket(template: Tree) -> None:
    """Anybody may be given the photos."""
    del template["Resources"]["Bucket"]["Properties"]["PublicAccessBlockConfiguration"]


def plain_queue(template: Tree) -> None:
    """What was lost may be read without TLS."""
    del template["Resources"]["LostPolicy"]


def all_rights(template: Tree) -> None:
    """One function may do anything."""
    (policy, *_) = template["Resources"]["RingPathRole"]["Properties"]["Policies"]
    policy["PolicyDocument"]["Statement"] = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]


@pytest.mark.parametrize(
    ("checker", "spoil", "rule"),
    [
        ("checkov", open_bucket, "CKV_AWS_53"),
        ("checkov", all_rights, "CKV_AWS_63"),
        ("cdk-nag", plain_queue, "AwsSolutions-SQS4"),
        ("cdk-nag", all_rights, "AwsSolutions-IAM5[Resource::*]"),
    ],
)
def test_a_checker_is_at_work(
    checker: str, spoil: Callable[[Tree], None], rule: str, tmp_path: Path
) -> None:
    """With a weakness put into it, the template does not pass."""
    template = copy.deepcopy(rendered())
    spoil(template)
    found = check(checker, template, tmp_path)
    assert any(each.startswith(rule) for each in unexplained(checker, found))


def test_an_explanation_holds_for_what_it_names_alone() -> None:
    bucket = Finding("X-1", "Bucket", "says")
    assert Accepted("X-1", "why").covers(bucket)
    assert Accepted("X-1", "why", ["Bucket"]).covers(bucket)
    assert not Accepted("X-1", "why", ["Other"]).covers(bucket)
    assert not Accepted("X-", "why").covers(bucket)
    wild = Finding("I-5[Resource::<Bucket.Arn>/guest/*]", "Role", "says")
    assert Accepted("I-5[Resource::<Bucket.Arn>/", "why").covers(wild)
    assert not Accepted("I-5", "why").covers(wild)
