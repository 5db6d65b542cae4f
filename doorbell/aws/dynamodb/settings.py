"""Settings of phones and homes in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.table import Table, change, only_if
from doorbell.errors import Conflict
from doorbell.household.model import HomeSettings, PhoneSettings, Quiet, QuietHours

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.values import Item

HOME = "home#settings"


class SettingsTable:
    """`doorbell.household.ports.AllSettings`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def phone(self, home: str, device: str) -> PhoneSettings:
        """What this phone has chosen."""
        item = self._table.get(home, _phone(device))
        return _read_phone(item) if item else PhoneSettings(home, device)

    def phones(self, home: str) -> list[PhoneSettings]:
        """Those of all phones that have any."""
        return [_read_phone(item) for item in self._table.starting(home, "phone#")]

    def set_phone_quiet(self, home: str, device: str, quiet: Quiet) -> None:
        """Raises Conflict if there is no such device."""
        changed = change(home, _phone(device), *_quiet_change(quiet))
        self._table.write([device_exists(home, device), changed])

    def of_home(self, home: str) -> HomeSettings:
        """What holds for all phones of this home."""
        item = self._table.get(home, HOME) or {}
        return HomeSettings(home, _read_quiet(item), item.get("version", 0))

    def set_home_quiet(self, home: str, quiet: Quiet, was: int) -> int:
        """Raises Conflict if the version is not `was`."""
        item = {"home": home, "sk": HOME, "version": was + 1, **_quiet_item(quiet)}
        # Of a home that has chosen nothing, 0 was shown, and no other version ever was.
        allowed = "version = :was" if was else "attribute_not_exists(sk)"
        self._table.put(item, allowed, {":was": was} if was else {})
        return was + 1

    def make_manager(self, home: str, device: str) -> None:
        """Raises Conflict if there is no such device."""
        self._table.write([device_exists(home, device), made_manager(home, device)])

    def unmake_manager(self, home: str, device: str, other: str) -> None:
        """Raises Conflict unless `other` manages the home."""
        if other == device:
            raise Conflict("One manager at least must stay.")
        self._table.write([still_managed_by(home, other), _unmade(home, device)])


def still_managed_by(home: str, device: str) -> Item:
    """A change for `Table.write` that holds while this phone manages the home."""
    return only_if(home, _phone(device), "manager = :yes", {":yes": True})


def device_exists(home: str, device: str) -> Item:
    """A change for `Table.write` that holds while the home has this device."""
    return only_if(home, f"device#{device}", "attribute_exists(sk)", {})


def made_manager(home: str, device: str) -> Item:
    """A change for `Table.write`: this phone manages the home."""
    return change(home, _phone(device), "SET manager = :yes", "", {":yes": True})


def _unmade(home: str, device: str) -> Item:
    return change(
        home, _phone(device), "SET manager = :no", "manager = :yes", {":no": False, ":yes": True}
    )


def _quiet_change(quiet: Quiet) -> tuple[str, str, dict[str, object]]:
    """The expression, no condition, and the values."""
    given = _quiet_item(quiet)
    gone = [name for name in ("quiet_start", "quiet_end", "quiet_zone", "quiet_until")
            if name not in given]  # fmt: skip
    parts = []
    if given:
        parts.append("SET " + ", ".join(f"{name} = :{name}" for name in given))
    if gone:
        parts.append("REMOVE " + ", ".join(gone))
    return " ".join(parts), "", {f":{name}": value for name, value in given.items()}


def _quiet_item(quiet: Quiet) -> dict[str, object]:
    hours: dict[str, object] = {}
    if quiet.hours:
        hours = {f"quiet_{name}": value for name, value in quiet.hours._asdict().items()}
    return hours | ({"quiet_until": quiet.until} if quiet.until is not None else {})


def _read_quiet(item: Item) -> Quiet:
    hours = None
    if "quiet_start" in item:
        hours = QuietHours(item["quiet_start"], item["quiet_end"], item["quiet_zone"])
    return Quiet(hours, item.get("quiet_until"))


def _read_phone(item: Item) -> PhoneSettings:
    device = item["sk"].removeprefix("phone#")
    return PhoneSettings(item["home"], device, item.get("manager", False), _read_quiet(item))


def _phone(device: str) -> str:
    return f"phone#{device}"
