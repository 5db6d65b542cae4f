"""The list of explained survivors cannot rot, and a changed function stands in for the live one.

The rest of `proof/mutation` needs mutmut, and runs by `make mutation`.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from proof.mutation import explained
from proof.mutation.explained import Explained
from proof.mutation.forks import HUNG, Forks
from proof.mutation.kept import Found, Survivor
from proof.mutation.page import rows
from proof.mutation.process import begin_anew, pools_that_live
from proof.mutation.rooms import ROOT
from proof.mutation.switching import NotPossible, functions_of, switch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODE = """
from contextlib import contextmanager
from typing import NamedTuple

class Lamp(NamedTuple):
    watts: int

    @property
    def is_bright(self) -> bool:
        return self.watts > 40

def brighter_than(watts):
    def is_bright(lamp):
        return lamp.watts > watts
    return is_bright

is_dazzling = brighter_than(100)

@contextmanager
def lit(watts=60):
    yield Lamp(watts)
"""
SURVIVOR = Survivor("doorbell/rings.py", "press", "- return 1\n+ return 2")


@pytest.fixture
def lamps(tmp_path: Path) -> Any:
    """A module that was imported."""
    file = tmp_path / "lamps.py"
    file.write_text(CODE, "utf-8")
    spec = importlib.util.spec_from_file_location("lamps", file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def change(lamps: Any, function: str, was: str, now: str, *, header: bool = False) -> None:
    live = [f for f in functions_of({lamps.__file__}) if f.__qualname__.startswith(function)]
    switch(live, CODE.replace(was, now), header=header)


def test_every_reason_names_a_function_that_is_there() -> None:
    assert explained.gone(explained.load()) == []


def test_a_reason_holds_for_the_file_function_and_change_that_it_names() -> None:
    reasons = [Explained("why", "doorbell/*.py", "press", changes=["return 2"])]
    assert explained.reason(SURVIVOR, reasons) == "why"
    for other in (
        SURVIVOR._replace(file="websocket/ring.py"),
        SURVIVOR._replace(function="record"),
        SURVIVOR._replace(change="- return 1\n+ return 3"),
    ):
        assert explained.reason(other, reasons) == ""


def test_a_reason_that_lost_its_function_or_its_survivor_is_named() -> None:
    reasons = [Explained("why", "doorbell/rings.py", "gone", changes=["return 3"])]
    assert explained.gone(reasons) == ["doorbell/rings.py gone"]
    assert explained.left_over(reasons, {}) == ["doorbell/rings.py gone return 3"]


def test_the_score_is_what_was_noticed_of_all_that_is_not_explained() -> None:
    counts = Counter(killed=90, hung=2, types=3, survived=5)
    other = SURVIVOR._replace(function="other")
    found = {"doorbell/rings.py": Found(counts, (SURVIVOR, *[other] * 4))}
    room, whole = rows(found, [Explained("why", function="other")])
    assert (room.name, room.noticed, room.explained) == ("doorbell", 95, 4)
    assert room.score == pytest.approx(100 * 95 / 96)
    assert whole[1:] == room[1:]


def test_a_property_of_a_tuple_that_lives_already_changes(lamps: Any) -> None:
    lamp = lamps.Lamp(40)
    assert not lamp.is_bright
    change(lamps, "Lamp.is_bright", "> 40", ">= 40")
    assert lamp.is_bright


def test_a_decorated_function_changes_with_its_defaults(lamps: Any) -> None:
    change(lamps, "lit", "watts=60", "watts=61", header=True)
    with lamps.lit() as lamp:
        assert lamp.watts == 61


def test_what_a_function_made_before_changes_with_it(lamps: Any) -> None:
    """A check that was made when the module was imported."""
    change(lamps, "brighter_than", "> watts", ">= watts")
    assert lamps.is_dazzling(lamps.Lamp(100))


@pytest.mark.parametrize(("was", "now"), [("> 40", "> > 40"), ("is_bright", "is_dark")])
def test_what_cannot_stand_there_is_no_change(lamps: Any, was: str, now: str) -> None:
    with pytest.raises(NotPossible):
        change(lamps, "Lamp.is_bright", was, now)


# --- processes of their own --------------------------------------------------------------


def test_each_piece_of_work_is_told_with_its_end_and_two_are_at_work_at_once() -> None:
    told: dict[str, int] = {}
    forks = Forks(2)

    def begin(name: str, work: Callable[[Path], int], seconds: float = 20) -> None:
        def ended(code: int, folder: Path) -> None:
            assert (folder / "was here").exists() is (name != "hangs")
            told[name] = code

        forks.start(work, seconds, ended)

    def writes(folder: Path, code: int) -> int:
        (folder / "was here").touch()
        return code

    def raises(folder: Path) -> int:
        writes(folder, 0)
        raise RuntimeError("of this piece alone")

    def hangs(_: Path) -> int:
        time.sleep(60)
        return 0

    begin("hangs", hangs, 0.3)
    began = time.monotonic()
    for code in (0, 3):
        begin(f"ends with {code}", lambda folder, code=code: writes(folder, code))  # type: ignore[misc]
    begin("raises", raises)
    forks.wait_for_all()
    assert time.monotonic() - began < 20
    assert told == {"hangs": HUNG, "ends with 0": 0, "ends with 3": 3, "raises": 1}


def test_a_pool_that_a_library_keeps_works_in_a_forked_process_too() -> None:
    """Its threads are not there; whoever gave it work would wait for ever, changed or not."""
    pool, told = ThreadPoolExecutor(2), list[int]()
    assert pool.submit(int).result() == 0
    pools = pools_that_live()
    assert pool in pools

    def use(folder: Path, *, anew: bool) -> int:
        if anew:
            begin_anew(pools)
        return pool.submit(lambda: 7).result()

    forks = Forks(2)
    forks.start(lambda folder: use(folder, anew=True), 10, lambda code, _: told.append(code))
    forks.wait_for_all()
    forks.start(lambda folder: use(folder, anew=False), 0.5, lambda code, _: told.append(code))
    forks.wait_for_all()
    assert told == [7, HUNG]
    pool.shutdown()


FORKED = """
import os, time
HERE = os.getpid()
def test_passes_everywhere():
    pass
def test_fails_elsewhere():
    assert os.getpid() == HERE
def test_hangs_elsewhere():
    while os.getpid() != HERE:
        time.sleep(1)
"""


def test_a_test_that_fails_in_a_process_of_its_own_is_not_asked(tmp_path: Path) -> None:
    """It would notice every change, and none of them."""
    file = tmp_path / "test_forked.py"
    file.write_text(FORKED, "utf-8")
    asked = (
        "from proof.mutation import running; running.PATIENCE = 1.0; "
        f"running.run([{str(file)!r}], [], 2, print)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    words = "not asked, as without any change it {} in a process of its own"
    told = [line.partition(": ") for line in ended.stderr.splitlines() if line.startswith("not")]
    assert {(what, test.rpartition("::")[2]) for what, _, test in told} == {
        (words.format("fails"), "test_fails_elsewhere"),
        (words.format("hangs"), "test_hangs_elsewhere"),
    }
