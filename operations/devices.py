"""Add a device to a home, and revoke one."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from doorbell.auth import authenticate, new_device, read_token
from doorbell.aws.api.errors import NotReached, ServiceError
from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.table import Table
from doorbell.errors import Conflict, TokenError
from doorbell.homes import check_id, id_from_name
from doorbell.model import Role
from operations.stacks import NoStack

if TYPE_CHECKING:
    from doorbell.model import Connection
    from operations.stacks import Deployed


def add_device(stack: Deployed, role: Role, name: str, home: str, resident: str | None) -> str:
    """Add a device; its token, which is kept nowhere. Raises BadName, Conflict."""
    device, token = new_device(home, role, name, resident)
    try:
        DeviceTable(Table(stack.client, stack.table)).add(device)
    except Conflict:
        raise Conflict(f"{home} has a device named {device.id} already.") from None
    return str(token)


def knows(stack: Deployed, token: str, role: Role) -> bool:
    """Whether this is the token of one of the stack's devices, and of this role."""
    try:
        authenticate(read_token(token), DeviceTable(Table(stack.client, stack.table)), (role,))
    except TokenError:
        return False
    return True


def revoke(stack: Deployed, name: str, home: str) -> int:
    """Revoke a device's token and close its open sockets; how many there were.

    Raises BadName, NoStack if the home has no such device.
    """
    table = Table(stack.client, stack.table)
    devices, connections = DeviceTable(table), ConnectionTable(table)
    device = id_from_name(name)
    known = devices.find(check_id(home, "home"), device)
    # The device first: from then on no socket of it can be added, so the list of them is whole.
    devices.remove(home, device)
    open_ones = [c for role in get_args(Role) for c in connections.of(home, role, device)]
    if known is None and not open_ones:
        others = ", ".join(d.id for d in devices.all(home)) or "none"
        raise NoStack(f"{home} has no device named {name}; it has: {others}.")
    # The rows before the sockets: a socket without a row is told nothing any more, and its next
    # message closes it, even if it cannot be closed now.
    for connection in open_ones:
        connections.remove(connection)
    _close(stack, open_ones)
    return len(open_ones)


def _close(stack: Deployed, open_ones: list[Connection]) -> None:
    """Close all that can be closed; the first error is raised after the last of them."""
    sockets = ApiGatewaySockets(stack.client)
    errors: list[ServiceError | NotReached] = []
    for connection in open_ones:
        try:
            sockets.close(connection.id)
        except (ServiceError, NotReached) as error:
            errors.append(error)
    if errors:
        raise errors[0]
