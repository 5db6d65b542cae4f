"""Delete a stack without a trace, whatever state it is in; and again, if that broke off."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from doorbell.errors import DoorbellError
from operations import kept, leftovers
from operations.answers import Answers, choose, forget
from operations.devices import revoke_all
from operations.looks import who
from operations.questions import in_terminal
from operations.stacks import NoStack, find_on_aws, session_of
from operations.states import failures, state_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import boto3

LOOK_EVERY: Final = 2.0
PATIENCE: Final = 3600.0
"""Seconds a stack may take to go; CloudFront takes minutes."""


class NotDeleted(DoorbellError, RuntimeError):
    """Something stays; the text says what, and the same command goes on."""


class Found(NamedTuple):
    """All there is of a stack."""

    state: str | None
    """CloudFormation's; None if it knows none of this name."""
    kept: kept.Kept
    others: dict[str, list[str]]
    """Names by what they are."""

    def lines(self, stack: str) -> list[str]:
        """As a person is asked."""
        lines = [f"the stack {stack} ({self.state})"] if self.state else []
        lines += [f"the table {name}, with all devices and residents" for name in self.kept.tables]
        lines += [f"the bucket {name}, with all that is in it" for name in self.kept.buckets]
        return lines + [f"{what}: {len(names)}" for what, names in self.others.items() if names]


def delete(
    stack: str,
    region: str,
    profile: str,
    ask: Callable[[str], str] = in_terminal,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """What `make delete` does. Raises a DoorbellError, ClientError, BotoCoreError."""
    which = choose(stack, region, profile)
    session = session_of(which)
    caller = who(session)
    which = which._replace(region=session.region_name or "")
    found = look(session, which.stack)
    if not found.lines(which.stack):
        print(f"There is nothing of {which.stack} in {which.region}, account {caller.account}.")
        forget(which)
        return
    print(f"This deletes for good, in {which.region}, account {caller.account}:")
    print("\n".join(f"  {line}" for line in found.lines(which.stack)), flush=True)
    if ask(f"Its name, to go on ({which.stack}): ") != which.stack:
        raise NotDeleted("Nothing was deleted.")
    remove(session, which, found, sleep)
    forget(which)
    print(f"Nothing of {which.stack} is left.", flush=True)


def look(session: boto3.Session, stack: str) -> Found:
    """What there is. Table and bucket are looked for where CloudFormation knows none, too."""
    return Found(
        state_of(session.client("cloudformation"), stack),
        kept.find(session, stack),
        {kind.what: kind.find(session, stack) for kind in leftovers.KINDS},
    )


def remove(
    session: boto3.Session, which: Answers, found: Found, sleep: Callable[[float], None]
) -> None:
    """First who sends, then what was sent, then the stack, then what came meanwhile.

    A ticket lives for minutes, and a door may still send its photo: after the stack no role is
    left that it could be signed by.
    """
    _revoke(which, found)
    leftovers.remove_all(session, which.stack, [leftovers.SCHEDULES])
    count = sum(kept.empty_bucket(session, name) for name in found.kept.buckets)
    faces = leftovers.remove_all(session, which.stack, [leftovers.FACES])
    print(f"  deleted: objects {count}, collections of faces {faces}", flush=True)
    for name in found.kept.tables:
        kept.unprotect_table(session, name)
    if found.state:
        _delete_stack(session.client("cloudformation"), which.stack, sleep)
    left = kept.find(session, which.stack, also=found.kept)
    for name in left.tables:
        kept.remove_table(session, name)
    for name in left.buckets:
        kept.remove_bucket(session, name, sleep)
    leftovers.remove_all(session, which.stack, leftovers.KINDS)


def _revoke(which: Answers, found: Found) -> None:
    """A stack that is not whole has no sockets, or none that could be found."""
    with suppress(NoStack):
        deployed = find_on_aws(which)
        if set(deployed.table) <= set(found.kept.tables):
            count = revoke_all(deployed)
            print(f"  devices revoked and their sockets closed: {count}", flush=True)


def _delete_stack(cloudformation: Any, stack: str, sleep: Callable[[float], None]) -> None:
    """And wait. Raises NotDeleted with what hinders it."""
    print("  deleting the stack, which takes some minutes ...", flush=True)
    # By its id, for by its name it is not found any more when it is gone.
    stack_id = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackId"]
    cloudformation.delete_stack(StackName=stack_id)
    for _ in range(int(PATIENCE / LOOK_EVERY)):
        match state_of(cloudformation, stack_id):
            case None | "DELETE_COMPLETE":
                return
            case "DELETE_FAILED":
                reasons = "\n".join(f"  {each}" for each in failures(cloudformation, stack_id))
                raise NotDeleted(
                    f"Not all of {stack} could be deleted:\n{reasons}\n"
                    "Photos, faces and devices are gone. `make delete` goes on with the rest."
                )
        sleep(LOOK_EVERY)
    raise NotDeleted(f"{stack} is still being deleted. `make delete` goes on later.")
