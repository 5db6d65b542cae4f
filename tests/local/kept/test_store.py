"""The file of a kept home gives back what was written, whole, or says that it cannot."""

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.errors import KeptByAnotherVersion, KeptDamaged, NotKept
from local.kept.store import Change, Content, Name, Owner, Store
from local.server import ROOT

ROWS, FACES = Owner("row", "table"), Owner("face", "")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
contents = st.builds(Content, json_values, st.binary(max_size=2000))
names = st.lists(st.text(max_size=20), max_size=3).map(tuple)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a store may begin."""
    return tmp_path / "home.sqlite"


def _written(file: Path, count: int = 40) -> Mapping[Name, Content]:
    """A store with so many records, as they must be read again."""
    records: dict[Name, Content] = {
        (f"{n}", "é🔔"): Content({"n": n}, bytes([n]) * 300) for n in range(count)
    }
    with contextlib.closing(Store(file)) as store:
        store.write([Change(ROWS, records, ())])
    return records


def _read(file: Path) -> dict[Name, Content]:
    """As a start reads it: all of it is checked first."""
    with contextlib.closing(Store(file)) as store:
        store.check()
        return store.read(ROWS)


@given(st.dictionaries(names, contents, max_size=8))
@settings(max_examples=30)
def test_whatever_is_written_is_read_again_in_the_same_order(
    tmp_path_factory: pytest.TempPathFactory, records: dict[Name, Content]
) -> None:
    file = tmp_path_factory.mktemp("store") / "home.sqlite"
    with contextlib.closing(Store(file)) as store:
        store.write([Change(ROWS, records, ())])
        assert list(store.read(ROWS).items()) == list(records.items())
        assert store.read(FACES) == {}


def test_a_record_is_replaced_where_it_stands_and_one_that_is_gone_stays_away(file: Path) -> None:
    with contextlib.closing(Store(file)) as store:
        one, two, three = Content(1), Content(2), Content(3, b"face")
        store.write([Change(ROWS, {("a",): one, ("b",): two}, ())])
        store.write([Change(ROWS, {("a",): three}, [("b",)]), Change(FACES, {("a",): two}, ())])
    with contextlib.closing(Store(file)) as again:
        assert again.read(ROWS) == {("a",): three}
        assert again.read(FACES) == {("a",): two}


def test_what_is_deleted_is_not_in_the_file_any_more(file: Path) -> None:
    with contextlib.closing(Store(file)) as store:
        store.write([Change(FACES, {("ada",): Content("adas fields", b"adas face" * 1000)}, ())])
        assert b"adas face" in file.read_bytes()
        store.write([Change(FACES, {}, [("ada",)])])
    assert b"adas f" not in file.read_bytes()


def test_nobody_but_its_owner_may_read_it(file: Path) -> None:
    _written(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@given(where=st.integers(0, 2**20), bits=st.integers(1, 255))
@settings(max_examples=100)
def test_a_damaged_byte_is_noticed_or_does_no_harm(
    where: int, bits: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("damaged") / "home.sqlite"
    records = _written(file)
    content = bytearray(file.read_bytes())
    content[where % len(content)] ^= bits
    file.write_bytes(content)
    with contextlib.suppress(KeptDamaged, KeptByAnotherVersion):
        assert _read(file) == records
    assert file.read_bytes()[where % len(content)] == content[where % len(content)]


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[: len(whole) // 2], lambda _: b"no database " * 100]
)
def test_a_file_that_is_cut_or_is_something_else_is_named_and_left_as_it_is(
    file: Path, damage: object
) -> None:
    _written(file)
    damaged = damage(file.read_bytes())  # type: ignore[operator]
    file.write_bytes(damaged)
    with pytest.raises(KeptDamaged) as told:
        _read(file)
    where = os.path.relpath(file)
    assert str(told.value) == (
        f"{where} is damaged, and cannot be read. Nothing was changed: "
        f"move {os.path.relpath(file.parent)} away to begin anew, or start with KEEP=no."
    )
    assert file.read_bytes() == damaged


def test_a_record_that_somebody_changed_is_noticed(file: Path) -> None:
    _written(file)
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE records SET fields = '{\"n\":7}' WHERE rowid = 3")
    with pytest.raises(KeptDamaged):
        _read(file)


def test_another_versions_file_is_named_with_what_to_do(file: Path) -> None:
    _written(file)
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA user_version = 2")
    with pytest.raises(KeptByAnotherVersion, match=r"format 2; this one reads 1.*KEEP=no"):
        _read(file)


def test_a_database_of_another_program_is_not_written_to(file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE theirs (a)")
    before = file.read_bytes()
    with pytest.raises(KeptDamaged):
        Store(file)
    assert file.read_bytes() == before


WRITER = """
import sys
from pathlib import Path
from local.kept.store import Change, Content, Owner, Store

store = Store(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), sys.maxsize):
    records = {(str(n),): Content(number, bytes(5000)) for n in range(40)}
    store.write([Change(Owner("row", "table"), records, ())])
    print(number, flush=True)
"""


def test_a_kill_at_any_moment_leaves_all_of_a_change_or_nothing_of_it(file: Path) -> None:
    for kill in range(6):
        with _python(WRITER, file, str(kill * 1_000_000)) as writer:
            assert writer.stdout
            first = writer.stdout.readline()
            time.sleep(0.05 + 0.013 * kill)
            writer.kill()
            said = [int(line) for line in (first, *writer.stdout)]
        written = {content.fields for content in _read(file).values()}
        assert len(written) == 1
        assert written.pop() - max(said) in (0, 1)


FILLER = """
import resource, sys
from pathlib import Path
from local.errors import NotKept
from local.kept.store import Change, Content, Owner, Store

store, rows = Store(Path(sys.argv[1])), Owner("row", "table")
store.write([Change(rows, {("first",): Content(1)}, ())])
# Where no file may grow, a disk is full.
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    store.write([Change(rows, {("first",): Content(2), ("big",): Content(2, bytes(500_000))}, ())])
except NotKept as error:
    print(error)
store.write([Change(rows, {("small",): Content(3)}, ())])
"""


def test_a_full_disk_is_said_and_what_was_written_before_stays(file: Path) -> None:
    with _python(FILLER, file) as filler:
        told, _ = filler.communicate(timeout=20)
    assert filler.returncode == 0
    assert told.startswith(f"{os.path.relpath(file, ROOT)} cannot be used: ")
    assert _read(file) == {("first",): Content(1), ("small",): Content(3)}


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotKept, match=r"cannot be used: No such file or directory"):
        Store(tmp_path / "nowhere" / "home.sqlite")


@contextlib.contextmanager
def _python(program: str, file: Path, *more: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", program, str(file), *more]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()
