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
    rows = f"{lived.home.id} photo#residents/{lived.home.id}/{NAME}/"
    faces = [each.name for each in before if each.place == "rows" and each.name.startswith(rows)]
    return {
        "name": frozenset([NAME.encode()]),
        "face": frozenset(name.rpartition("#")[2].encode() for name in faces),
        # From the middle: photos begin alike.
        "picture": frozenset(each[len(each) // 2 :][:256] for each in lived.photos),
        "phone": frozenset([PHONE.encode(), WATCHED.encode()]),
    }


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
        "before": "what bore the name, face, picture or phone before",
        "after": "what AWS keeps of the resident for a time, beyond anybody's reach",
        "after the home": "what AWS keeps of the home's id for a time",
    }[when]
    return [Claim(what, said + blind, goal, not missed)]
