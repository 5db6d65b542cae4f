"""A home on a stack: its door and phone, who presses, what the camera sees."""

from __future__ import annotations

import secrets
import time
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from demo.device import Device
from demo.people import Person, door_photo
from doorbell.auth import new_device
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.table import Table
from doorbell.model import Ring

if TYPE_CHECKING:
    from doorbell.model import Role
    from tests.statemachines.works import Works


class Scene:
    """One home: rings are written as a press writes them, photos are put as a door puts them."""

    def __init__(self, works: Works, home: str, phone_of: str | None = None) -> None:
        self.works = works
        self.stack = stack = works.stack
        self.home = home
        self._s3 = stack.aws.client("s3")
        self.table = Table(stack.deployed.client, stack.table)
        self.rings = RingTable(self.table)
        self._tokens: dict[Role, str] = {
            "door": self._device("door", "Front door"),
            "phone": self._device("phone", "Phone", phone_of),
        }

    def beside(self, home: str) -> Scene:
        """Another home on the same stack, with a door and a phone of its own."""
        return Scene(self.works, home)

    def _device(self, role: Role, name: str, resident: str | None = None) -> str:
        device, token = new_device(self.home, role, name, resident)
        DeviceTable(self.table).add(device)
        return str(token)

    def connected(self, role: Role) -> Device:
        """The home's door or its phone, which connects when it is entered."""
        return Device(f"{role} of {self.home}", self.stack.websocket, self._tokens[role])

    def pressed(self, **changes: Any) -> str:
        """Somebody pressed: a new ring, as the table keeps it; its id."""
        ring = Ring(
            home=self.home,
            id=secrets.token_hex(13),
            door="front-door",
            door_name="Front door",
            pressed_at=time.time(),
            kind="new",
        )._replace(**changes)
        state = self.rings.door_state(self.home, ring.door)
        self.rings.record(ring, state._replace(ring=ring.id), was=state.version)
        return ring.id

    def photographed(self, ring: str, photo: bytes) -> str:
        """The door's photo of this ring comes into the bucket; the visitor that it starts."""
        self.put(f"guest/{self.home}/{ring}/photo.jpeg", photo)
        return self.works.started_for("Visitor", ring)[0]

    def put(self, key: str, content: bytes) -> None:
        """Put an object into the bucket."""
        self._s3.put_object(Bucket=self.stack.bucket, Key=key, Body=content)

    def delete(self, key: str) -> None:
        """Delete an object from the bucket."""
        self._s3.delete_object(Bucket=self.stack.bucket, Key=key)

    def enrolling(self, key: str) -> dict[str, Any]:
        """What `enrol` is given when a resident's photo came, later than any other."""
        return {"bucket": self.stack.bucket, "key": key, "sequencer": "f" * 16}

    def came(self, ring: str, size: int = 1) -> dict[str, Any]:
        """What `visitor` is given when the photo of this ring came."""
        return {"bucket": self.stack.bucket, "key": self.guest(ring), "size": size}

    def in_vain(self, ring: str) -> dict[str, Any]:
        """What `visitor` is given by `watch`, which waited in vain."""
        return {"key": self.guest(ring)}

    def forget_codes(self) -> None:
        """As if nobody had come home within the hour: an unused code makes the next one ring."""
        for item in self.table.starting(self.home, "code#"):
            self.table.delete(self.home, item["sk"])

    def guest(self, ring: str) -> str:
        """The key of a ring's photo."""
        return f"guest/{self.home}/{ring}/photo.jpeg"

    def reason(self, ring: str) -> str | None:
        """Why the bell rang, as the table knows it."""
        found = self.rings.find(self.home, ring)
        assert found
        return found.reason

    def faces(self, home: str | None = None) -> list[str]:
        """The faces in this home's collection, or another's."""
        rekognition = self.stack.aws.client("rekognition")
        try:
            listed = rekognition.list_faces(CollectionId=f"{self.stack.name}.{home or self.home}")
        except rekognition.exceptions.ResourceNotFoundException:
            return []
        return [face["FaceId"] for face in listed["Faces"]]


STRANGER: Final = Person.STRANGER


@cache
def seen(person: Person) -> bytes:
    """What the door's camera sees of a person."""
    return door_photo(person)
