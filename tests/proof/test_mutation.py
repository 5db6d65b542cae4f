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
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from proof.mutation import explained
from proof.mutation.explained import Explained
from proof.mutation.forks import HUNG, Forks
from proof.mutation.kept import Found, Survivor, digest_of, load, save
from proof.mutation.page import rows
from proof.mutation.process import begin_anew, pools_that_live
from proof.mutation.rooms import ROOT
from proof.mutation.switching import NotPossible, functions_of, switch

if TYPE_CHECKING:
    from collections.abc import Callable

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


def test_what_was_found_in_a_file_is_of_its_text_alone(tmp_path: Path) -> None:
    """A file with as many changes as before may be another one: all of it is asked again then."""
    place = tmp_path / "mutation.json"
    save({"lamps.py": Found(Counter(killed=3), (), digest_of(CODE))}, place)
    (found,) = load(place).values()
    assert found.is_of(CODE)
    assert not found.is_of(CODE.replace("> 40", "> 41"))
    assert not Found(Counter(killed=3), ()).is_of(CODE), "kept by a version without digests"


def test_every_file_that_was_asked_has_its_digest() -> None:
    assert [file for file, found in load().items() if len(found.digest) != 64] == []


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


def ends_of(at_once: int, *pieces: Callable[[Path], int], seconds: float = 20) -> list[int]:
    """What each piece of work ended with, in their order."""
    told: dict[int, int] = {}
    forks = Forks(at_once)
    for number, work in enumerate(pieces):

        def ended(code: int, folder: Path, number: int = number) -> None:
            assert folder.is_dir()
            told[number] = code

        forks.start(work, seconds, ended)
    forks.wait_for_all()
    return [told[number] for number in range(len(pieces))]


def test_each_piece_of_work_is_told_with_its_end() -> None:
    def raises(_: Path) -> int:
        raise RuntimeError("of this piece alone")

    assert ends_of(2, lambda _: 0, lambda _: 3, raises) == [0, 3, 1]


def test_a_piece_that_hangs_is_ended_with_all_that_it_has_started(tmp_path: Path) -> None:
    other = tmp_path / "other"

    def hangs(_: Path) -> int:
        other.write_text(str(subprocess.Popen(["sleep", "60"]).pid))
        time.sleep(60)
        return 0

    assert ends_of(1, hangs, seconds=1) == [HUNG]
    started = Path("/proc", other.read_text(), "cmdline")
    assert not (started.exists() and started.read_bytes())


def test_as_many_are_at_work_at_once_as_was_said(tmp_path: Path) -> None:
    """Each of two waits for the other."""

    def meets(mine: str, other: str) -> int:
        (tmp_path / mine).touch()
        while not (tmp_path / other).exists():
            time.sleep(0.01)
        return 0

    both = (lambda _: meets("one", "two"), lambda _: meets("two", "one"))
    assert ends_of(2, *both) == [0, 0]
    for name in ("one", "two"):
        (tmp_path / name).unlink()
    assert ends_of(1, *both, seconds=0.5) == [HUNG, 0], "the second finds what the first has left"


def test_a_pool_that_a_library_keeps_works_in_a_forked_process_too() -> None:
    """Its threads are not there; whoever gave it work would wait for ever, changed or not."""
    with ThreadPoolExecutor(2) as pool:
        assert pool.submit(int).result() == 0
        pools = pools_that_live()
        assert pool in pools

        def anew(_: Path) -> int:
            begin_anew(pools)
            return pool.submit(lambda: 7).result()

        assert ends_of(1, anew) == [7]
        assert ends_of(1, lambda _: pool.submit(lambda: 7).result(), seconds=0.5) == [HUNG]


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
        "from proof.mutation import running; running.PATIENCE = 5.0; "
        f"running.run([{str(file)!r}], [], 2, print)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    words = "not asked, as without any change it {} in a process of its own"
    told = [line.partition(": ") for line in ended.stderr.splitlines() if line.startswith("not")]
    assert {(what, test.rpartition("::")[2]) for what, _, test in told} == {
        (words.format("fails"), "test_fails_elsewhere"),
        (words.format("hangs"), "test_hangs_elsewhere"),
    }
