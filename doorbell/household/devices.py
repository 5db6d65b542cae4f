"""The devices of a home: what the phones see of them, who manages, who is revoked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, get_args

from doorbell.errors import BadName, Conflict
from doorbell.films.schedule import remove_schedule
from doorbell.homes import check_id
from doorbell.household.names import check_name
from doorbell.household.problems import Problem, not_found
from doorbell.model import Role

if TYPE_CHECKING:
    from doorbell.household.services import Household
    from doorbell.model import Connection, Device
    from doorbell.ports import Connections, Sockets


class ShownDevice(NamedTuple):
    """A device as the phones see it. Times are epoch seconds."""

    device: Device
    manager: bool
    online: bool
    last_seen: float | None
    offline_since: float | None
    """Of a door that is away: since when."""


def show_all(household: Household, home: str) -> list[ShownDevice]:
    """All devices of a home, doors first, then by name."""
    managers = {phone.device for phone in household.settings.phones(home) if phone.manager}
    seen = household.presences.of_home(home)
    online = {c.device for role in ("door", "phone") for c in household.connections.of(home, role)}
    shown = [
        _show(
            device,
            manager=device.id in managers,
            online=device.id in online,
            seen_at=seen[device.id].seen_at if device.id in seen else None,
        )
        for device in household.devices.all(home)
    ]
    return sorted(shown, key=_order)


def change(
    household: Household, home: str, device: str, name: str | None, manager: bool | None
) -> ShownDevice:
    """Rename a device, make a phone a manager or unmake it. Raises BadName, Problem."""
    known = _known(household, home, device)
    if manager is not None and known.role != "phone":
        raise Problem("bad_field", "Only a phone can manage a home.")
    chosen = None if name is None else check_name(name)
    try:
        # What may be refused comes first, so that nothing is changed by half.
        if manager is not None:
            _set_manager(household, home, device, manager=manager)
        if chosen is not None:
            household.devices.rename(home, device, chosen)
    except Conflict:
        raise not_found() from None
    return find(household, home, device)


def find(household: Household, home: str, device: str) -> ShownDevice:
    """One device as the phones see it. Raises Problem `not_found`."""
    for shown in show_all(household, home):
        if shown.device.id == device:
            return shown
    raise not_found()


def revoke(household: Household, home: str, device: str) -> None:
    """Its token is nobody's, its sockets are closed, and a camera's films are made no more.

    Raises Problem `not_found`, `last_manager`.
    """
    known = _known(household, home, device)
    try:
        household.devices.remove_member(home, device)
    except Conflict:
        _remove_manager(household, home, device)
    close_sockets(household.connections, household.sockets, home, device)
    if known.role == "camera":
        remove_schedule(household.schedules, home, device)


def close_sockets(connections: Connections, sockets: Sockets, home: str, device: str) -> int:
    """Close all open sockets of a device; how many there were.

    The rows before the sockets: a socket without a row is told nothing any more, and its next
    message closes it, even if it cannot be closed now. The first error is raised after the last
    socket.
    """
    open_ones = [c for role in get_args(Role) for c in connections.of(home, role, device)]
    for connection in open_ones:
        connections.remove(connection)
    errors = [error for each in open_ones if (error := _close(sockets, each))]
    if errors:
        raise errors[0]
    return len(open_ones)


def _close(sockets: Sockets, connection: Connection) -> Exception | None:
    try:
        sockets.close(connection.id)
    except Exception as error:
        return error
    return None


def _known(household: Household, home: str, device: str) -> Device:
    """Raises Problem `not_found`, also for what could be no device's id: it might fit no key."""
    try:
        known = household.devices.find(home, check_id(device, "device"))
    except BadName:
        known = None
    if known is None:
        raise not_found()
    return known


def _set_manager(household: Household, home: str, device: str, *, manager: bool) -> None:
    if manager:
        household.settings.make_manager(home, device)
        return
    if not household.settings.phone(home, device).manager:
        return
    for other in _other_managers(household, home, device):
        try:
            household.settings.unmake_manager(home, device, other)
        except Conflict:
            continue  # one of the two was unmade in this moment
        return
    if household.settings.phone(home, device).manager:
        raise _last_one()


def _remove_manager(household: Household, home: str, device: str) -> None:
    for other in _other_managers(household, home, device):
        try:
            household.devices.remove_manager(home, device, other)
        except Conflict:
            continue
        return
    raise _last_one()


def _other_managers(household: Household, home: str, device: str) -> list[str]:
    known = {each.id for each in household.devices.all(home)}
    phones = household.settings.phones(home)
    return [p.device for p in phones if p.manager and p.device != device and p.device in known]


def _last_one() -> Problem:
    return Problem("last_manager", "This is the home's last manager: make another one first.")


def _show(device: Device, *, manager: bool, online: bool, seen_at: float | None) -> ShownDevice:
    away = seen_at if device.role == "door" and not online else None
    return ShownDevice(device, manager, online, seen_at, away)


def _order(shown: ShownDevice) -> tuple[int, str]:
    return get_args(Role).index(shown.device.role), shown.device.name.casefold()
