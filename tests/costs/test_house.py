"""What a ring and a month cost, and that the README says so."""

from __future__ import annotations

import re

import pytest

from costs import house, seed
from costs.__main__ import TEMPLATE, main
from costs.prices import read_prices
from costs.recording import read_recording
from doorbell_client.link.line import LinkTimeouts
from local.template import read_template

PRICES, RECORDING, STACK = read_prices(), read_recording(), read_template(TEMPLATE)
RINGS = {name: PRICES.total(usage) for name, usage in house.rings(RECORDING).items()}
MONTH = house.house_month(RECORDING, STACK)
FREE = PRICES.total(PRICES.after_free(MONTH))
README = (TEMPLATE.parent / "README.md").read_text("utf-8")


def said(pattern: str) -> list[float]:
    """The figures that the README gives in dollars, in this place."""
    found = re.search(pattern.replace("$", r"\$(\d+\.\d+)"), README)
    assert found, pattern
    return [float(each) for each in found.groups()]


def test_the_readme_gives_what_a_ring_costs() -> None:
    resident, stranger, repeat = said("a resident's ring costs $, a stranger's $, a second press $")
    assert resident == pytest.approx(RINGS["resident"], abs=0.000006)
    assert stranger == pytest.approx(RINGS["stranger"], abs=0.000006)
    assert repeat == pytest.approx(RINGS["repeat"], abs=0.000006)


def test_the_readme_gives_what_a_month_costs() -> None:
    free, listed = said("a month with one door and two phones $, or $ without")
    assert free == pytest.approx(FREE, abs=0.006)
    assert listed == pytest.approx(PRICES.total(MONTH), abs=0.006)


def test_the_seed_is_counted_beside() -> None:
    """A match and no match enter seven states each, and are one face comparison."""
    for kind in seed.STATES:
        assert 0.00118 < PRICES.total(seed.ring(kind)) < 0.0012


def test_a_door_pings_and_reconnects_as_its_client_does() -> None:
    assert LinkTimeouts().ping == house.PING_EVERY
    assert LinkTimeouts().planned == 60 * house.RECONNECT_EVERY


def test_an_alarm_on_an_expression_is_billed_for_each_of_its_metrics() -> None:
    expression = {"Metrics": [{"MetricStat": {}}, {"MetricStat": {}}, {"Expression": "a/b"}]}
    alarm = "AWS::CloudWatch::Alarm"
    template = {
        "Resources": {
            "Plain": {"Type": alarm, "Properties": {"MetricName": "Errors"}},
            "Rate": {"Type": alarm, "Properties": expression},
        }
    }
    assert house.stack_month(template)["alarms"] == 3


def test_what_only_many_homes_have_is_not_in_a_house_and_a_schedule_is() -> None:
    template = {
        "Resources": {
            "Rate": {"Type": "AWS::CloudWatch::Alarm", "Condition": "ManyHomes", "Properties": {}},
            "Look": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Events": {
                        "Often": {"Type": "Schedule", "Properties": {"Schedule": "rate(4 minutes)"}}
                    }
                },
            },
        }
    }
    month = house.stack_month(template)
    assert month["alarms"] == 0
    assert month["lambda.request"] == 730 * 60 / 4


def test_make_cost_prints_both_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    printed = capsys.readouterr().out
    for word in ("A ring", "A month without a ring", "Rekognition", "seed: match", PRICES.read):
        assert word in printed
