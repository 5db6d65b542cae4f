"""One room: its changes made, its tests asked, and what survived kept."""

from __future__ import annotations

import difflib
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest

from proof.mutation import kept
from proof.mutation.changes import Source
from proof.mutation.kept import Found, Survivor
from proof.mutation.rooms import ROOT, given_to_pytest
from proof.mutation.running import run
from proof.mutation.types import refused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from proof.mutation.changes import Change
    from proof.mutation.rooms import Room

LEFT: Final = ("survived", "untested")


def spoil(room: Room, files: Sequence[str], workers: int, *, left: bool) -> int:
    """0 if all could be asked. Says on the terminal how far it is.

    With `left`, only what survived the last time is asked again, in files that did not change.
    """
    began = time.monotonic()
    former = kept.load()
    sources = {file: Source(ROOT, file) for file in files}
    again = {f: former[f] for f in files if left and _is_as_before(sources[f], former.get(f))}
    for file, before in again.items():
        survived = {(each.function, each.change) for each in before.survivors}
        of_file = sources[file]
        of_file.changes = [
            c for c in of_file.changes if (c.function, _shown(of_file, c)) in survived
        ]
    seen: list[tuple[Change, str]] = []
    whole = sum(len(source.changes) for source in sources.values())

    def found(change: Change, what: str) -> None:
        seen.append((change, what))
        if len(seen) % 50 == 0 or len(seen) == whole:
            print(f"\r{room.name}: {len(seen)} of {whole}", end="", file=sys.stderr, flush=True)

    at_once = 3 * workers if room.waits else workers
    ended = run(given_to_pytest(room), list(sources.values()), at_once, found)
    # One that fails without any change is told, and was not asked.
    if ended not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED} or len(seen) != whole:
        print(f"\n{room.name}: the tests did not run: {ended}", file=sys.stderr)
        return 1
    now = _by_file(_with_types(seen, sources), sources)
    now |= {file: _joined(before, now[file]) for file, before in again.items()}
    kept.save(former | now)
    print(f" in {time.monotonic() - began:.0f} s", file=sys.stderr)
    return 0


def _with_types(
    seen: Sequence[tuple[Change, str]], sources: Mapping[str, Source]
) -> list[tuple[Change, str]]:
    """The same, where of those that survived some are refused by the type checker."""
    left = [change for change, what in seen if what in LEFT]
    typed = {id(left[index]) for index in refused(left, sources)}
    return [(change, "types" if id(change) in typed else what) for change, what in seen]


def _by_file(seen: Sequence[tuple[Change, str]], sources: Mapping[str, Source]) -> dict[str, Found]:
    found = {}
    for file, source in sources.items():
        mine = [(change, what) for change, what in seen if change.file == file]
        counts = Counter(what for _, what in mine)
        survivors = sorted(_told(source, *each) for each in mine if each[1] in LEFT)
        found[file] = Found(counts, tuple(survivors), kept.digest_of(source.module.code))
    return found


def _is_as_before(source: Source, before: Found | None) -> bool:
    """The same text, of which the operators make as many changes."""
    if before is None or not before.is_of(source.module.code):
        return False
    return before.counts.total() == len(source.changes)


def _joined(before: Found, now: Found) -> Found:
    """What was found before, but for what survived then."""
    counts = before.counts.copy()
    for each in LEFT:
        del counts[each]
    return Found(counts + now.counts, now.survivors, now.digest)


def _told(source: Source, change: Change, what: str) -> Survivor:
    shown = _shown(source, change)
    return Survivor(change.file, change.function, shown, change.kind, what == "survived")


def _shown(source: Source, change: Change) -> str:
    was, now = source.module.code.splitlines(), source.changed(change).splitlines()
    lines = list(difflib.unified_diff(was, now, lineterm="", n=0))[2:]
    return "\n".join(f"{line[0]} {line[1:].strip()}" for line in lines if line[0] in "+-")
