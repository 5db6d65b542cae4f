"""Who makes films, with what, and what they may touch: bursts and pictures, and no photo."""

from __future__ import annotations

import json
from typing import Final

from doorbell.household.camera_films import MADE_WITHIN
from tests.template.sources import ROOT, Tree, functions, listed, properties, template

FILM: Final = functions()["Film"]
STATEMENTS: Final = [statement for policy in FILM["Policies"] for statement in policy["Statement"]]


def may(action: str) -> set[str]:
    """The objects of the bucket that this may be done to."""
    return {
        resource["Fn::Sub"].removeprefix("${Bucket.Arn}/")
        for statement in STATEMENTS
        if action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def test_it_reads_what_it_films_and_no_photo_of_anybody() -> None:
    assert may("s3:GetObject") == {
        "guest/*/*/burst.mjpeg", "bursts/*", "pictures/*",
        "guest/*/*/film.gif", "guest/*/*/film.mp4", "films/*",
    }  # fmt: skip


def test_it_writes_films_and_removes_their_parts_alone() -> None:
    assert may("s3:PutObject") == {"guest/*/*/film.gif", "guest/*/*/film.mp4", "films/*"}
    assert may("s3:DeleteObject") == {"films/*/segments/*"}


def test_no_film_starts_another() -> None:
    """What wakes the function is nothing that it writes."""
    rule = FILM["Events"]["BurstCame"]["Properties"]["Pattern"]["detail"]["object"]["key"]
    assert {each["wildcard"] for each in rule} == {"guest/*/burst.mjpeg", "bursts/*.mjpeg"}
    assert not {each["wildcard"] for each in rule} & may("s3:PutObject")


def test_it_has_the_time_the_memory_and_the_disk_of_the_longest_film() -> None:
    """A whole core begins at 1,769 MB; the state machine waits as long as a call may take."""
    assert (FILM["Timeout"], FILM["MemorySize"]) == (900, 1769)
    assert FILM["EphemeralStorage"]["Size"] >= 2048
    machine = json.loads((ROOT / "statemachines/film.asl.json").read_text("utf-8"))
    tasks = [each for each in machine["States"].values() if each["Type"] == "Task"]
    assert {task["TimeoutSeconds"] for task in tasks} == {FILM["Timeout"]}


def test_films_are_off_the_ring_path() -> None:
    """The ring's function neither calls it nor waits for it, and lends it no right."""
    ring: Tree = functions()["RingPath"]
    assert "Film" not in str(ring)
    assert "RingPath" not in str(FILM)


def test_a_schedule_may_start_films_and_leave_what_was_lost() -> None:
    (policy,) = properties("AWS::IAM::Role")["FilmScheduleRole"]["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    assert {each["Action"]: each["Resource"] for each in statements} == {
        "states:StartExecution": {"Ref": "StopMotion"},
        "sqs:SendMessage": {"Fn::GetAtt": ["Lost", "Arn"]},
    }
    assumed = properties("AWS::IAM::Role")["FilmScheduleRole"]["AssumeRolePolicyDocument"]
    (statement,) = assumed["Statement"]
    assert statement["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    }


def test_the_operator_finds_what_make_film_needs() -> None:
    outputs = template()["Outputs"]
    assert {"StopMotion", "FilmSchedules", "FilmScheduleRole", "Lost"} <= set(outputs)


def test_the_app_sets_schedules_of_films_and_nothing_else() -> None:
    """Inside the stack's own group, with the one role that can start films and no other."""
    statements = {
        each["Sid"]: each
        for policy in functions()["PhoneApi"]["Policies"]
        for each in policy["Statement"]
    }
    schedules = statements["FilmsAgainAndAgain"]
    assert {each.partition(":")[0] for each in schedules["Action"]} == {"scheduler"}
    _, (_, here, on_aws) = next(iter(schedules["Resource"].items()))
    assert here["Fn::Sub"].endswith(":schedule/default/*")
    assert on_aws["Fn::Sub"].endswith(":schedule/${FilmSchedules}/*")
    passed = statements["ByTheRoleThatStartsFilms"]
    assert passed["Action"] == "iam:PassRole"
    assert passed["Resource"] == {"Fn::GetAtt": ["FilmScheduleRole", "Arn"]}
    assert passed["Condition"] == {
        "StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}
    }


def test_an_execution_that_ends_without_a_word_is_told() -> None:
    """Else a phone would wait for its film, and no other could be made for hours."""
    pattern = FILM["Events"]["Stopped"]["Properties"]["Pattern"]
    assert pattern["detail"]["status"] == ["FAILED", "TIMED_OUT", "ABORTED"]
    assert pattern["detail"]["stateMachineArn"] == [{"Ref": "StopMotion"}]
    machine = json.loads((ROOT / "statemachines/film.asl.json").read_text("utf-8"))
    assert machine["TimeoutSeconds"] < MADE_WITHIN
