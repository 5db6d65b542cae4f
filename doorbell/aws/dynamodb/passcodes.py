"""Hashes of passcodes, and tries, in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.opens import put_order
from doorbell.aws.dynamodb.rings import expect_phone
from doorbell.aws.dynamodb.table import DAY, Table, change, put
from doorbell.aws.dynamodb.values import Item, millis
from doorbell.model import WHOLE_HOME, Attempt, AttemptLog, Passcode

if TYPE_CHECKING:
    from doorbell.model import OpenOrder


class PasscodeTable:
    """`doorbell.ports.Passcodes`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def in_home(self, home: str, since: float) -> list[Passcode]:
        """Codes of rings since then, oldest first, and after them all PINs of guests.

        One range of keys: a letter stands behind all digits.
        """
        items = self._table.between(home, f"code#{millis(since)}", "code#~")
        return [_read(item) for item in items]

    def guests(self, home: str) -> list[Passcode]:
        """All PINs of guests."""
        return [_read(item) for item in self._table.starting(home, "code#guest#")]

    def at_door(self, home: str, door: str, since: float) -> list[Passcode]:
        """Of these, what opens this door."""
        return [passcode for passcode in self.in_home(home, since) if door in passcode.doors]

    def issue(self, passcode: Passcode, former: list[Passcode], token: str | None = None) -> None:
        """Store it; the former ones end now; its ring waits at `token`. Raises Conflict."""
        changes = [put(_item(passcode))]
        changes += [_end(each, passcode.valid_from) for each in former]
        if token is not None:
            changes.append(expect_phone(passcode.home, passcode.id, passcode.whom, token))
        self._table.write(changes)

    def add_hash(self, passcode: Passcode, digest: str, most: int) -> None:
        """In place: two phones that come back at once both get one. Raises Conflict."""
        self._table.update(
            passcode.home,
            _sk(passcode),
            "SET hashes = list_append(hashes, :more)",
            "attribute_exists(sk) AND used_at = :never AND expires_at = :until"
            " AND size(hashes) < :most",
            {":more": [digest], ":never": 0.0, ":until": passcode.valid_until, ":most": most},
        )

    def withdraw(self, passcode: Passcode) -> None:
        """It opens nothing."""
        self._table.delete(passcode.home, _sk(passcode))

    def take_back(self, passcode: Passcode) -> None:
        """Nobody has it. Raises Conflict."""
        self._table.delete_if(
            passcode.home,
            _sk(passcode),
            "used_at = :never AND size(hashes) = :drawn",
            {":never": 0.0, ":drawn": len(passcode.hashes)},
        )

    def attempts(self, home: str, door: str) -> AttemptLog:
        """The tries at this door."""
        return read_attempts(self._table.get(home, f"keypad#{door}"))

    def settle(
        self,
        home: str,
        door: str,
        log: AttemptLog,
        used: Passcode | None,
        order: OpenOrder | None,
        in_home: AttemptLog | None = None,
    ) -> None:
        """Write the tries, the use and the order in one step. Raises Conflict."""
        changes = [_log_written(home, door, log, used)]
        if in_home:
            changes.append(_log_written(home, WHOLE_HOME, in_home, None))
        if used:
            changes.append(_use(used))
        if order:
            changes.append(put_order(order))
        self._table.write(changes)


def _log_written(home: str, door: str, log: AttemptLog, used: Passcode | None) -> Item:
    item = {
        "home": home,
        "sk": f"keypad#{door}",
        "tries": [list(each) for each in log.tries],
        "version": log.version + 1,
        "ttl": _forget_tries_at(log, used),
    }
    return put(item, "attribute_not_exists(sk) OR version = :was", {":was": log.version})


def _use(used: Passcode) -> Item:
    return change(
        used.home,
        _sk(used),
        "SET used_at = :now, uses_left = :left",
        "attribute_exists(sk) AND (uses_left = :was OR"
        " (attribute_not_exists(uses_left) AND used_at = :never)) AND expires_at > :now",
        {
            ":now": used.used_at,
            ":left": used.uses_left,
            ":was": used.uses_left + 1,
            ":never": 0.0,
        },
    )


def _end(former: Passcode, now: float) -> Item:
    """It expires now, unless it was used in this moment."""
    return change(
        former.home,
        _sk(former),
        "SET expires_at = :now",
        "attribute_exists(sk) AND used_at = :used",
        {":now": now, ":used": former.used_at},
    )


def _forget_tries_at(log: AttemptLog, used: Passcode | None) -> int | None:
    """A day after the last thing that was typed; never, if there is nothing to forget."""
    times = [each.at for each in log.tries] + ([used.used_at] if used else [])
    return int(max(times)) + DAY if times else None


def _item(passcode: Passcode) -> Item:
    """A ring's code as it stands in the table; the names are older than guests' PINs."""
    return {
        "home": passcode.home,
        "sk": _sk(passcode),
        "kind": passcode.kind,
        "door": passcode.doors[0],
        "doors": list(passcode.doors),
        "ring": passcode.id,
        "resident": passcode.whom,
        "issued_at": passcode.valid_from,
        "expires_at": passcode.valid_until,
        "hashes": list(passcode.hashes),
        "uses_left": passcode.uses_left,
        "used_at": passcode.used_at,
        "ttl": int(passcode.valid_until) + DAY,
    }


def read_attempts(item: Item | None) -> AttemptLog:
    """The tries at a door; at a new one, none."""
    if item is None:
        return AttemptLog()
    return AttemptLog(tuple(Attempt(*each) for each in item["tries"]), item["version"])


def _read(item: Item) -> Passcode:
    """Also what a former release wrote: it knew neither kinds nor uses."""
    return Passcode(
        home=item["home"],
        id=item["ring"],
        kind=item.get("kind", "ring"),
        whom=item["resident"],
        doors=item.get("doors") or (item["door"],),
        valid_from=item["issued_at"],
        valid_until=item["expires_at"],
        hashes=item["hashes"],
        uses_left=item.get("uses_left", 0 if item["used_at"] else 1),
        used_at=item["used_at"],
    )


def _sk(passcode: Passcode) -> str:
    if passcode.kind == "guest":
        return f"code#guest#{passcode.id}"
    return f"code#{millis(passcode.valid_from)}#{passcode.doors[0]}#{passcode.id}"
