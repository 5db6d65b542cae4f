"""Add a device to a home, and revoke one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from doorbell.auth import authenticate, new_device, read_token
from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.home_devices import HomeDeviceTable
from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.aws.dynamodb.table import Table
from doorbell.errors import BadName, Conflict, DoorbellError, TokenError
from doorbell.homes import check_id, id_from_name
from doorbell.household.devices import close_sockets
from operations.film import stop_films
from operations.keys import ensure_keys
from operations.stacks import NoStack

if TYPE_CHECKING:
    from doorbell.model import Device, Role
    from operations.stacks import Deployed


def add_device(
    stack: Deployed,
    role: Role,
    name: str,
    home: str,
    resident: str | None,
    door: str | None = None,
) -> str:
    """Add a device; its token, which is kept nowhere. The first phone of a home manages it.

    `door` is the name of the door that a camera's pictures ring at. Raises BadName, Conflict,
    NoStack if the home has no such door.
    """
    ensure_keys(stack)
    device, token = new_device(home, role, name, resident)
    table = Table(stack.client, stack.table)
    devices = DeviceTable(table)
    if door:
        device = device._replace(door=_door_id(devices, device, door))
    try:
        devices.add(device)
    except Conflict:
        raise Conflict(f"{home} has a device named {device.id} already.") from None
    settings = SettingsTable(table)
    if role == "phone" and not any(phone.manager for phone in settings.phones(home)):
        settings.make_manager(home, device.id)
    return str(token)


def _door_id(devices: DeviceTable, camera: Device, door: str) -> str:
    if camera.role != "camera":
        raise BadName(f"Only a camera rings at another's door; {camera.name} is a {camera.role}.")
    doors = [each for each in devices.all(camera.home) if each.role == "door"]
    for each in doors:
        if each.id == id_from_name(door):
            return each.id
    names = ", ".join(each.name for each in doors) or "none"
    raise NoStack(f"{camera.home} has no door named {door}; it has: {names}.")


def has_phone(stack: Deployed, home: str) -> bool:
    """Whether anybody of the home would hear of anything."""
    known = DeviceTable(Table(stack.client, stack.table)).all(home)
    return any(each.role == "phone" for each in known)


def knows(stack: Deployed, token: str, role: Role) -> bool:
    """Whether this is the token of one of the stack's devices, and of this role."""
    try:
        authenticate(read_token(token), DeviceTable(Table(stack.client, stack.table)), (role,))
    except TokenError:
        return False
    return True


def revoke(stack: Deployed, name: str, home: str) -> int:
    """Revoke a device's token and close its open sockets; how many there were. No more films of a
    camera are made by themselves.

    Raises BadName, NoStack if the home has no such device.
    """
    table = Table(stack.client, stack.table)
    devices = HomeDeviceTable(table)
    device = id_from_name(name)
    known = devices.find(check_id(home, "home"), device)
    # The device first: from then on no socket of it can be added, so the list of them is whole.
    devices.remove(home, device)
    sockets = ApiGatewaySockets(stack.client)
    closed = close_sockets(ConnectionTable(table), sockets, home, device)
    if known is None and not closed:
        others = ", ".join(d.id for d in devices.all(home)) or "none"
        raise NoStack(f"{home} has no device named {name}; it has: {others}.")
    if known is not None and known.role == "camera":
        stop_films(stack, home, device)
    return closed


def revoke_all(stack: Deployed) -> int:
    """Every device of every home, and hang up; how many there were.

    A socket that cannot be closed is told nothing any more, and is closed with its next message.
    """
    table = Table(stack.client, stack.table)
    devices, sockets = HomeDeviceTable(table), ApiGatewaySockets(stack.client)
    known = _all_devices(stack)
    for home, device in known:
        devices.remove(home, device)
        with suppress(DoorbellError):
            close_sockets(ConnectionTable(table), sockets, home, device)
    return len(known)


def _all_devices(stack: Deployed) -> list[tuple[str, str]]:
    """Home and id of each."""
    dynamodb = stack.client_of("dynamodb")
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=stack.table.household,
        FilterExpression="begins_with(sk, :device)",
        ExpressionAttributeValues={":device": {"S": "device#"}},
        ProjectionExpression="home, sk",
    )
    return [
        (item["home"]["S"], item["sk"]["S"].removeprefix("device#"))
        for page in pages
        for item in page["Items"]
    ]
