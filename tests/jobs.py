"""Jobs of the domain, with what those who call them have read before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell import keypad, opening, resident, rings
from doorbell.model import Connection, Key, OpenOrder, Ring

if TYPE_CHECKING:
    from doorbell import protocol
    from doorbell.events import RingPressed
    from doorbell.model import Device
    from doorbell.services import Services
    from tests.fakes import FakeServices


def socket_of(services: Services, device: Device) -> Connection:
    """An open socket of the device; if it has none, one that is closed by now."""
    known = services.connections.of(device.home, device.role, device.id)
    nobody = Connection("closed", device.home, device.role, device.id, 0.0, device.resident)
    return known[0] if known else nobody


def press(services: Services, door: Device, asked: protocol.Ring) -> RingPressed:
    """Somebody presses."""
    known = services.records.read(door.home, *rings.keys_of(door, asked))
    return rings.record_press(services, door, asked, *known)


def type_code(services: Services, door: Device, typed: str) -> str | None:
    """Somebody types six digits."""
    tried = keypad.Tried(*services.records.read(door.home, *keypad.keys_of(door.id)))
    return keypad.enter_code(services, door, typed, tried, socket_of(services, door))


def type_overtaken(made: FakeServices, door: Device, typed: str, by: tuple[Device, str]) -> None:
    """As `type_code`; `by` is typed at its door after this was read and before it is written."""
    settle = made.passcodes.settle

    def overtaken(*given: Any) -> None:
        made.passcodes.settle = settle  # type: ignore[method-assign]
        type_code(made.services, *by)
        settle(*given)

    made.passcodes.settle = overtaken  # type: ignore[assignment,method-assign]
    type_code(made.services, door, typed)


def say_opened(services: Services, door: Device, order: str) -> str | None:
    """The door says that it has opened."""
    (found,) = services.records.read(door.home, Key(OpenOrder, order, door.id))
    return opening.acknowledge(services, door, found)


def say_got(services: Services, phone: Connection, ring: str) -> None:
    """The phone says that it shows the code."""
    (found,) = services.records.read(phone.home, Key(Ring, ring))
    resident.code_arrived(services, phone, found)


def issue_code(services: Services, home: str, ring: str, face: str, token: str) -> None:
    """The state machine has found a resident's face; it knows the door from its claim."""
    found = services.rings.find(home, ring)
    resident.issue_code(services, home, found.door if found else "", ring, face, token)
