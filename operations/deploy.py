"""Deploy a stack: look first, ask the first time, build, deploy, put the phones' app there."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from doorbell.errors import DoorbellError
from operations import arrange, sam
from operations.answers import Answers, choose, log_of, save
from operations.app import upload
from operations.keys import make_keys
from operations.looks import remarks, who
from operations.outputs import show_first
from operations.parameters import all_values, read_parameters
from operations.questions import ask_all, check_stack, in_terminal
from operations.regions import check_region
from operations.rollout import write_canary
from operations.stacks import find_on_aws, session_of
from operations.states import failures, state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LOOPBACK: Final = r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?"

_HINDERS: Final = {
    "ROLLBACK_COMPLETE": "its first deployment failed: `make delete` clears it away, then deploy",
    "ROLLBACK_FAILED": "its first deployment failed: `make delete` clears it away, then deploy",
    "CREATE_FAILED": "its first deployment failed: `make delete` clears it away, then deploy",
    "DELETE_FAILED": "it is half deleted: `make delete` does the rest",
    "UPDATE_ROLLBACK_FAILED": (
        "an update failed and could not be taken back: `aws cloudformation"
        " continue-update-rollback --stack-name NAME` does that"
    ),
}
"""What a stack can be in that nothing can be deployed over, and what helps."""


class NotNow(DoorbellError, RuntimeError):
    """The stack is in a state that cannot be deployed over; the text says what helps."""


class How(NamedTuple):
    """By which means."""

    sam: str
    """Where the SAM CLI is."""
    rollout: str = ""
    """`canary`: a tenth of the rings first (operations/rollout.py)."""


def deploy(
    stack: str, region: str, profile: str, how: How, ask: Callable[[str], str] = in_terminal
) -> None:
    """What `make deploy` does. Raises a DoorbellError, ClientError, BotoCoreError."""
    known = choose(stack, region, profile)
    session = session_of(known)
    caller = who(session)
    print(f"Account {caller.account}, as {caller.arn}.", flush=True)
    declared = read_parameters()
    answers = known
    if not known.is_saved:
        usual = known._replace(region=session.region_name or "")
        print("Four questions, the first time; Return takes what stands in brackets.", flush=True)
        answers = ask_all(usual, declared, ask, fixed={"stack": stack, "region": region})
    check_stack(answers.stack)
    check_region(answers.region)
    values = all_values(declared, {**answers.parameters, **_here()})
    _deploy(answers, values, how)


def _deploy(answers: Answers, values: Mapping[str, str], how: How) -> None:
    session = session_of(answers)
    for remark in remarks(session):
        print(f"Note: {remark}", flush=True)
    cloudformation = session.client("cloudformation")
    before = state_of(cloudformation, answers.stack)
    _check_state(answers.stack, before)
    file = save(answers)
    log = log_of(answers)
    log.unlink(missing_ok=True)
    print(f"Answers: {file}. What SAM says: {log}.", flush=True)
    template = sam.build(log, how.sam)
    if how.rollout:
        template = write_canary(template.parent, values)
    first = before is None
    wait = "; the first time it takes about six minutes" if first else ""
    clients: Any = session.client
    make_keys(clients, answers.stack)
    if arrange.prepare(session, None, answers.stack):
        print("  what devices and faces are known by is in a table of its own", flush=True)
    print(f"Deploying {answers.stack} to {answers.region}{wait} ...", flush=True)
    try:
        changed = sam.deploy(
            [how.sam, "deploy", "--template-file", str(template), *sam.target(answers)],
            values,
            log,
            lambda: sam.how_far(cloudformation, answers.stack),
        )
    except sam.SamFailed as error:
        raise sam.SamFailed(_why(cloudformation, answers.stack) or str(error)) from None
    if not changed:
        print("  nothing has changed", flush=True)
    deployed = find_on_aws(answers)
    arrange.finish(session, None, deployed.table)
    if "AppBucket" in deployed.outputs:
        print(f"  {upload(deployed)} files of the phones' app", flush=True)
    show_first(answers, deployed, first=first)


def _here() -> dict[str, str]:
    """With AWS at a loopback address, its functions must be told where that is."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "").rstrip("/")
    return {"LocalEndpoint": endpoint} if re.fullmatch(_LOOPBACK, endpoint) else {}


def _check_state(stack: str, state: str | None) -> None:
    if state is None or state == "REVIEW_IN_PROGRESS":
        return
    if hindrance := _HINDERS.get(state):
        raise NotNow(f"{stack} is in the state {state}: {hindrance.replace('NAME', stack)}.")
    if state.endswith("_IN_PROGRESS"):
        raise NotNow(
            f"{stack} is being changed at this moment ({state}). Try again when it is done."
        )


def _why(cloudformation: Any, stack: str) -> str | None:
    """What failed first, if CloudFormation has begun: all after it is only taking back."""
    state = state_of(cloudformation, stack)
    if state is None or not state.endswith(("ROLLBACK_COMPLETE", "_FAILED")):
        return None
    hint = f"\nNow {_HINDERS[state].replace('NAME', stack)}." if state in _HINDERS else ""
    return next(
        (f"{stack} failed at {each}{hint}" for each in failures(cloudformation, stack)), None
    )
