"""The tests of a room, collected once; then a process for each change."""

from __future__ import annotations

import contextlib
import gc
import math
import os
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import coverage
import pytest
from hypothesis import Phase, settings

from proof.mutation.forks import HUNG, Forks
from proof.mutation.process import begin_anew, pools_that_live, stand_alone
from proof.mutation.rooms import ROOT
from proof.mutation.switching import NotPossible, functions_of, switch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import ThreadPoolExecutor
    from types import FunctionType

    from proof.mutation.changes import Change, Source

NOTICED: Final = 1
SURVIVED: Final = 0
IMPOSSIBLE: Final = 3
_NAMED: Final = {
    SURVIVED: "survived", NOTICED: "killed", IMPOSSIBLE: "impossible", HUNG: "hung",
}  # fmt: skip

SECONDS_OF_TESTS: Final = 12.0
"""So much of the tests of a line is run beside those of the file that mirrors its own, the quickest
first: code that everything runs through would else cost minutes each time.
"""
SLOWEST: Final = 8.0
"""Seconds; a test that takes longer is none of the quick ones."""
PATIENCE: Final = 10.0
"""Seconds, beside four times what the tests take: who hangs longer was noticed."""
BY: Final = "noticed-by"
"""A file with the name of the test; those that noticed one fault of a function are asked first."""


class Mutating:
    """A plugin of pytest: it runs all tests as they are, then those of each change."""

    def __init__(
        self, sources: Sequence[Source], workers: int, found: Callable[[Change, str], None]
    ) -> None:
        self._sources = sources
        self._forks = Forks(workers)
        self._found = found
        self._failed = False
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._lines: dict[str, dict[int, list[str]]] = {}
        self._functions: defaultdict[tuple[str, str], list[FunctionType]] = defaultdict(list)
        self._noticed: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        self._pools: list[ThreadPoolExecutor] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Examples are the same each time, and a failure is not made smaller."""
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile(
            "mutation", deadline=None, database=None, derandomize=True, phases=phases
        )
        settings.load_profile("mutation")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keeps how long each took, and whether one failed."""
        self._seconds[report.nodeid] += report.duration
        self._failed |= report.failed

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of pytest's own."""
        if session.testsfailed:
            raise session.Failed("a test could not be collected")
        self._look(session.items)
        self._leave_out_what_fails_in_a_process_of_its_own(session.items)
        items = {item.nodeid: item for item in session.items}
        for source in self._sources:
            for change in source.changes:
                tests = self._tests(change)
                if tests:
                    self._ask_of(source, change, [items[name] for name in tests])
                else:
                    self._found(change, "untested")
        self._forks.wait_for_all()
        return True

    def _leave_out_what_fails_in_a_process_of_its_own(self, items: list[pytest.Item]) -> None:
        """Such a test would seem to notice every change."""
        for item in items:
            if self._seconds[item.nodeid] <= SLOWEST:
                self._ask_without_change(item)
        self._forks.wait_for_all()

    def _look(self, items: list[pytest.Item]) -> None:
        """Which test runs which line."""
        covered = coverage.Coverage(
            data_file=None, source=[str(ROOT / "doorbell"), str(ROOT / "doorbell_client")]
        )
        covered.start()
        for item, following in zip(items, [*items[1:], None], strict=True):
            covered.switch_context(item.nodeid)
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                # On a busy machine a test may take too long; it could notice nothing.
                self._leave_out(item.nodeid, "fails")
                self._failed = False
        covered.stop()
        data = covered.get_data()
        for source in self._sources:
            self._lines[source.file] = data.contexts_by_lineno(str(ROOT / source.file))
        files = {str(ROOT / source.file): source.file for source in self._sources}
        for each in functions_of(files):
            code = each.__code__
            # With those that it has made already, which live on: a check made from a bound.
            outer = code.co_qualname.partition(".<locals>")[0]
            self._functions[files[code.co_filename], outer].append(each)
        self._pools = pools_that_live()
        # A process that looks through all objects would copy all memory.
        gc.collect()
        gc.disable()
        gc.freeze()

    def _tests(self, change: Change) -> list[str]:
        """Those that run its line; of many, the nearest and quickest."""
        lines = self._lines[change.file]
        first, last = change.lines
        names = {n for line in range(first, last + 1) for n in lines.get(line, ()) if n}
        quick = [name for name in names if self._seconds[name] <= SLOWEST]
        near = f"test_{Path(change.file).stem}"
        before = self._noticed[change.file, change.function]
        quick.sort(key=lambda n: (n not in before, near not in n, self._seconds[n], n))
        chosen: list[str] = []
        seconds = 0.0
        for name in quick:
            seconds += self._seconds[name]
            if near in name or seconds <= SECONDS_OF_TESTS or not chosen:
                chosen.append(name)
        return chosen

    def _ask_without_change(self, item: pytest.Item) -> None:
        def ended(code: int, _folder: Path) -> None:
            if code != SURVIVED:
                verb = "hangs" if code == HUNG else "fails"
                self._leave_out(item.nodeid, f"{verb} in a process of its own")

        def work(folder: Path) -> int:
            stand_alone(seconds, item.config, folder)
            return self._asked([item], folder)

        seconds = self._patience([item])
        self._forks.start(work, seconds, ended)

    def _ask_of(self, source: Source, change: Change, items: list[pytest.Item]) -> None:
        seconds = self._patience(items)

        def work(folder: Path) -> int:
            stand_alone(seconds, items[0].config, folder)
            try:
                live = self._functions[change.file, change.function]
                switch(live, source.changed(change), header=change.header)
            except NotPossible:
                return IMPOSSIBLE
            return self._asked(items, folder)

        def ended(code: int, folder: Path) -> None:
            if by := _read(folder / BY):
                self._noticed[change.file, change.function].append(by)
            self._found(change, _NAMED.get(code, "killed"))

        self._forks.start(work, seconds, ended)

    def _patience(self, items: list[pytest.Item]) -> float:
        return PATIENCE + 4 * sum(self._seconds[item.nodeid] for item in items)

    def _asked(self, items: list[pytest.Item], folder: Path) -> int:
        begin_anew(self._pools)
        self._failed = False
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
            if self._failed:
                (folder / BY).write_text(item.nodeid)
                return NOTICED
        return SURVIVED

    def _leave_out(self, test: str, why: str) -> None:
        print(f"not asked, as without any change it {why}: {test}", file=sys.stderr)
        self._seconds[test] = math.inf


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""


def run(
    tests: Sequence[str],
    sources: Sequence[Source],
    workers: int,
    found: Callable[[Change, str], None],
) -> int:
    """Ask these tests of every change; gives pytest's own exit code."""
    options = ["-q", "--capture=no", "-p", "no:cacheprovider", "-p", "no:xdist.looponfail"]
    mutating = Mutating(sources, workers, found)
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        return int(pytest.main([*options, *tests], plugins=[mutating]))
