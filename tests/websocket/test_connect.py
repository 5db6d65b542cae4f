"""Connecting and hanging up."""

from __future__ import annotations

import pytest

from doorbell.errors import DeviceGone
from doorbell.events import DeviceConnected, DeviceDisconnected, RingPressed
from doorbell.model import Connection
from doorbell.protocol import Visitor
from tests.fakes import ADA, DOOR, KITCHEN, NOON, keep_ring, make_services
from tests.websocket.frames import event
from websocket import connect, disconnect


def socket_of(role: str) -> Connection:
    """A socket that is being opened."""
    device = DOOR if role == "door" else ADA
    return Connection("new", "home", device.role, device.id, NOON, device.resident)


def test_a_socket_is_remembered_with_its_resident() -> None:
    made = make_services()
    connect.handle(made.services, event(ADA, socket_of("phone"), "CONNECT"))
    assert made.connections.of("home", "phone") == [socket_of("phone")]
    assert made.bus.events == [DeviceConnected("home", ADA.id, "phone")]


def test_names_come_from_the_row_in_any_letters() -> None:
    """API Gateway promises nothing of a context beyond ASCII; whose phone it is, the row says."""
    made = make_services()
    ada = ADA._replace(name="Adas 電話", resident="Ädá")
    made.devices.remove("home", ADA.id)
    made.devices.add(ada)
    connect.handle(made.services, event(ada, socket_of("phone"), "CONNECT"))
    (kept,) = made.connections.of("home", "phone")
    assert kept.resident == "Ädá"


def test_a_door_that_connects_with_ring_1_has_rung_by_that() -> None:
    made = make_services()
    query = {"token": "…", "ring": "1"}
    handshake = event(DOOR, socket_of("door"), "CONNECT", queryStringParameters=query)
    connect.handle(made.services, handshake)
    connected, pressed = made.bus.events
    assert connected == DeviceConnected("home", "front", "door")
    assert isinstance(pressed, RingPressed)
    assert (pressed.door, pressed.kind) == ("front", "new")
    assert made.connections.of("home", "door") == [socket_of("door")]


@pytest.mark.parametrize("query", [None, {}, {"ring": "0"}, {"ring": "true"}, {"RING": "1"}])
def test_nothing_else_in_the_query_rings(query: dict[str, str] | None) -> None:
    made = make_services()
    handshake = event(DOOR, socket_of("door"), "CONNECT", queryStringParameters=query)
    connect.handle(made.services, handshake)
    assert not any(isinstance(each, RingPressed) for each in made.bus.events)


def test_a_phone_cannot_ring() -> None:
    made = make_services()
    query = {"ring": "1"}
    handshake = event(ADA, socket_of("phone"), "CONNECT", queryStringParameters=query)
    connect.handle(made.services, handshake)
    assert not any(isinstance(each, RingPressed) for each in made.bus.events)


def test_a_device_revoked_since_the_authorizer_gets_no_socket_and_rings_nowhere() -> None:
    made = make_services()
    made.devices.remove("home", "front")
    query = {"ring": "1"}
    handshake = event(DOOR, socket_of("door"), "CONNECT", queryStringParameters=query)
    with pytest.raises(DeviceGone):
        connect.handle(made.services, handshake)
    assert made.connections.open == {}
    assert made.bus.events == []


def test_hanging_up_is_remembered_and_a_doors_is_told_if_its_photo_is_awaited() -> None:
    made = make_services()
    keep_ring(made)
    door, phone = made.connect(DOOR), made.connect(KITCHEN)
    disconnect.handle(made.services, event(DOOR, door, "DISCONNECT"))
    assert made.connections.of("home", "door") == []
    (told,) = made.heard(phone)
    assert isinstance(told, Visitor)
    assert told.reason == "no_photo"
    assert made.bus.events[-1] == DeviceDisconnected("home", "front", "door")


def test_a_phone_that_hangs_up_rings_nothing() -> None:
    made = make_services()
    keep_ring(made)
    gone, phone = made.connect(ADA), made.connect(KITCHEN)
    disconnect.handle(made.services, event(ADA, gone, "DISCONNECT"))
    assert made.connections.of("home", "phone") == [phone]
    assert made.heard(phone) == []
