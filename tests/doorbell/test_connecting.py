"""Sockets of a device: as many as a person needs, and no more."""

from __future__ import annotations

import pytest

from doorbell.connecting import MAX_SOCKETS, connect
from doorbell.errors import DeviceGone
from doorbell.model import Connection
from tests.fakes import ADA, KITCHEN, NOON, make_services


def socket(number: int) -> Connection:
    """The so-manyeth socket of Ada's phone. Its id says nothing of its age."""
    return Connection(f"ada-{number * 7 % 12}", "home", "phone", "ada", NOON + number, "Ada")


def test_beyond_ten_sockets_a_devices_oldest_is_closed() -> None:
    made = make_services()
    other = made.connect(KITCHEN)
    for number in range(MAX_SOCKETS + 2):
        connect(made.services, socket(number), ADA.token_hash)
    kept = made.connections.of("home", "phone", "ada")
    assert kept == [socket(number) for number in range(2, MAX_SOCKETS + 2)]
    assert sorted(made.sockets.closed) == sorted(socket(number).id for number in (0, 1))
    assert other in made.connections.of("home", "phone")


def test_a_revoked_device_gets_no_socket_and_closes_none() -> None:
    made = make_services()
    made.devices.remove("home", "ada")
    with pytest.raises(DeviceGone):
        connect(made.services, socket(1), ADA.token_hash)
    assert made.sockets.closed == []
