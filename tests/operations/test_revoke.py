"""Revoking while the device connects: no socket of it stays, and all that were open are counted."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.table import Table
from doorbell.errors import DeviceGone
from doorbell.model import Connection
from operations import devices, stacks
from tests.doorbell.aws.gateway import Gateway, serving
from tests.doorbell.aws.pools import MotoPool, some_client
from tests.doorbell.aws.table_ports import together
from tests.fakes import NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from doorbell.aws.api.client import Client
    from doorbell.aws.api.pool import Response

REQUESTS = 8
"""As many as a revocation sends, and more."""


class InterruptedPool(MotoPool):
    """Lets something else happen before the nth request to the table."""

    def __init__(self, number: int, happens: Callable[[], object]) -> None:
        super().__init__()
        self._requests = count(1)
        self._number = number
        self._happens = happens

    def serve(self, operation: str, given: dict[str, Any]) -> Response:
        if next(self._requests) == self._number:
            self._happens()
        return super().serve(operation, given)


@pytest.fixture
def gateway() -> Iterator[str]:
    """Where sockets are closed."""
    with serving() as url:
        yield url


def deployed(client: Client, table: Table) -> stacks.Deployed:
    """A stack of which there are only the table and the sockets."""
    session = boto3.Session("key", "secret", region_name="eu-central-1")
    names = table.names
    return stacks.Deployed(client, session, None, names, "bucket", "wss://socket/prod", "home")


class Phone:
    """A phone that connects again and again with the token it was given."""

    def __init__(self, table: Table, client: Client) -> None:
        devices.add_device(deployed(client, table), "phone", "Ada", "home", None)
        known = DeviceTable(table).find("home", "ada")
        assert known
        self._token_hash, self._table, self._numbers = known.token_hash, table, count(1)
        self.connected: list[Connection] = []

    def connect(self) -> None:
        """Open a socket, unless the device is revoked."""
        socket = Connection(f"socket-{next(self._numbers)}", "home", "phone", "ada", NOON)
        try:
            ConnectionTable(self._table).add(socket, self._token_hash)
        except DeviceGone:
            return
        self.connected.append(socket)


@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
def test_a_phone_that_connects_between_any_two_requests_of_a_revocation_hears_nothing_more(
    table: Table, moto: MotoPool, gateway: str, number: int
) -> None:
    phone = Phone(table, some_client(moto))
    phone.connect()
    interrupted = some_client(InterruptedPool(number, phone.connect), sockets_at=gateway)
    closed = devices.revoke(deployed(interrupted, table), "Ada", "home")
    assert ConnectionTable(table).of("home", "phone") == []
    assert closed == len(phone.connected) == len(Gateway.got)


def test_phones_that_race_with_a_revocation_hear_nothing_more(
    table: Table, moto: MotoPool, gateway: str
) -> None:
    # One client for all of them: it is what keeps moto from mixing two requests.
    client = some_client(moto, sockets_at=gateway)
    table = Table(client, table.names)
    for _ in range(10):
        Gateway.got.clear()
        phone = Phone(table, client)
        counted = _raced(deployed(client, table), phone)
        assert ConnectionTable(table).of("home", "phone") == []
        assert counted == len(phone.connected) == len(Gateway.got)


def _raced(stack: stacks.Deployed, phone: Phone) -> int:
    """Revoke while the phone connects four times; how many sockets were closed."""
    closed: list[int] = []
    errors = together(
        [*[phone.connect] * 4, lambda: closed.append(devices.revoke(stack, "Ada", "home"))]
    )
    assert errors == []
    return closed[0]
