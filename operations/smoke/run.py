"""Go through all checks, one after another, and say what each took and saw."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from botocore.exceptions import ClientError

from demo.errors import DemoFailed
from doorbell.errors import DoorbellError
from operations.smoke import devices, edges, rings, services
from operations.smoke.scene import ON_AWS, NotForgotten, Scene, SmokeFailed, Waits

if TYPE_CHECKING:
    from collections.abc import Callable

    from demo.screen import Screen
    from operations.stacks import Deployed


class Check(NamedTuple):
    """One line of the test."""

    title: str
    act: Callable[[Scene], str]
    """Says what it saw; raises SmokeFailed, or whatever its failure is called."""


CHECKS: Final = (
    Check("functions are ready", services.functions_are_ready),
    Check("token in header or query", devices.token_in_header_or_query),
    Check("a revoked device is gone", devices.revoked_device_is_gone),
    Check("a socket's last word is known", devices.last_word_is_known),
    Check("S3 tells of photos", rings.events_arrive),
    Check("a portrait is enrolled", rings.portrait_is_enrolled),
    Check("a resident comes in by code", rings.resident_comes_in_by_code),
    Check("a stranger is let in", rings.stranger_is_let_in),
    Check("names come whole", rings.names_come_whole),
    Check("a photo's link serves once", rings.link_serves_once),
    Check("nothing is overwritten", rings.nothing_is_overwritten),
    Check("executions succeed", services.executions_succeed),
    Check("the log has the ring", services.log_has_the_ring),
    Check("the packed SDK runs", services.packed_sdk_runs),
    Check("an alarm is told", services.alarm_is_told),
    Check("the app is served", edges.app_is_served),
    Check("the API answers there", edges.api_answers_at_the_apps_origin),
    Check("cameras are received", edges.cameras_are_received),
    Check("the app sets a schedule", edges.schedule_is_set_by_the_app),
    # Last: what all others have written is looked through.
    Check("no log has a token", services.no_log_has_a_token),
)
QUERY: Final = re.compile(r"\?[^\s'\"]+")
WIDTH: Final = max(len(each.title) for each in CHECKS)


def smoke(stack: Deployed, name: str, screen: Screen, waits: Waits = ON_AWS) -> None:
    """Go through all of them; what the test made is forgotten either way.

    Raises SmokeFailed after the last one if one of them failed.
    """
    failed: list[str] = []
    try:
        with Scene(stack, name, screen, waits) as scene:
            screen.say(f"Smoke test of {name}, in a home of its own: {scene.home}")
            failed += [check.title for check in CHECKS if not _passes(check, scene)]
    except NotForgotten as error:
        screen.say(str(error))
        failed.append("forgetting the home")
    if failed:
        raise SmokeFailed(f"{', '.join(failed)}: not as it must be. docs/runbook.md says more.")
    screen.say(f"All {len(CHECKS)} checks passed; nothing of the test is left.")


def _passes(check: Check, scene: Scene) -> bool:
    started = time.monotonic()
    try:
        saw, passed = check.act(scene), True
    # Whatever goes wrong there is one failed check, and no reason to leave out the others.
    except Exception as error:
        saw, passed = _in_words(error), False
    took = time.monotonic() - started
    word = "ok" if passed else "FAILED"
    scene.screen.say(f"  {word:<6} {took:6.1f} s  {check.title:<{WIDTH}}  {saw}")
    return passed


def _in_words(error: Exception) -> str:
    """What was written for whoever reads this stands for itself; all else needs its name.

    Of an address the query is left out: it may hold a token, or a signature.
    """
    if isinstance(error, DoorbellError | DemoFailed | ClientError):
        return str(error)
    return f"{type(error).__name__}: {QUERY.sub('?…', str(error))}"
