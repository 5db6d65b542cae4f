"""The dashboard shows all that is measured, by metrics that there are, in a form that is drawn."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from doorbell.protocol import REASONS
from tests.template.sources import ROOT, Tree, properties
from tests.template.test_alarms import DOCUMENTED

if TYPE_CHECKING:
    from collections.abc import Iterator


def body() -> Tree:
    """The dashboard, with words in place of what the deployment fills in."""
    (board,) = properties("AWS::CloudWatch::Dashboard").values()
    read: Tree = json.loads(re.sub(r"\$\{[^}]+\}", "x", board["DashboardBody"]["Fn::Sub"]))
    return read


def metrics_of(widget: Tree) -> Iterator[tuple[str, str, tuple[str, ...], dict[str, Any]]]:
    """Namespace, name, dimensions and options of each line of a widget."""
    for metric in widget["properties"]["metrics"]:
        *said, last = metric
        options = last if isinstance(last, dict) else {}
        parts = said if options else metric
        yield parts[0], parts[1], tuple(parts[2::2]), options


WIDGETS: Final = body()["widgets"]


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: widget["properties"]["title"])
def test_a_widget_is_one_that_cloudwatch_draws(widget: Tree) -> None:
    """Amazon CloudWatch API reference, "Dashboard body structure and syntax"."""
    assert set(widget) == {"type", "x", "y", "width", "height", "properties"}
    assert widget["type"] == "metric"
    assert 0 <= widget["x"] < widget["x"] + widget["width"] <= 24
    assert 1 <= widget["height"] <= 1000
    about = widget["properties"]
    allowed = {"title", "region", "view", "stacked", "period", "stat", "metrics"}
    assert {"region", "metrics"} <= set(about) <= allowed
    assert about["view"] in ("timeSeries", "singleValue", "gauge", "bar", "pie", "table")
    assert about["period"] % 60 == 0
    for namespace, name, dimensions, options in metrics_of(widget):
        assert dimensions in DOCUMENTED[namespace][name]
        assert set(options) <= {"stat"}
        for stat in (about["stat"], options.get("stat", "Sum")):
            assert re.fullmatch(r"Sum|Maximum|Minimum|Average|SampleCount|p\d{1,2}", stat)


def test_no_widget_lies_on_another() -> None:
    taken = [
        (x, y)
        for each in WIDGETS
        for x in range(each["x"], each["x"] + each["width"])
        for y in range(each["y"], each["y"] + each["height"])
    ]
    assert len(set(taken)) == len(taken)


def test_the_dashboard_shows_all_that_is_measured_and_every_reason() -> None:
    """Within the fifty metrics of a dashboard that costs nothing."""
    lines = [(w, m) for w in WIDGETS for m in w["properties"]["metrics"]]
    shown = {metric[1] for _, metric in lines if metric[0] == "Doorbell"}
    assert shown == set(DOCUMENTED["Doorbell"])
    reasons = {metric[-1] for _, metric in lines if metric[1] == "Decisions"}
    assert reasons == {"resident", *REASONS}
    assert len(lines) <= 50
    namespaces = {metric[0] for _, metric in lines}
    assert {"Doorbell", "AWS/SQS", "AWS/Lambda"} <= namespaces


def test_all_that_is_measured_is_documented() -> None:
    """The names in the code are those of the table above."""
    code = (ROOT / "functions/household/measure.py").read_text("utf-8")
    named = set(re.findall(r'(?:Metric|_wait)\(\s*"(\w+)"', code))
    named |= set(re.findall(r'"(?:missed|not_opened)": "(\w+)"', code))
    assert named == set(DOCUMENTED["Doorbell"])
