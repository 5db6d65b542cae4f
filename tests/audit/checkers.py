"""checkov and cdk-nag over what CloudFormation gets, and what of their findings is explained."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from tests.template.sources import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.template.sources import Tree

ENVIRONMENT: Final = Path(os.environ.get("AUDIT") or ROOT / ".venv-audit")
ACCEPTED: Final = Path(__file__).with_name("accepted.toml")
CHECKERS: Final = ("checkov", "cdk-nag")


class Finding(NamedTuple):
    """A resource that a rule complains of."""

    rule: str
    resource: str
    says: str

    def __str__(self) -> str:
        return f"{self.rule} {self.resource}: {self.says}"


class Accepted(NamedTuple):
    """Findings that are no weakness here, and why."""

    rule: str
    """How the rule begins: of one with a finding's own name in brackets, as much as is accepted."""
    why: str
    on: Sequence[str] = ()
    """The resources it holds for; empty for all."""

    def covers(self, finding: Finding) -> bool:
        """Whether this explains it."""
        same = finding.rule == self.rule or (
            "[" in self.rule and finding.rule.startswith(self.rule)
        )
        return same and (not self.on or finding.resource in self.on)


def accepted(checker: str) -> list[Accepted]:
    """What stands in accepted.toml."""
    return [Accepted(**each) for each in tomllib.loads(ACCEPTED.read_text("utf-8"))[checker]]


def unexplained(checker: str, findings: list[Finding]) -> list[str]:
    """Findings that nobody has explained."""
    known = accepted(checker)
    return [str(f) for f in findings if not any(each.covers(f) for each in known)]


def left_over(checker: str, findings: list[Finding]) -> list[str]:
    """Explanations, and names in them, of what is found no more."""
    return [
        f"{each.rule} {' '.join(gone)}".strip()
        for each in accepted(checker)
        for found in [{f.resource for f in findings if each.covers(f)}]
        for gone in [sorted(set(each.on) - found)]
        if gone or not found
    ]


def check(checker: str, template: Tree, folder: Path) -> list[Finding]:
    """Let a checker read a transformed template."""
    written = folder / "transformed.json"
    written.write_text(json.dumps(template), "utf-8")
    return _CHECKS[checker](written)


def _checkov(template: Path) -> list[Finding]:
    said = _run(
        "checkov", "-f", template, "--framework", "cloudformation", "--compact", "-o", "json"
    )
    report = json.loads(said)
    assert report["results"]["parsing_errors"] == []
    return [
        Finding(each["check_id"], each["resource"].rpartition(".")[2], each["check_name"])
        for each in report["results"]["failed_checks"]
    ]


def _cdk_nag(template: Path) -> list[Finding]:
    return [Finding(**each) for each in json.loads(_run("python", "-I", NAG, template))]


NAG: Final = Path(__file__).with_name("nag.py")
_CHECKS: Final = {"checkov": _checkov, "cdk-nag": _cdk_nag}


def _run(tool: str, *arguments: str | Path) -> str:
    program = ENVIRONMENT / "bin" / tool
    if not program.exists():
        pytest.fail(f"There is no {program}: `make audit` makes it.")
    others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    ended = subprocess.run(
        [program, *arguments], cwd=ROOT, env=others, capture_output=True, text=True, check=False
    )
    # checkov ends with 1 where it finds something.
    assert ended.returncode in (0, 1), ended.stderr
    assert ended.stdout, ended.stderr
    return ended.stdout
