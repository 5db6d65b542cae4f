"""What lies in the queue Lost, read: which event it was, whose, why it got there, what it was for.

Four kinds of messages come there, each in AWS's form:

- Lambda gave up an event of a function (AWS Lambda Developer Guide, "Capturing records of Lambda
  asynchronous invocations"),
- a rule could not deliver one (Amazon EventBridge User Guide, "Using dead-letter queues to process
  undelivered events"),
- a schedule could not start its target (EventBridge Scheduler User Guide, "Configuring a
  dead-letter queue"),
- an execution failed that nobody waits for; a rule of ours puts that event here.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from doorbell.errors import DoorbellError

if TYPE_CHECKING:
    from collections.abc import Mapping

STATUS_CHANGE: Final = "Step Functions Execution Status Change"

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_JOB_FAILED: Final = re.compile(r"[\w $]{1,60}: \w{1,60} at [\w.]{1,60}:\d{1,5}")
"""What JobFailed says: a job, a kind of error and a place. Any other text may quote data."""
_WORD: Final = re.compile(r"[\w.]{1,100}")
_KEY: Final = re.compile(
    r"(?:guest/([^/]+)/([^/]+)|(?:residents|pictures|clips|bursts)/([^/]+))/.+"
)
_MARKS: Final = ("home", "door", "device", "camera", "ring")
"""Ids that may be shown. Names, keys, codes and answers are not."""


class NotReadable(DoorbellError, ValueError):
    """This message is of none of the forms that are known."""


class Lost(NamedTuple):
    """An event that reached nobody."""

    what: str
    """Its detail-type, or the job that it asked for."""
    target: str
    """The ARN of the function or state machine that it was for."""
    why: str
    marks: Mapping[str, str]
    """Whose it was: ids of home, door, ring."""
    payload: Any
    """What was to be given to the target; with a `rule`, the event that this is to be made of."""
    rule: str = ""
    """The ARN of the rule that was to deliver it."""

    @property
    def resource(self) -> str:
        """The ARN without an alias: arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME[:ALIAS]."""
        return ":".join(self.target.split(":")[:7])

    @property
    def whose(self) -> str:
        """The name of the function or state machine."""
        return self.resource.rpartition(":")[2]


def read_lost(body: str, attributes: Mapping[str, str]) -> Lost:
    """The message, as SQS gives it. Raises NotReadable."""
    try:
        said = json.loads(body)
        if "TARGET_ARN" in attributes:
            return _undelivered(said, attributes)
        if "requestPayload" in said:
            return _given_up(said)
        if said["detail-type"] == STATUS_CHANGE:
            return _failed(said["detail"])
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise NotReadable("This is no message of Lambda, EventBridge or Step Functions.")


def shown(lost: Lost | None) -> str:
    """What it was, for whom, whose, and why; of what was in it, ids alone."""
    if lost is None:
        return "of no known form: look at it in the console"
    marks = " ".join(f"{name}={value}" for name, value in lost.marks.items())
    return f"{lost.what} for {lost.whose}  {marks}  {lost.why}"


def _given_up(said: Mapping[str, Any]) -> Lost:
    context, payload = said["requestContext"], said["requestPayload"]
    target = context["functionArn"].removesuffix(":$LATEST")
    error = said.get("responsePayload") or {}
    text = str(error.get("errorMessage", ""))
    kind = text if _JOB_FAILED.fullmatch(text) else _word(error.get("errorType"))
    tries = int(context.get("approximateInvokeCount", 0))
    why = f"{_word(context.get('condition'))} after {tries} tries"
    return Lost(_what(payload), target, f"{why}: {kind}" if kind else why, _marks(payload), payload)


def _undelivered(payload: Any, attributes: Mapping[str, str]) -> Lost:
    said = [attributes.get(name) for name in ("ERROR_CODE", "EXHAUSTED_RETRY_CONDITION")]
    why = ", ".join(filter(None, map(_word, said)))
    tries = f" after {int(attributes.get('RETRY_ATTEMPTS') or 0) + 1} tries"
    rule = attributes.get("RULE_ARN", "")
    target = attributes["TARGET_ARN"]
    return Lost(_what(payload), target, why + tries, _marks(payload), payload, rule)


def _failed(detail: Mapping[str, Any]) -> Lost:
    given = json.loads(detail["input"]) if detail.get("input") else None
    why = " ".join(filter(None, [_word(detail["status"]), _word(detail.get("error"))]))
    return Lost(_what(given), detail["stateMachineArn"], why, _marks(given), given)


def _what(payload: Any) -> str:
    given = payload if isinstance(payload, dict) else {}
    return _word(given.get("do")) or _plain(given.get("detail-type")) or "execution"


def _marks(payload: Any) -> dict[str, str]:
    given = payload if isinstance(payload, dict) else {}
    detail = given["detail"] if isinstance(given.get("detail"), dict) else given
    found = {name: str(detail[name]) for name in _MARKS if name in detail}
    key = detail.get("key") or (detail.get("object") or {}).get("key")
    if isinstance(key, str) and (parts := _KEY.fullmatch(key)):
        guest_home, ring, other_home = parts.groups()
        found |= {"home": guest_home or other_home, **({"ring": ring} if ring else {})}
    return {name: value for name, value in found.items() if _ID.fullmatch(value)}


def _word(value: object) -> str:
    return str(value) if _WORD.fullmatch(str(value or "")) else ""


def _plain(value: object) -> str:
    return str(value) if re.fullmatch(r"[\w -]{1,60}", str(value or "")) else ""
