"""Films now, and films again and again: what Step Functions and EventBridge Scheduler are told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from doorbell.aws.api.errors import ServiceError
from doorbell.aws.film_machine import (
    LONGEST_NAME,
    FilmMachine,
    FilmSchedules,
    Target,
    schedule_name,
)
from doorbell.films.model import Period
from tests.doorbell.aws.pools import ScriptedPool, check_shape, said, some_client

if TYPE_CHECKING:
    from doorbell.aws.sdk import Sdk

TARGET = Target(
    group="doorbell-films",
    machine="arn:aws:states:eu-central-1:1:stateMachine:doorbell-film",
    role="arn:aws:iam::1:role/schedules",
    lost="arn:aws:sqs:eu-central-1:1:lost",
)
NAMED = {"GroupName": "doorbell-films", "Name": "home.yard"}
ASKED: dict[str, object] = {"home": "home", "camera": "yard", "days": 1}


def schedules(sdk: Sdk) -> FilmSchedules:
    """The group of a stack."""
    return FilmSchedules(lambda: sdk.scheduler, TARGET)


def set_it(sdk: Sdk) -> None:
    """A film of each day at six."""
    schedules(sdk).set("home", "yard", "cron(0 6 * * ? *)", "Europe/Berlin", ASKED)


@pytest.mark.parametrize(("fps", "name"), [(None, None), (6.0, None), (None, "00ff")])
def test_a_film_begins_with_its_period(fps: float | None, name: str | None) -> None:
    """The execution may have a name, of which the film's id is made."""
    pool = ScriptedPool(said({"executionArn": "arn:of:it", "startDate": 1.0}))
    machine = FilmMachine(some_client(pool), TARGET.machine)
    assert machine.start(Period("home", "yard", 1.0, 2.0), fps, name) == "arn:of:it"
    (request,) = pool.requests
    check_shape(request)
    assert request.given["stateMachineArn"] == TARGET.machine
    assert request.given.get("name") == name
    given = json.loads(request.given["input"])
    assert given == {"home": "home", "camera": "yard", "start": 1.0, "end": 2.0} | (
        {"fps": 6.0} if fps else {}
    )


def test_a_schedule_starts_the_machine_by_its_own_role(sdk: Sdk) -> None:
    given: dict[str, Any] = {
        **NAMED,
        "ScheduleExpression": "cron(0 6 * * ? *)",
        "ScheduleExpressionTimezone": "Europe/Berlin",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": TARGET.machine,
            "RoleArn": TARGET.role,
            "Input": json.dumps(ASKED),
            "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10},
            "DeadLetterConfig": {"Arn": TARGET.lost},
        },
    }
    with Stubber(sdk.scheduler) as aws:
        aws.add_response("create_schedule", {"ScheduleArn": "arn"}, given)
        set_it(sdk)
        aws.assert_no_pending_responses()


def test_a_schedule_that_is_there_is_replaced(sdk: Sdk) -> None:
    with Stubber(sdk.scheduler) as aws:
        aws.add_client_error("create_schedule", "ConflictException", http_status_code=409)
        aws.add_response("update_schedule", {"ScheduleArn": "arn"})
        set_it(sdk)
        aws.assert_no_pending_responses()


def test_a_schedule_that_is_gone_is_removed_already(sdk: Sdk) -> None:
    with Stubber(sdk.scheduler) as aws:
        aws.add_response("delete_schedule", {}, NAMED)
        aws.add_client_error("delete_schedule", "ResourceNotFoundException", http_status_code=404)
        schedules(sdk).remove("home", "yard")
        schedules(sdk).remove("home", "yard")
        aws.assert_no_pending_responses()


def test_a_schedule_is_found_by_its_camera(sdk: Sdk) -> None:
    when = {"ScheduleExpression": "cron(0 6 * * ? *)"}
    with Stubber(sdk.scheduler) as aws:
        aws.add_response(
            "get_schedule", when | {"ScheduleExpressionTimezone": "Europe/Berlin"}, NAMED
        )
        assert schedules(sdk).find("home", "yard") == ("cron(0 6 * * ? *)", "Europe/Berlin")
        aws.add_response("get_schedule", when, NAMED)
        aws.add_client_error("get_schedule", "ResourceNotFoundException", http_status_code=404)
        assert schedules(sdk).find("home", "yard") == ("cron(0 6 * * ? *)", "UTC")
        assert schedules(sdk).find("home", "yard") is None
        aws.add_client_error("get_schedule", "Other", "quotes", 403)
        with pytest.raises(ServiceError, match=r"^Other \(403\)$"):
            schedules(sdk).find("home", "yard")


def test_the_longest_names_give_a_schedule_a_name_too() -> None:
    """EventBridge Scheduler takes 64 letters, and two ids may have 32 each and a dot between."""
    assert schedule_name("h" * 32, "c" * 31) == f"{'h' * 32}.{'c' * 31}"
    long = {schedule_name("h" * 32, "c" * 32), schedule_name("h" * 31 + "x", "c" * 32)}
    assert len(long) == 2
    assert all(len(name) <= LONGEST_NAME for name in long)


def test_a_refusal_is_an_error_of_ours(sdk: Sdk) -> None:
    with Stubber(sdk.scheduler) as aws:
        aws.add_client_error("create_schedule", "Other", "quotes", 403)
        with pytest.raises(ServiceError, match=r"^Other \(403\)$"):
            set_it(sdk)
        aws.add_client_error("create_schedule", "ConflictException", http_status_code=409)
        aws.add_client_error("update_schedule", "Other", "quotes", 403)
        with pytest.raises(ServiceError, match=r"^Other \(403\)$"):
            set_it(sdk)
        aws.add_client_error("delete_schedule", "Other", "quotes", 403)
        with pytest.raises(ServiceError, match=r"^Other \(403\)$"):
            schedules(sdk).remove("home", "yard")
