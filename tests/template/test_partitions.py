"""The same template deploys in every partition: AWS, China, GovCloud, the European Sovereign Cloud.

An ARN begins with its partition, and a host ends with the partition's suffix (AWS General
Reference, "Amazon Resource Names"; CloudFormation, "Pseudo parameters reference").
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Final

import pytest

from tests.template.sources import ROOT, rendered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEPLOYED: Final = (
    "doorbell", "filmmaker", "functions", "operations", "statemachines", "tracking", "websocket",
)  # fmt: skip

LITERAL: Final = re.compile(r"\barn:aws[\w-]*:")
HOST: Final = re.compile(r"[\w${}.-]*\.amazonaws\.com(?:\.cn)?")
PRINCIPAL: Final = re.compile(r"^[a-z]+\.amazonaws\.com$")
"""A service's name as a principal is the same in every partition (IAM User Guide, "AWS JSON policy
elements: Principal")."""


def sources() -> Iterator[Path]:
    """The template, and every file of the rooms that speak to AWS."""
    yield ROOT / "template.yaml"
    for room in DEPLOYED:
        yield from (ROOT / room).rglob("*.py")
        yield from (ROOT / room).rglob("*.json")


def said_in(file: Path) -> str:
    """What a file says to AWS: of Python its texts, without what explains an ARN to a reader."""
    text = file.read_text("utf-8")
    if file.suffix != ".py":
        return text
    nodes = list(ast.walk(ast.parse(text)))
    explains = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    return "\n".join(
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in explains
    )


def wrong_in(text: str) -> list[str]:
    """ARNs with a partition written out, and hosts that are not a service's name."""
    hosts = [host for host in HOST.findall(text) if not PRINCIPAL.match(host)]
    return LITERAL.findall(text) + hosts


def test_no_arn_and_no_host_names_a_partition() -> None:
    """Suffixes stand only where a host is looked up by its region: in a file of its own."""
    found = {
        str(file.relative_to(ROOT)): wrong
        for file in sources()
        if (wrong := wrong_in(said_in(file)))
    }
    assert set(found) <= {"doorbell/aws/api/endpoints.py"}, found


@pytest.mark.parametrize(
    "broken",
    [
        '"Resource": "arn:aws:states:::lambda:invoke"',
        'Resource: !Sub "arn:aws-cn:s3:::${Bucket}/*"',
        'Value: !Sub "https://${Bucket}.s3.${AWS::Region}.amazonaws.com"',
    ],
)
def test_a_written_partition_is_noticed(broken: str) -> None:
    assert wrong_in(broken)


def test_a_text_is_told_from_what_explains_it(tmp_path: Path) -> None:
    """A docstring may show an ARN; the code may not make one of a written partition."""
    file = tmp_path / "module.py"
    file.write_text(
        '"""As arn:aws:sqs:R:A:name."""\n# arn:aws:\nARN = f"arn:aws:s3:::{1}"\n', "utf-8"
    )
    assert wrong_in(said_in(file)) == ["arn:aws:"]


def test_what_cloudformation_gets_names_no_partition_either() -> None:
    """Also where SAM has filled in; what the test itself fills in for SAM's own map is left out."""
    filled_by_us = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    assert not LITERAL.search(str(rendered()).replace(filled_by_us, ""))
