"""SAM and cfn-lint find nothing in the template, and would find something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.template.sources import ROOT
from tests.template.tools import run

if TYPE_CHECKING:
    from pathlib import Path

NOT_HERE: Final = {
    "WS1000": "X-Ray's client costs a ring 260 ms of its cold start",
    "WS1002": "Cameras answers cameras, and S3 tells it of what they upload past it",
    "WS1004": "log groups are named in LoggingConfig, which this rule does not know",
    "ES2000": "an access log would hold paths, and those pairing codes",
    "ES6000": "Lost is itself the queue of what was lost",
    "ES7000": "an email has no queue behind it",
}
"""Serverless rules that do not hold for a doorbell, and why."""

WITHOUT_A_QUEUE: Final = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: echo.handler
      InlineCode: "def handler(event, context): return event"
      Events:
        Pressed: { Type: EventBridgeRule, Properties: { Pattern: { source: [doorbell] } } }
"""


def test_sam_finds_the_template_valid() -> None:
    """`sam validate --lint` passes without an account."""
    status, said = run("sam", "validate", "--lint", "--template", ROOT / "template.yaml")
    assert status == 0, said


def test_the_serverless_rules_find_nothing_else() -> None:
    """Timeouts, memory, dead-letter queues: cfn-lint-serverless has no complaint but these."""
    status, said = run("cfn-lint", *_serverless_rules(), "--template", ROOT / "template.yaml")
    assert status == 0, said


def test_the_serverless_rules_are_at_work(tmp_path: Path) -> None:
    """A rule of events without a queue is complained about."""
    without = tmp_path / "template.yaml"
    without.write_text(WITHOUT_A_QUEUE, "utf-8")
    status, said = run("cfn-lint", *_serverless_rules(), "--template", without)
    assert status != 0
    assert "ES4000" in said


def _serverless_rules() -> list[str]:
    # A list of values, so an option must follow it.
    return ["--append-rules", "cfn_lint_serverless.rules", "--ignore-checks", *NOT_HERE]
