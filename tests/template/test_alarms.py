"""Alarms ring by metrics that AWS has, at a share or at each failure; each has its paragraph."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from functions.household import look_at_doors
from tests.doorbell.household.test_doors import EVERY
from tests.template.sources import ROOT, Tree, functions, machines, properties, rendered, template

if TYPE_CHECKING:
    from collections.abc import Iterator

ALARMS: Final = properties("AWS::CloudWatch::Alarm")
CONDITIONS: Final = {
    name: each.get("Condition") for name, each in template()["Resources"].items() if name in ALARMS
}

FUNCTION: Final = ("FunctionName",)
MACHINE: Final = ("StateMachineArn",)
DOCUMENTED: Final[dict[str, dict[str, tuple[tuple[str, ...], ...]]]] = {
    # AWS Lambda Developer Guide, "Types of metrics for Lambda functions".
    "AWS/Lambda": {
        "Errors": (FUNCTION,),
        "Invocations": (FUNCTION,),
        "Throttles": (FUNCTION,),
        "Duration": (FUNCTION,),
        "AsyncEventsDropped": (FUNCTION,),
        "DestinationDeliveryFailures": (FUNCTION,),
    },
    # AWS Step Functions Developer Guide, "Monitoring Step Functions metrics using Amazon
    # CloudWatch", execution metrics.
    "AWS/States": {
        "ExecutionsStarted": (MACHINE,),
        "ExecutionsFailed": (MACHINE,),
        "ExecutionsTimedOut": (MACHINE,),
        "ExecutionThrottled": (MACHINE,),
    },
    # Amazon SQS Developer Guide, "Available CloudWatch metrics for Amazon SQS".
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible": (("QueueName",),)},
    # Amazon EventBridge User Guide, "Monitoring Amazon EventBridge": RuleName alone is of the
    # default bus, both are of an own one.
    "AWS/Events": {"FailedInvocations": (("RuleName",), ("EventBusName", "RuleName"))},
    # Amazon API Gateway Developer Guide, "Monitor HTTP API execution with CloudWatch metrics" and
    # "Monitor WebSocket API execution with CloudWatch metrics".
    "AWS/ApiGateway": {
        "5xx": (("ApiId",),),
        "Count": (("ApiId",),),
        "IntegrationError": (("ApiId", "Stage"),),
        "MessageCount": (("ApiId", "Stage"),),
    },
    # Ours: functions/household/measure.py.
    "Doorbell": {
        "Rings": (("Stack",),),
        "Missed": (("Stack",),),
        "Decisions": (("Stack", "Decision"),),
        "PressToNotice": (("Stack",),),
        "PressToDecision": (("Stack",),),
        "OrderToOpen": (("Stack",),),
        "Opens": (("Stack",),),
        "NotOpened": (("Stack",),),
        "Doors": (("Stack",),),
        "DoorsOffline": (("Stack",),),
        "DoorsNotSeen": (("Stack",),),
    },
}
"""Which metrics there are, by which dimensions, and where that is written."""

FREE: Final = 10
"""Alarm metrics that an account has for nothing (Amazon CloudWatch pricing, "Free tier")."""
IN_ONE: Final = 10
"""Metrics that one alarm may add up (Amazon CloudWatch User Guide, "Limits")."""


class Watched(NamedTuple):
    """One metric of an alarm."""

    namespace: str
    name: str
    dimensions: tuple[str, ...]
    of: str
    """The values of its dimensions, as text."""
    id: str = ""


def watched(alarm: Tree) -> Iterator[Watched]:
    """The metrics of an alarm."""
    if "MetricName" in alarm:
        yield _watched(alarm)
    for query in alarm.get("Metrics", []):
        if "MetricStat" in query:
            yield _watched(query["MetricStat"]["Metric"])._replace(id=query["Id"])


def _watched(metric: Tree) -> Watched:
    given = metric["Dimensions"]
    names = tuple(each["Name"] for each in given)
    values = str([each["Value"] for each in given])
    return Watched(metric["Namespace"], metric["MetricName"], names, values)


def expression(alarm: str) -> str:
    """What a sum or a share is made by."""
    (found,) = [each["Expression"] for each in ALARMS[alarm]["Metrics"] if "Expression" in each]
    return str(found)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_what_there_is_and_tells_somebody(name: str) -> None:
    alarm = ALARMS[name]
    for metric in watched(alarm):
        assert metric.dimensions in DOCUMENTED[metric.namespace][metric.name]
    assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert alarm["AlarmDescription"].endswith(".")
    quiet = name in ("DoorQuiet", "DoorsQuiet")
    assert alarm["TreatMissingData"] == ("missing" if quiet else "notBreaching")


def test_with_few_homes_the_alarms_cost_nothing_beside_the_free_ones() -> None:
    few = [name for name, condition in CONDITIONS.items() if condition in (None, "FewHomes")]
    assert sum(len([*watched(ALARMS[name])]) for name in few) <= FREE
    assert template()["Parameters"]["Homes"]["Default"] == "few"


def test_an_alarm_is_for_few_homes_or_for_many_and_the_queue_s_is_for_both() -> None:
    """At each failure with few, by a share with many."""
    assert [name for name, condition in CONDITIONS.items() if condition is None] == [
        "SomethingLost"
    ]
    assert set(CONDITIONS.values()) == {None, "FewHomes", "ManyHomes"}


SHARES: Final = sorted(name for name, alarm in ALARMS.items() if "Metrics" in alarm)


@pytest.mark.parametrize("name", SHARES)
def test_a_share_uses_each_of_its_metrics_and_not_too_many(name: str) -> None:
    """Ids begin with a small letter; METRICS('failed') is all whose id has that in it."""
    metrics = [*watched(ALARMS[name])]
    assert len(metrics) <= IN_ONE
    assert len({metric.id for metric in metrics}) == len(metrics)
    for query in ALARMS[name]["Metrics"]:
        assert re.fullmatch(r"[a-z]\w*", query["Id"])
        assert query.get("ReturnData", True) is ("Expression" in query)
    groups = re.findall(r"METRICS\('(\w+)'\)", expression(name))
    words = set(re.findall(r"[a-z]\w+", re.sub(r"'\w+'", "", expression(name))))
    for metric in metrics:
        assert metric.id in words or [g for g in groups if g in metric.id], metric.id
    assert words <= {metric.id for metric in metrics}


def _if(condition: bool, then: float, otherwise: float) -> float:
    return then if condition else otherwise


def value(alarm: str, **given: float) -> float:
    """What the expression comes to, for values of metrics, or of all that share a word."""
    return float(
        eval(
            re.sub(r"METRICS\('(\w+)'\)", r"[\1]", expression(alarm)),
            {"IF": _if, "FILL": lambda values, _: values, "SUM": sum, **given},
        )
    )


@pytest.mark.parametrize(
    ("alarm", "calm", "loud"),
    [
        ("RingPathErrors", {"failed": 4, "runs": 10}, {"failed": 5, "runs": 499}),
        ("RingPathErrors", {"failed": 5, "runs": 500}, {"failed": 60, "runs": 5000}),
        ("FunctionsFail", {"failed": 4, "runs": 4}, {"failed": 6, "runs": 100}),
        ("FilmsFail", {"failed": 1, "runs": 1}, {"failed": 5, "runs": 99}),
        ("PublishFails", {"failed": 1, "runs": 1}, {"failed": 5, "runs": 99}),
        ("FunctionsThrottled", {"throttled": 0}, {"throttled": 1}),
        ("ManyEventsDropped", {"dropped": 4}, {"dropped": 5}),
        ("EventsLostForGood", {"gone": 0}, {"gone": 1}),
        ("RulesOfAwsFail", {"lost": 0}, {"lost": 1}),
        ("RulesOfBusFail", {"lost": 0}, {"lost": 1}),
        (
            "DecisionsFail",
            {"failed": 1, "hung": 1, "started": 2},
            {"failed": 2, "hung": 1, "started": 299},
        ),
        (
            "WatchesFail",
            {"failed": 1, "hung": 1, "started": 2},
            {"failed": 2, "hung": 1, "started": 299},
        ),
        ("MachinesThrottled", {"throttled": 0}, {"throttled": 1}),
        ("HttpErrors", {"failed": 5, "asked": 500}, {"failed": 6, "asked": 500}),
        ("SocketErrors", {"failed": 4, "frames": 4}, {"failed": 5, "frames": 400}),
        ("DoorsQuiet", {"quiet": 4, "doors": 4}, {"quiet": 6, "doors": 100}),
    ],
)
def test_with_many_homes_a_share_alarms_and_single_failures_do_not(
    alarm: str, calm: dict[str, float], loud: dict[str, float]
) -> None:
    threshold = ALARMS[alarm]["Threshold"]
    assert value(alarm, **calm) <= threshold < value(alarm, **loud)


def test_every_share_is_tried() -> None:
    marks = test_with_many_homes_a_share_alarms_and_single_failures_do_not.pytestmark  # type: ignore[attr-defined]
    assert sorted({case[0] for case in marks[0].args[1]}) == SHARES


def of(name: str) -> str:
    """All that an alarm is of."""
    return " ".join(metric.of for metric in watched(ALARMS[name]))


@pytest.mark.parametrize("function", sorted(functions()))
def test_no_function_fails_in_silence(function: str) -> None:
    """With many homes each is in the lists; the phone's API has no events, and answers by 5xx."""
    here = f"'Ref': '{function}'"
    assert here in of("FunctionsThrottled")
    lists = ("ManyEventsDropped", "EventsLostForGood")
    if function != "PhoneApi":
        assert all(here in of(each) for each in lists)
        failing = ("RingPathErrors", "FunctionsFail", "FilmsFail", "PublishFails")
        assert [each for each in failing if here in of(each)]


