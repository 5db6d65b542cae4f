"""What is tried: who comes, what the residents do, and the one thing that goes wrong.

All of it follows from a seed and a press's number. Where a fault may hit is known from presses in
which nothing went wrong (`steps.json`): each place there is one step of a ring.
"""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from proof.faults.board import Fault

STEPS: Final = Path(__file__).with_name("steps.json")

STORIES: Final = {"let in": 35, "declined": 20, "resident": 45}
"""A stranger who is let in or declined, a resident who types the code: so many of a hundred."""
PUSHED: Final = "resident, app closed"
"""Nobody has the app open: the code goes through a push service."""

_CALLS: Final = {
    "DynamoDB": "dynamodb.",
    "PostToConnection": "execute-api.",
    "PutEvents": "events.",
    "Step Functions": "states.",
}
_REFUSED: Final = ("throttle", "5xx", "hang", "cut", "after")
_FRAMES: Final = ("lost", "then_cut", "late", "dead")

DEVICE_WORDS: Final = (
    "somebody pressed",
    "picture taken",
    "ticket: the photo",
    "is delivered",
    "ding-dong",
    "welcome",
    "ring through",
    "the strike is released",
)
"""At which words of its log the device's program is killed."""
PHONE_MOMENTS: Final = ("rang", "asked", "code")
PUSH_ANSWERS: Final = ("throttle", "5xx", "hang", "gone", "cut")


ON_PATH: Final = 0.7


class Kind(NamedTuple):
    """A row of the table."""

    what: str
    mode: str


class Script(NamedTuple):
    """One press."""

    number: int
    story: str
    kind: Kind
    fault: Fault


KINDS: Final = (
    *(Kind(service, mode) for service in _CALLS for mode in (*_REFUSED, "twice", "outage")),
    *(Kind("a function's process", mode) for mode in ("kill", "kill_after") * 2),
    *(Kind("Rekognition", m) for m in ("throttle", "5xx", "hang", "after", "outage")),
    *(Kind("a state machine's task", m) for m in ("throttle", "5xx", "hang", "after", "twice")),
    Kind("a state machine", "abort"),
    *(Kind("an event", mode) for mode in ("late", "twice", "after_next") * 2),
    *(Kind("the photo's upload", mode) for mode in (*_REFUSED, "twice", "outage")),
    *(Kind("the door's socket", mode) for mode in (*_FRAMES, "twice")),
    *(Kind("the phone's socket", mode) for mode in (*_FRAMES, "twice")),
    Kind("the device's program", "kill"),
    Kind("the device's program", "kill"),
    Kind("the phone's app", "reloaded"),
    Kind("the phone's app", "closed"),
    *(Kind("a push service", mode) for mode in PUSH_ANSWERS),
)
"""Drawn one after another in an order of chance, so that each comes as often as all others."""


STOPS: Final = 10_000
"""Presses from this number on are made side by side, a round of them, and the stack is stopped."""
A_ROUND: Final = 10
STOPPED_WITHIN: Final = 3.0


def script(seed: int, number: int) -> Script:
    """The press with this number."""
    if number >= STOPS:
        return _stopped(seed, number)
    turn, place = divmod(number, len(KINDS))
    order = list(KINDS)
    random.Random(f"{seed} kinds {turn}").shuffle(order)
    chance = random.Random(f"{seed} press {number}")
    kind = order[place]
    if kind.what == "a push service":
        return Script(number, PUSHED, kind, Fault("push", 1, kind.mode))
    stories = list(STORIES)
    chance.shuffle(stories)
    first = chance.choices(list(STORIES), list(STORIES.values()))[0]
    for story in (first, *stories):
        if found := _places(kind, story):
            # Most of them are around the ring path; on it a fault costs most.
            on_path = [step for step in found if step[0].startswith("RingPath ")]
            found = on_path if on_path and chance.random() < ON_PATH else found
            where, nth = chance.choice(found)
            return Script(number, story, kind, Fault(where, nth, kind.mode))
    raise AssertionError(f"nothing of any story is hit by {kind}")


def stopped_after(seed: int, number: int) -> float:
    """Seconds from this press, and all of its round, until the stack is stopped."""
    return random.Random(f"{seed} stop {number // A_ROUND}").uniform(0, STOPPED_WITHIN)


def _stopped(seed: int, number: int) -> Script:
    chance = random.Random(f"{seed} press {number}")
    story = chance.choices(list(STORIES), list(STORIES.values()))[0]
    where = f"{stopped_after(seed, number):.2f} s after the press"
    return Script(number, story, Kind("the whole stack", "stopped"), Fault(where, 1, "stop"))


def _places(kind: Kind, story: str) -> list[tuple[str, int]]:
    """Where this may hit in this story: each place, the n-th time."""
    if kind.what == "the device's program":
        without = {"resident": "ring through", "let in": "welcome", "declined": "welcome"}[story]
        ends = () if story != "declined" else ("the strike is released",)
        silent = ("ding-dong",) if story == "resident" else ()
        left_out = {without, *ends, *silent}
        return [(words, 1) for words in DEVICE_WORDS if words not in left_out]
    if kind.what == "the phone's app":
        left_out = {"asked"} if story == "resident" else {"code"}
        return [(moment, 1) for moment in PHONE_MOMENTS if moment not in left_out]
    return [step for step in steps()[story] if _hits(kind, step[0])]


def _hits(kind: Kind, where: str) -> bool:
    first, _, rest = where.partition(" ")
    is_call = "." in rest and first not in ("PUT", "GET", "door", "phone", "event", "machine")
    if kind.what in _CALLS:
        return is_call and rest.startswith(_CALLS[kind.what])
    if kind.what in ("the door's socket", "the phone's socket"):
        # Nobody sends a frame twice: TCP does not, and API Gateway may only deliver it twice.
        once = kind.mode == "twice" and rest.startswith("up")
        return first in kind.what.split("'")[0].split() and not once
    return {
        "a function's process": is_call,
        "Rekognition": where == "machine rekognition:searchFacesByImage",
        "a state machine's task": first == "machine" and "rekognition" not in where,
        "a state machine": first == "machine",
        "an event": first == "event",
        "the photo's upload": where == "PUT photo.jpeg",
    }[kind.what]


@cache
def steps() -> dict[str, list[tuple[str, int]]]:
    """Of each story, every place and how often it comes."""
    known = json.loads(STEPS.read_text("utf-8"))
    return {
        story: [(where, nth) for where, count in places.items() for nth in range(1, count + 1)]
        for story, places in known.items()
    }
