"""`python -m proof model`: how many worlds there are, and that each claim holds in all of them."""

from __future__ import annotations

import logging
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple

from proof.model.cloud import Cloud
from proof.model.mutations import MUTATIONS, tried
from proof.model.scenes import GUEST, RESIDENT, STRANGER, TWO_DOORS, Scene, search
from proof.report import Claim, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proof.model.explore import Found

ONCE: Final = ("kill", "fail", "twice", "lose", "late", "die", "again", "abort", "strike")
"""Faults after which few other things happen: two of them can be looked at together."""
METHOD: Final = """The function's and the door's own code and the state machines' own files, in a
world of values: one call to AWS is one move, and every order of moves is tried but of calls that
commute with all others (`_stands_alone` in `proof/model/moves.py`), each world once
(known by a hash of 64 bits). A fault may come at every move (`proof/model/faults.py`). There is no
chance in it, and no seed. Left out: push services, messengers, films, clocks that differ, and a
bus or bucket that loses an event for good.""".replace("\n", " ")


def prove(*, short: bool) -> Report:
    """Search all scenes. Whatever is broken is told on the terminal, move by move."""
    logging.disable(logging.WARNING)
    scenes = SHORT if short else LONG
    try:
        results = list(map(search, scenes)) if short else _side_by_side(scenes)
        caught = [(mutation, tried(mutation)) for mutation in MUTATIONS]
    finally:
        logging.disable(logging.NOTSET)
    for scene, found in zip(scenes, results, strict=True):
        for line in found.trace:
            print(f"{scene.name}: {line}", file=sys.stderr)
    claims = [
        *_counts(results),
        *(_of_scene(scene, found) for scene, found in zip(scenes, results, strict=True)),
        *(
            Claim(
                f"without a safeguard, a claim breaks: {mutation.name}",
                f"{found.broken or 'nothing'}, after {len(found.trace)} moves",
                "breaks",
                mutation.breaks in found.broken and bool(found.broken),
            )
            for mutation, found in caught
        ),
    ]
    return Report("model", "The ring's protocol, explored exhaustively", METHOD, claims)


def _side_by_side(scenes: Sequence[Scene]) -> list[Found]:
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        return list(processes.map(_quietly, scenes))


def _quietly(scene: Scene) -> Found:
    logging.disable(logging.WARNING)
    return search(scene)


def _counts(results: Sequence[Found]) -> list[Claim]:
    broken = [found.broken for found in results if found.broken]
    machines = Cloud().machines
    entered = frozenset().union(*(found.entered for found in results))
    never = ", ".join(sorted(machines.states - entered))
    return [
        Claim("worlds in which something is wrong", str(len(broken)), "0", not broken),
        Claim("worlds", f"{sum(found.states for found in results):,}", ""),
        Claim("moves", f"{sum(found.moves for found in results):,}", ""),
        Claim("moves one after another, at most", str(max(f.depth for f in results)), ""),
        Claim("worlds in which all is over", f"{sum(found.ends for found in results):,}", ""),
        Claim(
            "states of `visitor` and `watch` that were entered",
            f"{len(entered)} of {len(machines.states)}" + (f" (not {never})" if never else ""),
            "",
        ),
    ]


def _of_scene(scene: Scene, found: Found) -> Claim:
    """All the claims of `claims.py` in one scene."""
    counted = f"{found.states:,} worlds, {found.depth} deep, {found.ends:,} ends"
    return Claim(
        f"no press silent, none undecided, no opening without right or untold: {described(scene)}",
        found.broken or counted,
        "in all worlds",
        found.whole and not found.broken,
    )


def described(scene: Scene) -> str:
    """A scene in a few words."""
    left = scene.left
    things = ((left.presses, "pressed"), (left.typed, "typed"), (left.answers, "tapped"))
    given = [f"{count} {what}" for count, what in things if count]
    if not scene.photographs:
        given.append("no camera")
    if left.faults:
        given.append(f"{left.faults} fault of {', '.join(sorted(scene.faults))}")
    return f"{scene.name} ({'; '.join(given)})"


class _Size(NamedTuple):
    """How much may happen in a scene."""

    faults: int = 0
    presses: int = 1
    typed: int = 0
    answers: int = 0


def _scene(scene: Scene, size: _Size, *faults: str) -> Scene:
    return scene._replace(left=scene.left._replace(**size._asdict()), faults=frozenset(faults))


BLIND: Final = STRANGER._replace(name="anybody, at a door without a camera", photographs=False)
ALONE: Final = RESIDENT._replace(name="a resident, no phone on the line", phones=())
SHORT: Final = (
    _scene(RESIDENT, _Size(typed=1, answers=1)),
    _scene(STRANGER, _Size(answers=1)),
    _scene(BLIND, _Size(answers=1)),
    _scene(RESIDENT, _Size(faults=1), *ONCE),
    _scene(STRANGER, _Size(faults=1), *ONCE),
    _scene(ALONE, _Size(faults=1), *ONCE),
    GUEST,
    TWO_DOORS,
)
LET_IN: Final = STRANGER._replace(name="a stranger who is let in", answers=("let_in",))
PAIRS: Final = (
    ("kill", "fail"),
    ("kill", "twice"),
    ("kill", "lose"),
    ("kill", "again"),
    ("kill", "abort"),
    ("twice", "late"),
    ("strike", "twice"),
    ("strike", "lose"),
)
"""Two faults of these kinds, also two of one kind."""
# The largest ones first: they are searched side by side.
LONG: Final = (
    _scene(RESIDENT, _Size(faults=1), "drop"),
    _scene(STRANGER, _Size(faults=1), "drop"),
    _scene(RESIDENT, _Size(faults=1), "restart"),
    _scene(STRANGER, _Size(faults=1), "restart"),
    _scene(RESIDENT, _Size(faults=1, typed=1, answers=1), *ONCE, "hold"),
    _scene(STRANGER, _Size(faults=1, answers=1), *ONCE, "hold"),
    _scene(BLIND, _Size(faults=1), *ONCE, "hold"),
    _scene(RESIDENT, _Size(presses=2, typed=1)),
    _scene(STRANGER, _Size(presses=2, answers=1)),
    _scene(BLIND, _Size(faults=1, presses=2), "kill", "lose"),
    _scene(GUEST, _Size(faults=1, presses=0, typed=2), *ONCE, "hold", "drop", "restart"),
    _scene(TWO_DOORS, _Size(faults=1, presses=0, typed=2), *ONCE, "hold"),
    *SHORT,
    *(
        _scene(scene, _Size(faults=2, answers=1), *pair)
        for pair in PAIRS
        for scene in (RESIDENT, LET_IN)
    ),
)
