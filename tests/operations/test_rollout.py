"""A rollout by canary: everything calls the alias, and a changed parameter is a new version."""

from __future__ import annotations

import copy
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from operations.rollout import ALARMS, FUNCTION, by_canary, revision, write_canary
from tests.template.sources import ROOT, Tree, template, translated

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def plain() -> Tree:
    """The template."""
    return template()


def rendered(source: Tree) -> Tree:
    """What SAM makes of it: its resources."""
    return dict(translated(copy.deepcopy(source))["Resources"])


def test_nothing_calls_the_function_but_by_its_alias(plain: Tree) -> None:
    before, after = json.dumps(rendered(plain)), json.dumps(rendered(by_canary(plain, "a1")))
    own = json.dumps({"Fn::GetAtt": [FUNCTION, "Arn"]})
    assert before.count(own) > 5
    assert own not in after


def test_an_alarm_of_the_ring_takes_the_new_version_back(plain: Tree) -> None:
    resources = rendered(by_canary(plain, "a1"))
    group = resources[f"{FUNCTION}DeploymentGroup"]["Properties"]
    condition, *sets = group["AlarmConfiguration"]["Fn::If"]
    watched = [tuple(each["Name"]["Ref"] for each in alarms["Alarms"]) for alarms in sets]
    assert (condition, *watched) == ("FewHomes", *ALARMS)
    for alarms, homes in zip(watched, ("FewHomes", "ManyHomes"), strict=True):
        for alarm in alarms:
            assert resources[alarm]["Type"] == "AWS::CloudWatch::Alarm"
            assert resources[alarm]["Condition"] == homes
    assert group["AutoRollbackConfiguration"]["Enabled"]


def test_another_revision_is_another_version_and_the_same_is_none(plain: Tree) -> None:
    def versions(revised: str) -> list[str]:
        resources = rendered(by_canary(plain, revised))
        return [name for name, each in resources.items() if each["Type"] == "AWS::Lambda::Version"]

    assert len(versions("a1")) == 1
    assert versions("a1") == versions("a1") != versions("b2")


def test_without_a_rollout_there_is_no_version_and_no_alias(plain: Tree) -> None:
    kinds = {each["Type"] for each in rendered(plain).values()}
    assert not kinds & {
        "AWS::Lambda::Version",
        "AWS::Lambda::Alias",
        "AWS::CodeDeploy::Application",
    }


def test_code_and_parameters_make_the_revision(tmp_path: Path) -> None:
    (tmp_path / "code.py").write_text("one")
    first = revision(tmp_path, {"RingGap": "5"})
    assert first == revision(tmp_path, {"RingGap": "5"})
    assert first != revision(tmp_path, {"RingGap": "6"})
    (tmp_path / "code.py").write_text("two")
    assert first != revision(tmp_path, {"RingGap": "5"})


def test_it_is_written_beside_what_sam_has_built(tmp_path: Path) -> None:
    (tmp_path / FUNCTION).mkdir()
    shutil.copy(ROOT / "template.yaml", tmp_path)
    written = write_canary(tmp_path, {})
    assert written.parent == tmp_path
    gradual = json.loads(written.read_text("utf-8"))["Resources"][FUNCTION]["Properties"]
    assert gradual["AutoPublishAlias"] == "live"
