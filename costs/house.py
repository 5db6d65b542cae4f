"""A ring, and a month in which nobody rings, of a house: what was recorded, so many times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from costs.prices import beyond, times, together

if TYPE_CHECKING:
    from collections.abc import Mapping

    from costs.recording import Recording

HOURS: Final = 730.0
"""Of a month, as AWS counts it."""
PING_EVERY: Final = 290.0
"""Seconds: `LinkTimeouts.ping` of a door."""
RECONNECT_EVERY: Final = 110.0
"""Minutes: `LinkTimeouts.planned` of a door."""
OPENED: Final = 30.0
"""How often a month a resident opens the app although nobody rang. An assumption."""
OPEN_FOR: Final = 5.0
"""Minutes, each time. An assumption."""
KEPT_GB: Final = {"dynamodb.gb_month": 0.001, "dynamodb.pitr_gb_month": 0.001, "s3.gb_month": 0.01}
"""A table of a thousand rows, and photos of residents. An assumption, and next to nothing."""
FACES: Final = 6.0
OWN_METRICS: Final = 4
"""Metrics of our own that have values at a time where a dashboard shows them, with a few homes:
counted as if they had them in every hour, which is more than a house has.
"""
LOOK: Final = {
    "lambda.request": 1,
    "lambda.gb_s": 0.5 * 0.05,
    "dynamodb.read": 1,
    "logs.gb": 1_000 / 2**30,
}
"""A function of 512 MB that looks around for 50 ms, and logs it. An assumption."""
_NOT_IN_A_HOUSE: Final = ("ManyHomes",)
"""Conditions of the template that a house does not meet."""
_EVERY: Final = re.compile(r"rate\((\d+) minutes?\)")
PHOTO_GB_MONTH: Final = 300_000 / 2**30 * 2 / 30
"""A visitor's photo of 300 KB is there for two days at most."""
BUSY_PINGS: Final = {"resident": 2, "resident_in_app": 3, "stranger": 6}
"""While somebody is at the door, door and open app ask after 5 s of silence whether the line is
there. How often that is in a ring: an assumption.
"""


COLD_READS: Final = {
    "resident": {"kms.call": 3, "parameters.call": 3, "secrets.call": 1},
    "resident_in_app": {"kms.call": 2, "parameters.call": 2, "secrets.call": 1},
    "stranger": {"kms.call": 1, "parameters.call": 1, "secrets.call": 1},
}
"""What new environments read once, and warm ones, which are recorded, do not: the key of codes
(RingPath; Push, where it draws one), that of notices (Push), and which messengers there are
(Notify).
"""


def rings(recording: Recording) -> dict[str, dict[str, float]]:
    """What each kind of ring uses. A door that rings a few times a day finds all functions cold,
    but for the ring's own, which its pings keep warm: as if that were cold, too, to be safe.
    """
    ping = recording.usage("ping", cold=False)
    found = {
        name: together((recording.usage(name), times(ping, pings), {"s3.gb_month": PHOTO_GB_MONTH}))
        | COLD_READS[name]
        for name, pings in BUSY_PINGS.items()
    }
    return found | {"repeat": _repeat(recording)}


def _repeat(recording: Recording) -> dict[str, float]:
    """What a second press within the gap adds to a stranger's ring."""
    # Environments are there already.
    twice, once = (recording.usage(story, cold=False) for story in ("stranger_twice", "stranger"))
    return beyond(twice, once)


def door_month(recording: Recording) -> dict[str, float]:
    """A door that is connected all the month."""
    minutes = 60 * HOURS
    return together((
        {"sockets.minute": minutes},
        times(recording.usage("ping", cold=False), 60 * minutes / PING_EVERY),
        # Two hours apart, so that what looks after presences is cold.
        times(recording.usage("reconnection"), minutes / RECONNECT_EVERY),
    ))  # fmt: skip


def phone_month(recording: Recording) -> dict[str, float]:
    """A phone whose owner looks into the app now and then."""
    return together((
        times(recording.usage("app_opened"), OPENED),
        {"sockets.minute": OPENED * OPEN_FOR},
        times(recording.usage("ping", cold=False), OPENED * (OPEN_FOR // 5)),
    ))  # fmt: skip


def stack_month(template: Mapping[str, Any]) -> dict[str, float]:
    """What the stack costs by being there: as the template says, for a few homes."""
    alarms = _of(template, "AWS::CloudWatch::Alarm")
    dashboards = len(_of(template, "AWS::CloudWatch::Dashboard"))
    return {
        **_scheduled(template),
        "alarms": sum(len(_metrics(alarm)) for alarm in alarms),
        "alarms.composite": len(_of(template, "AWS::CloudWatch::CompositeAlarm")),
        "dashboards": dashboards,
        "metrics": OWN_METRICS if dashboards else 0,
        "secrets.month": len(_of(template, "AWS::SecretsManager::Secret")),
        "rekognition.face_month": FACES,
        **KEPT_GB,
    }


def _of(template: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [
        each.get("Properties", {})
        for each in template["Resources"].values()
        if each["Type"] == kind and each.get("Condition") not in _NOT_IN_A_HOUSE
    ]


def _scheduled(template: Mapping[str, Any]) -> dict[str, float]:
    """Functions that look around by the clock: a short run each time, and one read of the table."""
    looks = [
        _EVERY.fullmatch(event["Properties"]["Schedule"])
        for function in _of(template, "AWS::Serverless::Function")
        for event in function.get("Events", {}).values()
        if event["Type"] == "Schedule"
    ]
    often = sum(60 * HOURS / float(every[1]) for every in looks if every)
    return times(LOOK, often)


def _metrics(alarm: Mapping[str, Any]) -> list[Any]:
    """An alarm on an expression is billed for each metric in it."""
    return [each for each in alarm.get("Metrics", [{"MetricStat": {}}]) if "MetricStat" in each]


def house_month(
    recording: Recording, template: Mapping[str, Any], doors: int = 1, phones: int = 2
) -> dict[str, float]:
    """All of it, for a house that has the stack to itself."""
    return together((
        stack_month(template),
        times(door_month(recording), doors),
        times(phone_month(recording), phones),
    ))  # fmt: skip
