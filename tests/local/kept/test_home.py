"""A kept home's folder: one start has it at a time, and nobody else may look in."""

import contextlib
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from local.errors import KeptDamaged, NotKept
from local.kept import home as home_module
from local.kept.home import Identity, kept_home
from local.server import ROOT

IDENTITY = Identity(4566, 4567, "AKIA", "secret", {"door": "home.door.x", "phone": "home.phone.y"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "local" / "kept"


def test_the_next_start_is_told_the_last_ones_identity(folder: Path) -> None:
    with kept_home(folder) as first:
        assert first.identity is None
        first.remember(IDENTITY)
    with kept_home(folder) as second:
        assert second.identity == IDENTITY
        assert "secret" not in repr(second)


def test_only_its_owner_may_look_in(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o755)
    with kept_home(folder) as kept:
        kept.remember(IDENTITY)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_second_one_is_refused_in_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_module, "LOCK_SECONDS", 0.1)
    with kept_home(folder), pytest.raises(NotKept) as refused, kept_home(folder):
        pass
    assert str(refused.value) == (
        f"Another `make up KEEP=yes` has {os.path.relpath(folder)}: "
        "stop it first, or start with KEEP=no."
    )


def test_whoever_inherits_the_lock_has_the_folder_until_it_ends(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server does: it may outlive a start that was killed by a moment."""
    monkeypatch.setattr(home_module, "LOCK_SECONDS", 0.1)
    with contextlib.ExitStack() as first:
        lock = first.enter_context(kept_home(folder)).lock
        server = subprocess.Popen(["sleep", "60"], pass_fds=[lock])
    try:
        with pytest.raises(NotKept), kept_home(folder):
            pass
    finally:
        server.kill()
        server.wait()
    with kept_home(folder):
        pass


HOLDER = """
import sys, time
from pathlib import Path
from local.kept.home import kept_home
with kept_home(Path(sys.argv[1])):
    print("has it", flush=True)
    time.sleep(60)
"""


def test_one_that_was_killed_has_it_no_more(folder: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE
    )
    with holder:
        assert holder.stdout
        holder.stdout.readline()
        holder.send_signal(signal.SIGKILL)
    with kept_home(folder):
        pass


def test_a_damaged_home_is_not_begun_with_and_may_be_had_afterwards(folder: Path) -> None:
    with kept_home(folder) as kept:
        kept.remember(IDENTITY)
        file = kept.file
    whole = file.read_bytes()
    file.write_bytes(whole.replace(b"4566", b"4567"))
    for _ in range(2):
        with pytest.raises(KeptDamaged), kept_home(folder):
            pass
    file.write_bytes(whole)
    with kept_home(folder) as again:
        assert again.identity == IDENTITY


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "local").write_text("a file")
    reason = pytest.raises(NotKept, match=r"cannot be used: (Not a directory|File exists)")
    with reason, kept_home(tmp_path / "local" / "kept"):
        pass
