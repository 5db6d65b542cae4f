"""Who is forgotten is nowhere: all places of a stack are looked through before and afterwards."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from local.stack import up
from operations.forget import forget_home
from operations.forget_resident import forget_resident
from proof.privacy.findings import Finding, bearing, marks_of, told
from proof.privacy.places import World, everything
from proof.privacy.story import HOME_PLACES, NAME, OTHER, PLACES, Lived, live, neighbour_of
from proof.report import Claim, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from local.stack import Stack
    from proof.privacy.places import Kept
    from proof.privacy.story import Home

QUIET: Final = 3.0
"""Seconds for which nothing may come back on one machine, where S3 tells at once."""
METHOD: Final = (
    "On one machine a home is lived in: a resident is enrolled by the operator, rings, types a "
    "code, is filmed, lets a visitor in, has a phone with notices; an invitation, a guest, a "
    "camera with a schedule and a clip under way, a messenger, lost messages and a door's own "
    "program leave what they leave. A neighbour's home has a resident of the same name and face. "
    "Then all objects, uploads under way, rows, faces, log lines, messages, secrets, parameters, "
    "schedules, rules, metrics, executions and files of spools are looked through: for the "
    "resident's name, faces, pictures, rings, phone and address of notices, before and after "
    "`make forget HOME_NAME=… RESIDENT=…`; for the home's id before and after "
    "`make forget HOME_NAME=…`. What stays for a time is counted apart, and "
    "stands in [security.md](../security.md#forgetting)."
)


def prove(*, short: bool) -> Report:
    """On a stack of its own. `short` waits less for what might come back."""
    with tempfile.TemporaryDirectory() as folder, up(directory=Path(folder) / "stack") as stack:
        return prove_on(stack, Path(folder), quiet=0.5 if short else QUIET)


def prove_on(stack: Stack, folder: Path, quiet: float) -> Report:
    """On a stack that others may use, too: of theirs, nothing bears these names."""
    world = World(stack, time.time() - 1, (folder / "spool",))
    lived = live(stack, folder / "spool")
    neighbour = neighbour_of(stack)
    before = _but(everything(world), neighbour)
    marks = marks_of(lived, before)
    claims = [_consents(lived), _spool(lived), *told("before", bearing(before, marks), PLACES)]

    forget_resident(stack.deployed, stack.name, lived.home.id, NAME, quiet=quiet)
    after = _but(everything(world), neighbour)
    claims += _resident(bearing(after, marks), after)
    claims += [_stays(lived.home, OTHER), _stays(neighbour, NAME)]

    named = {"id": frozenset([lived.home.id.encode()])}
    claims += told("before the home", bearing(after, named), HOME_PLACES)
    forget_home(stack.deployed, stack.name, lived.home.id, quiet=quiet)
    last = everything(world)
    claims += _home(bearing(last, named), last)
    claims.append(_stays(neighbour, NAME))
    return Report("privacy", "Forgotten, and nowhere", METHOD, claims)


def _but(kept: Sequence[Kept], home: Home) -> list[Kept]:
    """What is not of this home."""
    return [each for each in kept if home.id.encode() not in each.content]


def _consents(lived: Lived) -> Claim:
    shown = lived.home.ask("GET", "/api/residents", lived.home.tablet)["residents"]
    said = {each["name"]: each["consent"] and each["consent"]["by"] for each in shown}
    return Claim(
        "who said that they agree, as the phones show it: of a resident whom the operator "
        "enrolled, of one whose photo was put by hand",
        f"{said.get(NAME) or 'nobody'}; {said.get(OTHER) or 'nobody'}",
        "The operator; nobody",
        said == {NAME: "The operator", OTHER: None},
    )


def _spool(lived: Lived) -> Claim:
    left = sum(file.stat().st_size for file in lived.spool.rglob("*.jp*g"))
    return Claim(
        f"bytes of photos in the door's spool after the press was delivered (before: {lived.held})",
        str(left),
        "0",
        left == 0 < lived.held,
    )


def _resident(found: Sequence[Finding], kept: Sequence[Kept]) -> list[Claim]:
    """What stays for a time is told; all else is none."""
    stays = [each for each in found if _is_told_of_residents(each)]
    left = [each for each in found if each not in stays]
    places = len({each.place for each in kept})
    return [
        Claim(
            "the resident is forgotten: what still bears name, face, picture, ring or phone "
            f"({len(kept)} things in {places} kinds of places)",
            _in_words(left) or "0",
            "0",
            not left,
        ),
        *told("after", stays),
    ]


def _is_told_of_residents(each: Finding) -> bool:
    """docs/security.md: keys of photos in histories of `enrol`, ids of faces in both, ids of
    phones and rings in log lines, and a door's last ring, which has no row of its own any more.
    """
    match each:
        case Finding("histories of enrol", "name" | "face"):
            return True
        case Finding("histories of visitor", "face" | "ring"):
            return True
        case Finding("log lines", "phone" | "ring") | Finding("doors' last presses", "ring"):
            return True
    return False


def _home(found: Sequence[Finding], kept: Sequence[Kept]) -> list[Claim]:
    stays = [each for each in found if each.place.startswith(("log lines", "histories of "))]
    left = [each for each in found if each not in stays]
    places = len({each.place for each in kept})
    return [
        Claim(
            f"the home is forgotten: what still bears its id ({len(kept)} things in {places} "
            "kinds of places)",
            _in_words(left) or "0",
            "0",
            not left,
        ),
        *told("after the home", stays),
    ]


def _in_words(left: Sequence[Finding]) -> str:
    return "; ".join(f"{each.things} {each.place} ({each.mark}): {each.first}" for each in left)


def _stays(home: Home, resident: str) -> Claim:
    shown = home.ask("GET", "/api/residents", home.tablet)["residents"]
    faces = {each["name"]: each["faces"] for each in shown}
    whose = "the neighbour's resident" if resident == NAME else "the other resident"
    return Claim(
        f"faces by which {whose} is known all the same",
        str(faces.get(resident, 0)),
        "1",
        faces == {resident: 1},
    )
