"""References that lead nowhere are found; those that SAM or CloudFormation resolve are not."""

from typing import Any

import pytest

from local.references import dangling
from local.server import ROOT
from local.template import read_template


def _template(value: Any) -> dict[str, Any]:
    return {
        "Parameters": {"Gap": {"Type": "Number"}},
        "Resources": {
            "Ring": {"Type": "AWS::Serverless::Function"},
            "Table": {"Type": "AWS::DynamoDB::Table"},
        },
        "Outputs": {"It": {"Value": value}},
    }


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ({"Ref": "Tabel"}, "Tabel"),
        ({"Ref": "AWS::Regoin"}, "AWS::Regoin"),
        ({"Ref": "Ringg"}, "Ringg"),
        ({"Ref": "TableRole"}, "TableRole"),
        ({"Fn::GetAtt": ["Tabel", "Arn"]}, "Tabel"),
        ({"Fn::GetAtt": "Tabel.Arn"}, "Tabel"),
        ({"Fn::Sub": "${Table.Arn}/${Tabel.Arn}"}, "Tabel"),
        ({"Fn::Sub": ["${A}${Tabel}", {"A": "1"}]}, "Tabel"),
        ({"Fn::Sub": ["${A}", {"A": {"Ref": "Tabel"}}]}, "Tabel"),
        ({"Fn::If": ["Here", [{"Ref": "Tabel"}], "no"]}, "Tabel"),
    ],
)
def test_a_reference_to_nothing_is_found(value: Any, target: str) -> None:
    assert list(dangling(_template(value))) == [("Outputs.It", target)]


@pytest.mark.parametrize(
    "value",
    [
        {"Ref": "Gap"},
        {"Ref": "AWS::NoValue"},
        {"Ref": "RingRole"},
        {"Ref": "RingprodStage"},
        {"Ref": "Ring.Version"},
        {"Fn::GetAtt": ["Table", "Arn"]},
        {"Fn::Sub": "${AWS::StackName}-${Table.Arn}-${!Literal}"},
        {"Fn::Sub": ["${A}", {"A": "1"}]},
        "${Tabel}",
    ],
)
def test_what_is_there_is_none(value: Any) -> None:
    assert list(dangling(_template(value))) == []


def test_the_doorbells_own_template_refers_to_nothing_else() -> None:
    assert read_template(ROOT / "template.yaml")["Resources"]
