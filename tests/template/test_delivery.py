"""Nothing is lost silently: retries, dead-letter queues, logs that end; alarms: test_alarms.py."""

from __future__ import annotations

import json
from typing import Final

import pytest

from tests.template.sources import ROOT, Tree, functions, machines, properties, rendered

TARGETS: Final[dict[str, Tree]] = {
    name: resource["Properties"]["Targets"][0]
    for name, resource in rendered()["Resources"].items()
    if resource["Type"] == "AWS::Events::Rule"
}
LOST: Final = {"Fn::GetAtt": ["Lost", "Arn"]}


@pytest.mark.parametrize("rule", TARGETS)
def test_an_event_is_retried_and_then_kept(rule: str) -> None:
    """Every rule's target says how long it is retried, and where an undelivered event goes."""
    assert TARGETS[rule]["RetryPolicy"]["MaximumRetryAttempts"] >= 3
    assert TARGETS[rule]["RetryPolicy"]["MaximumEventAgeInSeconds"] >= 60
    assert TARGETS[rule]["DeadLetterConfig"]["Arn"] == LOST


@pytest.mark.parametrize("rule", ["RingPathPressed", "RingPathFailed", "WatchOpening"])
def test_what_talks_to_doors_comes_in_ten_minutes_or_not_at_all(rule: str) -> None:
    """Long enough for Lambda's first retry, which comes a minute later; yesterday's is lost."""
    assert 120 <= TARGETS[rule]["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 600


def test_lambdas_own_queue_is_bounded_too() -> None:
    """A rule's retry age does not bound the six hours that Lambda itself keeps an event."""
    assert 120 <= functions()["RingPath"]["EventInvokeConfig"]["MaximumEventAgeInSeconds"] <= 600


@pytest.mark.parametrize("function", sorted({*functions()} - {"PhoneApi"}))
def test_a_function_that_fails_leaves_its_event(function: str) -> None:
    """Events that a function could not handle go to the same queue, and it may put them there.
    The phone's API has no events: whoever asks is told.
    """
    config = functions()[function]["EventInvokeConfig"]
    assert config["DestinationConfig"]["OnFailure"] == {"Type": "SQS", "Destination": LOST}
    role = str(rendered()["Resources"][f"{function}Role"])
    assert "sqs:SendMessage" in role


def test_eventbridge_may_put_events_into_the_queue() -> None:
    """AWS documents `aws:SourceArn` for this: rules of this account and region alone."""
    (policy,) = properties("AWS::SQS::QueuePolicy").values()
    statement, _ = policy["PolicyDocument"]["Statement"]
    assert policy["Queues"] == [{"Ref": "Lost"}]
    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Action"] == "sqs:SendMessage"
    (source,) = statement["Condition"]["ArnLike"].values()
    rules = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"
    assert source == {"Fn::Sub": rules}


def test_nobody_reaches_the_queue_without_tls() -> None:
    """Neither to read nor to put something there; on one machine loopback is plain HTTP."""
    on_aws, here = (
        rendered(at)["Resources"]["LostPolicy"]["Properties"]["PolicyDocument"]["Statement"][1]
        for at in ("", "http://127.0.0.1:4566")
    )
    assert (on_aws["Effect"], on_aws["Principal"], on_aws["Action"]) == ("Deny", "*", "sqs:*")
    assert on_aws["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert here["Condition"] == {"Bool": {"aws:ViaAWSService": "nobody"}}


def test_the_queue_keeps_what_was_lost_as_long_as_it_can() -> None:
    """Fourteen days, encrypted."""
    (queue,) = properties("AWS::SQS::Queue").values()
    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert queue["SqsManagedSseEnabled"] is True


def test_failed_executions_ring() -> None:
    """States.ALL misses some errors: a rule hears of every end of a visitor but success.

    Of `watch` it would hear nothing: an Express machine publishes no change of status.
    """
    pattern = functions()["RingPath"]["Events"]["Failed"]["Properties"]["Pattern"]
    assert pattern["detail-type"] == ["Step Functions Execution Status Change"]
    assert pattern["detail"]["status"] == ["FAILED", "TIMED_OUT", "ABORTED"]
    watched = {machine["Ref"] for machine in pattern["detail"]["stateMachineArn"]}
    assert watched == {"Visitor"}


def test_what_waits_for_an_answer_is_standard() -> None:
    """Express machines can neither wait for an answer nor tell a retry from a duplicate; one that
    only waits and looks needs neither.
    """
    types = {name: machine["Type"] for name, machine in machines().items()}
    assert types == {
        "Visitor": "STANDARD",
        "Enrol": "STANDARD",
        "StopMotion": "STANDARD",
        "Watch": "EXPRESS",
    }


def test_an_express_machine_does_what_express_can() -> None:
    """Within five minutes, and it waits for no token and for no job's end."""
    definition = json.loads((ROOT / machines()["Watch"]["DefinitionUri"]).read_text("utf-8"))
    assert definition["TimeoutSeconds"] <= 300
    for state in definition["States"].values():
        assert not state.get("Resource", "").endswith((".waitForTaskToken", ".sync", ".sync:2"))


def test_the_address_of_a_door_goes_nowhere() -> None:
    """S3's event tells from which address a photo came: `visitor` gets three fields and no more."""
    target = TARGETS["VisitorPhotoCame"]
    assert "Input" not in target
    assert "InputPath" not in target
    given = target["InputTransformer"]
    assert given["InputPathsMap"] == {
        "bucket": "$.detail.bucket.name",
        "key": "$.detail.object.key",
        "size": "$.detail.object.size",
    }
    assert given["InputTemplate"] == '{"bucket": <bucket>, "key": <key>, "size": <size>}'


def test_the_address_of_a_door_does_not_go_to_its_film_either() -> None:
    given = TARGETS["FilmBurstCame"]["InputTransformer"]
    assert given["InputPathsMap"] == {"key": "$.detail.object.key", "size": "$.detail.object.size"}
    assert given["InputTemplate"] == '{"do": "film_burst", "key": <key>, "size": <size>}'


@pytest.mark.parametrize("function", functions())
def test_logs_end(function: str) -> None:
    """Each function writes JSON into a log group of its own, whose lines are deleted in time."""
    logging = functions()[function]["LoggingConfig"]
    assert logging["LogFormat"] == "JSON"
    group = properties("AWS::Logs::LogGroup")[logging["LogGroup"]["Ref"]]
    assert group["RetentionInDays"] == {"Ref": "LogDays"}
