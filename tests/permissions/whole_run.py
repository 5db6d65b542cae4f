"""Permissions both ways: what a whole run has asked AWS for, and what the template allows.

`make test` has its servers write down who asked for what (`DOORBELL_CALLS`), and runs this at its
end; `make permissions` runs it once more. It is no part of any other run, for it looks at what all
of them did together.
"""

from __future__ import annotations

import functools
import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from local.server import CALLS
from tests.permissions import recorded
from tests.permissions.evaluator import Request, allows, applies, denies
from tests.permissions.recorded import Asked, Permission


@functools.cache
def calls() -> list[Asked]:
    """What was written down."""
    folder = os.environ.get(CALLS)
    found = recorded.calls(Path(folder)) if folder else []
    if not found:
        pytest.fail(f"{CALLS} names no folder with the calls of a run: `make test` makes one.")
    return found


def unused() -> dict[Permission, str]:
    """Permissions that no test uses, each with its reason."""
    table = tomllib.loads(Path(__file__).with_name("unused.toml").read_text("utf-8"))
    rows: list[dict[str, Any]] = table["unused"]
    return {
        Permission(role, action, row["resource"]): row["reason"]
        for row in rows
        for role in row["roles"]
        for action in row["actions"]
    }


def test_every_call_is_allowed() -> None:
    """By the caller's own policies, and by the bucket's."""
    refused = {
        f"{asked.role}: {asked.request.action} on {asked.request.resource} {asked.request.keys}"
        for asked in calls()
        if not _allowed(asked)
    }
    assert not refused, "\n".join(sorted(refused))


def test_every_permission_is_used() -> None:
    """Else it is too much, or a test is missing, or unused.toml says why it stays."""
    too_much = {each for each, _ in recorded.permissions()} - used() - set(unused())
    assert not too_much, "\n".join(sorted(map(str, too_much)))


def test_every_exception_is_of_a_permission_that_is_there_and_unused() -> None:
    stale = {each for each in unused() if each in used()}
    stale |= set(unused()) - {each for each, _ in recorded.permissions()}
    assert not stale, "\n".join(sorted(map(str, stale)))
    assert all(reason.endswith(".") for reason in unused().values())


def test_the_run_was_a_whole_one() -> None:
    """Every role has done something, or what it may is an exception altogether."""
    idle = set(recorded.roles()) - {asked.role for asked in calls()}
    assert idle <= {each.role for each in unused()}, sorted(idle)


@functools.cache
def used() -> set[Permission]:
    """Permissions by which something was done."""
    return {
        permission
        for permission, statement in recorded.permissions()
        if any(
            asked.role == permission.role
            and asked.request.action == permission.action
            and applies(_in_names_of(asked, statement), asked.request)
            for asked in calls()
        )
    }


def _allowed(asked: Asked) -> bool:
    own = [_in_names_of(asked, each) for each in recorded.roles()[asked.role]]
    return allows(own, asked.request) and not _bucket_denies(asked)


def _bucket_denies(asked: Asked) -> bool:
    request: Request = asked.request
    if not request.action.startswith("s3:"):
        return False
    return denies([_in_names_of(asked, each) for each in recorded.of_bucket()], request)


def _in_names_of(asked: Asked, statement: dict[str, Any]) -> dict[str, Any]:
    resolved: dict[str, Any] = asked.stack.resolved(statement)
    return resolved
