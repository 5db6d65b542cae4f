"""Step Functions and EventBridge Scheduler: films of periods, now and again and again."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.exceptions import ClientError

from doorbell.aws.api.endpoints import STATES
from doorbell.aws.sdk import refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.aws.api.client import Client
    from doorbell.films.model import Period

LONGEST_NAME: Final = 64
"""Of a schedule (EventBridge Scheduler API Reference, CreateSchedule)."""


class FilmMachine:
    """`doorbell.films.ports.Machine`."""

    def __init__(self, client: Client, arn: str) -> None:
        self._client = client
        self._arn = arn

    def start(self, period: Period, fps: float | None = None, name: str | None = None) -> str:
        """StartExecution; the execution's ARN. Raises ServiceError, NotReached."""
        asked = {**period._asdict(), **({"fps": fps} if fps else {})}
        given = {"stateMachineArn": self._arn, "input": json.dumps(asked)}
        given |= {"name": name} if name else {}
        return str(self._client.call(STATES, "StartExecution", given)["executionArn"])


class Target(NamedTuple):
    """What schedules start, and by which right."""

    group: str
    machine: str
    role: str
    lost: str
    """The queue for what could not be started. All but the group are ARNs."""


class FilmSchedules:
    """`doorbell.films.ports.Schedules`: one for each camera, in a group of the stack's own."""

    def __init__(self, scheduler: Callable[[], Any], target: Target) -> None:
        """`scheduler` gives botocore's client."""
        self._scheduler = scheduler
        self._target = target

    def set(self, home: str, camera: str, when: str, zone: str, asked: dict[str, object]) -> None:
        """CreateSchedule, or UpdateSchedule if there is one. Raises ServiceError."""
        given = {
            "GroupName": self._target.group,
            "Name": schedule_name(home, camera),
            "ScheduleExpression": when,
            "ScheduleExpressionTimezone": zone,
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": self._target.machine,
                "RoleArn": self._target.role,
                "Input": json.dumps(asked),
                "RetryPolicy": {"MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10},
                "DeadLetterConfig": {"Arn": self._target.lost},
            },
        }
        try:
            self._scheduler().create_schedule(**given)
        except ClientError as error:
            if refused(error).code != "ConflictException":
                raise refused(error) from None
            self._change(given)

    def find(self, home: str, camera: str) -> tuple[str, str] | None:
        """GetSchedule. Raises ServiceError."""
        try:
            found = self._scheduler().get_schedule(
                GroupName=self._target.group, Name=schedule_name(home, camera)
            )
        except ClientError as error:
            if refused(error).code != "ResourceNotFoundException":
                raise refused(error) from None
            return None
        return found["ScheduleExpression"], found.get("ScheduleExpressionTimezone", "UTC")

    def remove(self, home: str, camera: str) -> None:
        """DeleteSchedule. Raises ServiceError."""
        try:
            self._scheduler().delete_schedule(
                GroupName=self._target.group, Name=schedule_name(home, camera)
            )
        except ClientError as error:
            if refused(error).code != "ResourceNotFoundException":
                raise refused(error) from None

    def _change(self, given: dict[str, Any]) -> None:
        try:
            self._scheduler().update_schedule(**given)
        except ClientError as error:
            raise refused(error) from None


def schedule_name(home: str, camera: str) -> str:
    """Another for each camera of each home; the two longest ids are one letter too long."""
    name = f"{home}.{camera}"
    return name if len(name) <= LONGEST_NAME else hashlib.sha256(name.encode()).hexdigest()