@pytest.mark.parametrize("machine", sorted(machines()))
def test_no_machine_fails_in_silence(machine: str) -> None:
    """What nobody waits for lies in the queue when it fails; the others have alarms."""
    assert f"'Ref': '{machine}'" in of("MachinesThrottled")
    (lost,) = [each for name, each in properties("AWS::Events::Rule").items()]
    kept = lost["EventPattern"]["detail"]["stateMachineArn"]
    alarmed = of("VisitorFails") + of("WatchFails")
    assert ({"Ref": machine} in kept) != (f"'Ref': '{machine}'" in alarmed)
    assert lost["Targets"][0]["Arn"] == {"Fn::GetAtt": ["Lost", "Arn"]}


def test_no_rule_fails_in_silence() -> None:
    """All that deliver to a function or machine; a rule's name is the last part of its ARN."""
    rules: dict[str, Tree] = {
        name: each["Properties"]
        for name, each in rendered()["Resources"].items()
        if each["Type"] == "AWS::Events::Rule" and name != "ExecutionLost"
    }
    for name, rule in rules.items():
        own = "EventBusName" in rule
        arn = "arn:aws:events:eu-central-1:1:rule/" + ("bus/" if own else "") + name
        (metric,) = [
            metric
            for metric in watched(ALARMS["RulesOfBusFail" if own else "RulesOfAwsFail"])
            if f"'{name}', 'Arn'" in metric.of or f"'{name}.Arn'" in metric.of
        ]
        (index,) = re.findall(r"'Fn::Select': \[(\d),", metric.of)
        assert arn.split("/")[int(index)] == name


