"""What people do at a door, for the stories to be short."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import httpx

from demo.people import Person
from doorbell.protocol import (
    Answer,
    Code,
    DoorOpened,
    Got,
    Open,
    Opened,
    Ring,
    Ticket,
    Upload,
)
from operations import devices

PhotoOf: TypeAlias = Callable[[Person], bytes]
"""What the door's camera sees of a person."""


if TYPE_CHECKING:
    from demo.device import Device
    from doorbell.model import Role
    from local.stack import Stack


class Home(NamedTuple):
    """A home of one story, and the tokens of its devices."""

    stack: Stack
    id: str
    door: str
    phone: str

    @classmethod
    def new(cls, stack: Stack, name: str) -> Home:
        """A home with a front door and a household's phone."""
        at = stack.deployed
        door = devices.add_device(at, "door", "Front door", name, None)
        return cls(stack, name, door, devices.add_device(at, "phone", "Phone", name, None))

    @property
    def websocket(self) -> str:
        """Where its devices connect."""
        return self.stack.websocket

    def ask(self, path: str) -> Any:
        """What the phone's API answers the household's phone."""
        answer = httpx.get(
            f"{self.stack.outputs['PhoneApi']}{path}",
            headers={"Authorization": f"Bearer {self.phone}"},
            trust_env=False,
            timeout=30,
        )
        assert answer.status_code == 200
        return answer.json()

    def add(self, role: Role, name: str, resident: str = "") -> str:
        """Add a device as `make add-…` does; its token."""
        return devices.add_device(self.stack.deployed, role, name, self.id, resident)


def put(upload: Upload, photo: bytes) -> int:
    """Upload as the ticket says; S3's status."""
    return httpx.put(
        upload.url, content=photo, headers=dict(upload.headers), trust_env=False
    ).status_code


def ring(door: Device, photo: bytes, asked: Ring | None = None) -> Ticket:
    """Press, and upload this photo; the ticket that came."""
    door.send(asked or Ring())
    ticket = door.hear(Ticket)
    assert put(ticket.upload, photo) == 200
    return ticket


def shown_code(phone: Device, ring_id: str | None = None) -> Code:
    """The next code that this phone gets, of this ring if one is named; it says that it came."""
    code = phone.hear(Code, ring=ring_id) if ring_id else phone.hear(Code)
    phone.send(Got(code.ring))
    return code


def let_in(door: Device, phone: Device, ring_id: str) -> str:
    """The resident lets the visitor in, the door opens and says so; by whom, as the phone hears."""
    phone.send(Answer(ring_id, "let_in"))
    order = door.hear(Open)
    assert order.ring == ring_id
    door.send(Opened(order.open))
    return phone.hear(DoorOpened).by


def enrol(home: Home, resident: str, name: str, photo: bytes) -> None:
    """Put a resident's photo into the bucket."""
    home.stack.aws.client("s3").put_object(
        Bucket=home.stack.bucket, Key=f"residents/{home.id}/{resident}/{name}", Body=photo
    )
