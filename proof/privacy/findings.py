"""What of somebody is found where."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from proof.privacy.story import NAME, PHONE, WATCHED
from proof.report import Claim

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from proof.privacy.places import Kept
    from proof.privacy.story import Lived

Marks: TypeAlias = "Mapping[str, frozenset[bytes]]"
"""By what somebody is found again, by kind: bytes that stand nowhere else."""


class Finding(NamedTuple):
    """So many things in one kind of place bear a mark."""

    place: str
    mark: str
    """Which kind of mark."""
    things: int = 0
    first: str = ""
    """One of them."""


def marks_of(lived: Lived, before: Iterable[Kept]) -> Marks:
    """By what the resident is found in all that is kept."""
    home = lived.home.id
    rows = [each for each in before if each.place == "rows"]
    photos = f"{home} photo#residents/{home}/{NAME}/"
    code_for = f'"code_for": {{"S": "{NAME}"}}'.encode()
    return {
        "name": frozenset([NAME.encode()]),
        "face": _ids(each for each in rows if each.name.startswith(photos)),
        "ring": _ids(
            each
            for each in rows
            if each.name.startswith(f"{home} ring#") and code_for in each.content
        ),
        # From the middle: photos begin alike.
        "picture": frozenset(each[len(each) // 2 :][:256] for each in lived.photos),
        "phone": frozenset([PHONE.encode(), WATCHED.encode()]),
    }


def _ids(rows: Iterable[Kept]) -> frozenset[bytes]:
    """What their keys end with."""
    return frozenset(each.name.rpartition("#")[2].encode() for each in rows)


def bearing(kept: Iterable[Kept], marks: Marks) -> list[Finding]:
    """By place and kind of mark."""
    found: dict[tuple[str, str], list[str]] = {}
    for each in kept:
        for mark, words in marks.items():
            if any(word in each.content for word in words):
                found.setdefault((each.place, mark), []).append(each.name)
    return [Finding(*where, len(names), names[0]) for where, names in sorted(found.items())]


def told(
    when: str, found: Sequence[Finding], expected: Collection[tuple[str, str]] = ()
) -> list[Claim]:
    """One line for what was found; with `expected`, a scan that misses one of these is blind."""
    said = ", ".join(f"{each.things} {each.place} ({each.mark})" for each in found) or "nothing"
    missed = set(expected) - {(each.place, each.mark) for each in found}
    blind = f"; not found: {sorted(missed)}" if missed else ""
    goal = "in each of them" if expected else ""
    what = {
        "before": "what bore the name, a face, picture or ring of theirs, or their phone, before",
        "after": "what stays of the resident for a time, as security.md tells",
        "before the home": "what bore the home's id before it was forgotten",
        "after the home": "what stays of the home's id for a time, as security.md tells",
    }[when]
    return [Claim(what, said + blind, goal, not missed)]