def test_what_lies_in_the_queue_alarms_also_when_its_metrics_come_late() -> None:
    """Depth, and any one of four times five minutes: they may come fifteen minutes late."""
    alarm = ALARMS["SomethingLost"]
    assert alarm["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Maximum", 0)
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == (300, 4)
    assert alarm["DatapointsToAlarm"] == 1


@pytest.mark.parametrize("name", ["DoorQuiet", "DoorsQuiet"])
def test_a_quiet_door_alarms_its_return_is_told_and_so_is_that_nobody_looks(name: str) -> None:
    alarm = ALARMS[name]
    assert alarm["OKActions"] == alarm["InsufficientDataActions"] == [{"Ref": "Alarms"}]
    period = alarm.get("Period", 300)
    assert period >= EVERY, "each period has a value"


def test_all_doors_are_looked_at_every_few_minutes_and_one_look_ends_before_the_next() -> None:
    household = functions()["Household"]
    rule = household["Events"]["LookAtDoors"]["Properties"]
    assert rule["Schedule"] == f"rate({EVERY / 60:.0f} minutes)"
    assert look_at_doors.WITHIN + 15 <= household["Timeout"] <= EVERY
    assert rule["RetryPolicy"]["MaximumEventAgeInSeconds"] <= EVERY


def test_what_is_deployed_is_tagged() -> None:
    """The stack's tags go to every resource that takes one."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
    assert config["default"]["deploy"]["parameters"]["tags"] == "Project=doorbell"


def test_each_alarm_has_its_paragraph_and_each_paragraph_its_alarm() -> None:
    text = (ROOT / "docs/runbook.md").read_text("utf-8")
    told = {
        name: paragraph
        for heading, paragraph in re.findall(r"^### (.+)\n+([^#]+)", text, re.MULTILINE)
        for name in heading.split(", ")
    }
    assert set(told) == set(ALARMS)
    assert all(len(paragraph) > 100 for paragraph in told.values())
