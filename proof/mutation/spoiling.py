"""One room: its changes made, its tests asked, and what survived kept."""

from __future__ import annotations

import difflib
import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Final

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


def spoil(room: Room, files: Sequence[str], workers: int) -> int:
    """0 if all could be asked. Says on the terminal how far it is."""
    began = time.monotonic()
    sources = {file: Source(ROOT, file) for file in files}
    seen: list[tuple[Change, str]] = []
    whole = sum(len(source.changes) for source in sources.values())

    def found(change: Change, what: str) -> None:
        seen.append((change, what))
        if len(seen) % 50 == 0 or len(seen) == whole:
            print(f"\r{room.name}: {len(seen)} of {whole}", end="", file=sys.stderr, flush=True)

    ended = run(given_to_pytest(room), list(sources.values()), workers, found)
    if ended or len(seen) != whole:
        print(f"\n{room.name}: the tests did not run: {ended}", file=sys.stderr)
        return 1
    kept.save(kept.load() | _by_file(_with_types(seen, sources), sources))
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
        counts = Counter(what for _, what in mine if what != "impossible")
        survivors = sorted(_told(source, *each) for each in mine if each[1] in LEFT)
        found[file] = Found(counts, tuple(survivors))
    return found


def _told(source: Source, change: Change, what: str) -> Survivor:
    was, now = source.module.code.splitlines(), source.changed(change).splitlines()
    lines = list(difflib.unified_diff(was, now, lineterm="", n=0))[2:]
    shown = "\n".join(f"{line[0]} {line[1:].strip()}" for line in lines if line[0] in "+-")
    return Survivor(change.file, change.function, shown, change.kind, what == "survived")
