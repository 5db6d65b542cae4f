"""The folder of a kept home: one `make up` has it at a time, and only its owner may look in.

Beside what the server keeps it holds what this start must have in common with the last one: the
ports, the root's keys, and the tokens of the devices that `make up` prints.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from doorbell.model import Role
from local.errors import NotKept
from local.kept.store import Change, Content, Owner, Store

FILE: Final = "home.sqlite"
LOCK: Final = "lock"
LOCK_SECONDS: Final = 2.0
"""How long a start waits for the last one's server, which may still be ending."""

_IDENTITY: Final = Owner("identity", "")


class Identity(NamedTuple):
    """What is the same at each start."""

    port: int
    web_port: int
    """Of the phones' app: to a browser another port is another app, which is not paired."""
    access_key: str
    secret_key: str
    tokens: Mapping[Role, str]
    cameras_port: int = 0
    """Where cameras send to; 0 in a home that was kept before there were any."""


@dataclass(frozen=True)
class KeptHome:
    """A folder that this process has; `identity` is that of the last start, if there was one."""

    folder: Path
    lock: int
    """A descriptor: whoever has inherited it, has the folder too."""
    identity: Identity | None = field(repr=False)

    @property
    def file(self) -> Path:
        """Where everything is."""
        return self.folder / FILE

    def remember(self, identity: Identity) -> None:
        """For the next start. Raises NotKept."""
        with contextlib.closing(Store(self.file)) as store:
            store.write([Change(_IDENTITY, {(): Content(identity._asdict())}, ())])


@contextlib.contextmanager
def kept_home(folder: Path) -> Iterator[KeptHome]:
    """Have the folder, which is made if there is none, and read all of it once.

    Raises NotKept if another has it, KeptDamaged, KeptByAnotherVersion.
    """
    with contextlib.ExitStack() as leaving:
        lock = _open_lock(folder)
        leaving.callback(os.close, lock)
        _take(lock, folder)
        with contextlib.closing(Store(folder / FILE)) as store:
            store.check()
            found = store.read(_IDENTITY).get(())
        yield KeptHome(folder, lock, Identity(**found.fields) if found else None)


def _open_lock(folder: Path) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        return os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise NotKept(f"{os.path.relpath(folder)} cannot be used: {error.strerror}.") from error


def _take(lock: int, folder: Path) -> None:
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise NotKept(
                    f"Another `make up KEEP=yes` has {os.path.relpath(folder)}: "
                    "stop it first, or start with KEEP=no."
                ) from None
        time.sleep(0.05)
