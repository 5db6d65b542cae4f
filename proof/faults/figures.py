"""The figures of all presses: what must hold, that there was something to hold, and each fault."""

from __future__ import annotations

import statistics
from collections import Counter
from math import ceil
from typing import TYPE_CHECKING, Final

from proof.faults.lane import AT_ONCE
from proof.report import Claim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proof.faults.judging import Judged
    from proof.faults.lane import Outcome
    from proof.faults.scripts import Kind

STRUCK: Final = 0.9
"""The part of all faults that must come to be: a press may end before its place is reached."""
TAKEN: Final = 0.95
"""The part of all presses at which a photo must be taken: some kill the device before that."""
FEW: Final = 2
"""So many may be missing in any case: of a dozen presses a tenth would be one."""
OFTEN: Final = 5
"""A fault that was tried so often must have come to be at least once."""


def claims(judged: Judged) -> list[Claim]:
    """The figures, and the table of faults."""
    count = len(judged.outcomes)
    photos = sum(each.photo is not None for each in judged.outcomes)
    strikes = sum(each.strikes for each in judged.outcomes)
    entitled = sum(bool(each.rights) for each in judged.outcomes)
    came_in = sum(bool(each.rights and each.strikes) for each in judged.outcomes)
    watched = f"{count:,} of {judged.made:,}"
    return [
        Claim("presses watched to their end", watched, f"all {judged.made:,}",
              count == judged.made > 0),
        _claim("presses heard by somebody", judged.unheard, count),
        _claim("presses for which the gong at the door sounded, or a code was on a phone, or the "
               "visitor was answered before", judged.untold, count),
        Claim("presses heard, but for a gong that sounds at once because the door has no line or "
              "somebody seems to stand there still",
              f"{sum(_is_heard_otherwise(each) for each in judged.outcomes):,}", ""),
        Claim("rings in the cloud", f"{judged.rings[0]:,}", f"{judged.made:,}",
              judged.rings[0] == judged.made and not judged.unmatched),
        _most("faults that came to be", sum(each.fired for each in judged.outcomes), count, STRUCK),
        _kinds(judged.outcomes),
        _most("photos that were taken", photos, count, TAKEN),
        Claim("photos lost (of those taken)", _none(judged.lost, photos), "0", not judged.lost),
        Claim("presses left in a door's spool", _none(judged.unsettled, count), "0",
              not judged.unsettled),
        _decisions(judged),
        Claim("double decisions (of those seen)", _none(judged.doubled, len(judged.seen)), "0",
              not judged.doubled),
        Claim("visitors who came in, of those whom a resident let in or whose code was typed",
              f"{came_in:,} of {entitled:,}", "most", 2 * came_in > entitled),
        Claim("double openings", _none(judged.opened_twice, strikes), "0",
              not judged.opened_twice),
        Claim("openings without right", _none(judged.without_right, strikes), "0",
              not judged.without_right),
        *_table(judged.outcomes),
    ]  # fmt: skip


def _claim(what: str, wrong: Sequence[int], count: int) -> Claim:
    which = f" (not {', '.join(map(str, wrong))})" if wrong else ""
    return Claim(what, f"{count - len(wrong):,}{which}", f"{count:,}", not wrong)


def _most(what: str, found: int, count: int, part: float) -> Claim:
    """A figure that is about nothing if it is too small."""
    goal = max(1, min(ceil(part * count), count - FEW))
    return Claim(what, f"{found:,} of {count:,}", f"{goal:,}", found >= goal)


def _kinds(outcomes: Sequence[Outcome]) -> Claim:
    tried = Counter(each.script.kind for each in outcomes)
    often = [kind for kind, times in tried.items() if times >= OFTEN]
    never = sorted(set(often) - {each.script.kind for each in outcomes if each.fired})
    return Claim(
        f"kinds of faults that never came to be (of those tried {OFTEN} times or more)",
        _none([_named(kind) for kind in never], len(often)),
        "0",
        not never,
    )


def _decisions(judged: Judged) -> Claim:
    """Whoever sees no decision sees no double one."""
    missed = set(judged.decided) - set(judged.seen)
    found = len(judged.decided) - len(missed)
    # Most rings are claimed; of the others something failed before.
    enough = 2 * len(judged.decided) > judged.rings[0]
    return Claim(
        "decisions that were seen, of the rings that the cloud keeps as claimed",
        f"{found:,}" + (f" (not {', '.join(sorted(missed))})" if missed else ""),
        f"{len(judged.decided):,}, most of all rings",
        not missed and enough,
    )


def _none(wrong: Sequence[object], count: int) -> str:
    which = f": {', '.join(map(str, wrong))}" if wrong else ""
    return f"{len(wrong)} of {count:,}{which}"


def _table(outcomes: Sequence[Outcome]) -> list[Claim]:
    """Each fault: how many, how they were heard, how late."""
    kinds = sorted({each.script.kind for each in outcomes})
    return [_row(_named(kind),
                 [each for each in outcomes if each.script.kind == kind])
            for kind in kinds] + [_row("all", outcomes)]  # fmt: skip


def _named(kind: Kind) -> str:
    return f"{kind.what}: {kind.mode.replace('_', ' ')}"


def _row(what: str, outcomes: Sequence[Outcome]) -> Claim:
    fired = sum(each.fired for each in outcomes)
    ways = Counter(_first(each) for each in outcomes if each.heard)
    said = ", ".join(f"{way} {count}" for way, count in sorted(ways.items()))
    heard = [min(each.heard.values()) for each in outcomes if each.heard]
    bells = [
        min(late for way, late in each.heard.items() if way != "app")
        for each in outcomes
        if set(each.heard) - {"app"}
    ]
    opened = sum(bool(each.strikes) for each in outcomes)
    return Claim(
        what,
        f"{len(outcomes)} presses, it came to be in {fired}; first heard by {said}; after "
        f"{_late(heard)}; gong or code after {_late(bells)}; {opened} came in",
        "",
    )


def _first(it: Outcome) -> str:
    """By which way it was heard first."""
    way = min(it.heard, key=lambda way: it.heard[way])
    return "gong at once" if way == "gong" and it.heard[way] < AT_ONCE else way


def _is_heard_otherwise(it: Outcome) -> bool:
    return any(way != "gong" or late >= AT_ONCE for way, late in it.heard.items())


def _late(seconds: Sequence[float]) -> str:
    if not seconds:
        return "-"
    return f"{statistics.median(seconds):.1f} s (worst {max(seconds):.1f})"
