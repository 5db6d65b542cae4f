"""Hashes of codes, and tries, in the table."""

from __future__ import annotations

from doorbell.aws.dynamodb.table import DAY, Table, change, millis, put, read
from doorbell.model import Attempt, AttemptLog, IssuedCode


class CodeTable:
    """`doorbell.ports.Codes`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def issued(self, home: str, since: float) -> list[IssuedCode]:
        """What was issued in this home since then."""
        items = self._table.between(home, f"code#{millis(since)}", "code#~")
        return [read(IssuedCode, item) for item in items]

    def issue(self, code: IssuedCode) -> None:
        """Store it."""
        item = {**code._asdict(), "sk": _sk(code), "ttl": int(code.expires_at) + DAY}
        self._table.put(item)

    def add_hash(self, code: IssuedCode, digest: str, most: int) -> None:
        """In place: two phones that come back at once both get one. Raises Conflict."""
        self._table.update(
            code.home,
            _sk(code),
            "SET hashes = list_append(hashes, :more)",
            "attribute_exists(sk) AND used_at = :never AND size(hashes) < :most",
            {":more": [digest], ":never": 0.0, ":most": most},
        )

    def withdraw(self, code: IssuedCode) -> None:
        """It opens nothing."""
        self._table.delete(code.home, _sk(code))

    def keypad(self, home: str, door: str) -> AttemptLog:
        """The tries at this door."""
        item = self._table.get(home, f"keypad#{door}")
        if item is None:
            return AttemptLog()
        return AttemptLog(tuple(Attempt(at, rings) for at, rings in item["tries"]), item["version"])

    def settle(self, home: str, door: str, keypad: AttemptLog, used: IssuedCode | None) -> None:
        """Write the tries and the use in one step. Raises Conflict."""
        changes = [
            put(
                {
                    "home": home,
                    "sk": f"keypad#{door}",
                    "tries": [list(t) for t in keypad.tries],
                    "version": keypad.version + 1,
                    "ttl": _forget_tries_at(keypad, used),
                },
                "attribute_not_exists(sk) OR version = :was",
                {":was": keypad.version},
            )
        ]
        if used:
            changes.append(
                change(
                    home,
                    _sk(used),
                    "SET used_at = :now",
                    "attribute_exists(sk) AND used_at = :never",
                    {":now": used.used_at, ":never": 0.0},
                )
            )
        self._table.write(changes)


def _forget_tries_at(keypad: AttemptLog, used: IssuedCode | None) -> int | None:
    """A day after the last thing that was typed; never, if there is nothing to forget."""
    times = [each.at for each in keypad.tries] + ([used.used_at] if used else [])
    return int(max(times)) + DAY if times else None


def _sk(code: IssuedCode) -> str:
    return f"code#{millis(code.issued_at)}#{code.door}#{code.ring}"
