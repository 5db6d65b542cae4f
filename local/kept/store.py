"""The file of a kept home: records in SQLite. What changes at once is written whole or not at all.

A record holds faces, tokens or secrets: the file is its owner's alone, and what is deleted is
overwritten. Each has a checksum, because SQLite notices damage to the structure of its pages only.
"""

import contextlib
import json
import os
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from local.errors import KeptByAnotherVersion, KeptDamaged, LocalError, NotKept

FORMAT: Final = 1
"""What a record looks like; another number is another version's file."""

APPLICATION: Final = 0x42454C4C
"""SQLite's `application_id`: "BELL"."""

BUSY_SECONDS: Final = 5.0
"""How long a write waits for another process's."""

_DAMAGE: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
"""The last one is "no such table", or a format of file that SQLite does not know."""

_RECORDS: Final = """
CREATE TABLE records (
  kind TEXT NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL,
  fields TEXT NOT NULL, body BLOB NOT NULL, checksum INTEGER NOT NULL,
  PRIMARY KEY (kind, owner, name)
)"""

_PUT: Final = """
INSERT INTO records (kind, owner, name, fields, body, checksum) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET
  fields = excluded.fields, body = excluded.body, checksum = excluded.checksum"""

Name: TypeAlias = tuple[str, ...]
"""What a record is called where it belongs."""


class Owner(NamedTuple):
    """Where a record belongs: `("row", "doorbell-Table-…")`."""

    kind: str
    name: str


class Content(NamedTuple):
    """What a record holds: anything JSON can say, and bytes."""

    fields: Any
    body: bytes = b""


class Change(NamedTuple):
    """What is new or different of one owner, and what is gone."""

    owner: Owner
    put: Mapping[Name, Content]
    gone: Iterable[Name]


class Store:
    """The open file. Every method may be called by any thread."""

    def __init__(self, file: Path) -> None:
        """Open it, or begin it. Raises KeptDamaged, KeptByAnotherVersion, NotKept."""
        self.file = file
        self._lock = threading.Lock()
        with _plainly(file):
            # SQLite gives its journal the same rights.
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
            self._database = sqlite3.connect(
                file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
        try:
            with _plainly(file):
                self._database.execute("PRAGMA secure_delete = ON")
                if not self._begun():
                    self._begin()
                self._check_version()
        except BaseException:
            self._database.close()
            raise

    def check(self) -> None:
        """Read all of it. Raises KeptDamaged unless it is whole."""
        with self._lock, _plainly(self.file):
            problems = [row[0] for row in self._database.execute("PRAGMA integrity_check")]
            if problems != ["ok"]:
                raise KeptDamaged(_damaged(self.file))
            for row in self._database.execute("SELECT * FROM records"):
                self._record(row)

    def read(self, owner: Owner) -> dict[Name, Content]:
        """Its records, in the order in which they first came. Raises KeptDamaged, NotKept."""
        query = "SELECT * FROM records WHERE kind = ? AND owner = ? ORDER BY rowid"
        with self._lock, _plainly(self.file):
            rows = self._database.execute(query, owner)
            return dict(self._record(row) for row in rows)

    def write(self, changes: Iterable[Change]) -> None:
        """All of them, or none. Raises NotKept; what was written before stays."""
        with self._lock, _plainly(self.file), self._transaction() as database:
            for owner, put, gone in changes:
                database.executemany(
                    "DELETE FROM records WHERE kind = ? AND owner = ? AND name = ?",
                    ((*owner, _text(name)) for name in gone),
                )
                database.executemany(
                    _PUT, (_row(owner, name, content) for name, content in put.items())
                )

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._database.close()

    def _begun(self) -> bool:
        return bool(self._pragma("user_version") or self._pragma("application_id")) or bool(
            self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        )

    def _begin(self) -> None:
        self._database.execute("PRAGMA auto_vacuum = FULL")
        with self._transaction() as database:
            database.execute(_RECORDS)
            database.execute(f"PRAGMA application_id = {APPLICATION}")
            database.execute(f"PRAGMA user_version = {FORMAT}")

    def _check_version(self) -> None:
        if self._pragma("application_id") != APPLICATION:
            raise KeptDamaged(_damaged(self.file))
        if (version := self._pragma("user_version")) != FORMAT:
            raise KeptByAnotherVersion(
                f"{_shown(self.file)} was kept by another version of the doorbell "
                f"(format {version}; this one reads {FORMAT}). {_ways_out(self.file)}"
            )

    def _pragma(self, name: str) -> int:
        return int(self._database.execute(f"PRAGMA {name}").fetchone()[0])

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield self._database
            self._database.execute("COMMIT")
        finally:
            # SQLite has rolled back by itself after some errors, a full disk for one.
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")

    def _record(self, row: tuple[Any, ...]) -> tuple[Name, Content]:
        kind, owner, name, fields, body, checksum = row
        with contextlib.suppress(AttributeError, TypeError):
            # What is damaged may be of another type.
            if checksum == _checksum(kind, owner, name, fields, body):
                return tuple(json.loads(name)), Content(json.loads(fields), body)
        raise KeptDamaged(_damaged(self.file))


def _row(owner: Owner, name: Name, content: Content) -> tuple[object, ...]:
    named, fields = _text(name), _text(content.fields)
    return (*owner, named, fields, content.body, _checksum(*owner, named, fields, content.body))


def _text(value: object) -> str:
    # ASCII alone: any text of Python can be written so, and not all of it as UTF-8.
    return json.dumps(value, separators=(",", ":"))


def _checksum(kind: str, owner: str, name: str, fields: str, body: bytes) -> int:
    return zlib.crc32(body, zlib.crc32("\0".join((kind, owner, name, fields)).encode()))


@contextlib.contextmanager
def _plainly(file: Path) -> Iterator[None]:
    """What SQLite and the system say, in our words."""
    try:
        yield
    except LocalError:
        raise
    except sqlite3.Error as error:
        # The lowest byte is the kind of error, the others say more. Text that is no UTF-8 has none.
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF in _DAMAGE:
            raise KeptDamaged(_damaged(file)) from error
        raise NotKept(f"{_shown(file)} cannot be used: {error}.") from error
    except UnicodeError as error:
        raise KeptDamaged(_damaged(file)) from error
    except OSError as error:
        raise NotKept(f"{_shown(file)} cannot be used: {error.strerror}.") from error


def _damaged(file: Path) -> str:
    return f"{_shown(file)} is damaged, and cannot be read. {_ways_out(file)}"


def _ways_out(file: Path) -> str:
    return (
        f"Nothing was changed: move {_shown(file.parent)} away to begin anew, "
        "or start with KEEP=no."
    )


def _shown(path: Path) -> str:
    return os.path.relpath(path)
