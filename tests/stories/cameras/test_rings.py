"""A camera as a doorbell: real faces, real state machines, the phone in a resident's hand."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING

import httpx
import pytest

from demo.device import Device
from demo.errors import DemoFailed
from demo.people import Person, door_photo
from doorbell.protocol import Code, EnterCode, Open, Opened, Pressed, RingThrough, Visitor, Welcome
from local import stack as local_stack
from local.cameras import Recipient
from tests.stories.cameras.camera import AXIS_NAME, Camera, Listener, kept
from tests.stories.doorstep import Home, PhotoOf, let_in, shown_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.stack import Stack


def test_a_resident_s_picture_gives_a_code_on_the_phone_and_it_opens_the_door(
    resident: Person, door: Device, phone: Device, gate: Camera, photo_of: PhotoOf, bus: Listener
) -> None:
    reply = gate.send(photo_of(resident), AXIS_NAME)
    assert reply.status == 201
    pressed = phone.hear(Pressed)
    assert pressed.door == "Front door"
    code = shown_code(phone, pressed.ring)
    assert code.resident == "Eileen"
    assert door.hear(Welcome).ring == pressed.ring
    door.send(EnterCode(code.code))
    order = door.hear(Open)
    assert order.ring == pressed.ring
    door.send(Opened(order.open))

    told = bus.hear("PictureReceived", key=reply.json["key"])
    assert (told["door"], told["ring"]) == ("front-door", pressed.ring)
    (ring,) = bus.all("RingPressed")
    assert ring == {
        "home": gate.home.id,
        "door": "front-door",
        "ring": pressed.ring,
        "kind": "new",
        "ticketed": True,
    }
    assert gate.kept() == {reply.json["key"]: photo_of(resident)}


def test_a_stranger_s_picture_rings_through_with_that_picture_and_a_resident_lets_in(
    resident: Person, door: Device, phone: Device, gate: Camera, photo: bytes
) -> None:
    assert gate.send(photo).status == 201
    bell = door.hear(RingThrough)
    visitor = phone.hear(Visitor)
    assert (bell.ring, bell.reason) == (visitor.ring, "stranger")
    assert visitor.photo
    assert httpx.get(visitor.photo, trust_env=False).content == photo
    assert let_in(door, phone, visitor.ring) == "Phone"


def test_a_damaged_picture_rings_repaired(
    resident: Person, phone: Device, gate: Camera, photo_of: PhotoOf
) -> None:
    damaged = photo_of(resident)[1:] + b"\x00" * 100
    assert gate.send(damaged).status == 201
    assert phone.hear(Code).resident == "Eileen"


def test_a_picture_that_a_relay_uploads_rings_as_soon_as_s3_tells_of_it(
    resident: Person, door: Device, phone: Device, gate: Camera, photo_of: PhotoOf, bus: Listener
) -> None:
    """Damaged on its way to the relay: it is repaired first. Nothing of this is asked for twice."""
    damaged = photo_of(resident)[1:] + b"\x00"
    asked = {
        "id": str(uuid.uuid4()),
        "kind": "picture",
        "type": "image/jpeg",
        "name": "gate",
        "taken_at": time.time() - 2,
        "size": len(damaged),
    }
    begun = gate.ask("/camera/uploads", asked).json
    link = begun["upload"]
    answer = httpx.put(link["url"], content=damaged, headers=link["headers"], trust_env=False)
    assert answer.status_code == 200
    pressed = phone.hear(Pressed)
    assert shown_code(phone, pressed.ring).resident == "Eileen"
    told = bus.hear("PictureReceived", key=begun["key"])
    assert (told["door"], told["ring"]) == ("front-door", pressed.ring)
    assert gate.kept() == {begun["key"]: photo_of(resident)}
    assert len(bus.all("RingPressed")) == len(bus.all("PictureReceived")) == 1


def test_a_camera_without_a_door_is_only_kept(
    camera: Camera, phone: Device, photo: bytes, bus: Listener
) -> None:
    key = camera.send(photo).json["key"]
    bus.hear("PictureReceived", key=key)
    with pytest.raises(DemoFailed):
        phone.hear(Pressed, within=0.3)
    assert bus.all("RingPressed") == []
    assert camera.kept("guest") == {}


def test_a_token_that_was_carried_in_plain_rings_never_again(
    gate: Camera, phone: Device, photo: bytes, bus: Listener
) -> None:
    plain = "CloudFront-Forwarded-Proto: http"
    for headers in ([plain], []):
        key = gate.send(photo, *headers).json["key"]
        bus.hear("PictureReceived", key=key)
    with pytest.raises(DemoFailed):
        phone.hear(Pressed, within=0.3)
    assert len(gate.kept()) == 2


def test_a_camera_of_another_home_rings_nobody_here(
    phone: Device, stack: Stack, photo: bytes, home: Home
) -> None:
    """Even with a door of the same name."""
    other = Home.new(stack, f"{home.id}-next-door")
    there = Camera.new(other, "Gate", door="Front door")
    with Device("phone", other.websocket, other.phone) as neighbour:
        assert there.send(photo).status == 201
        neighbour.hear(Pressed)
    with pytest.raises(DemoFailed):
        phone.hear(Pressed, within=0.3)
    assert kept(stack, f"guest/{home.id}/") == {}


class Strict:
    """A second doorbell on the same machine, with the gap of AWS's template and few rings."""

    def __init__(self, stack: Stack, recipient: Recipient) -> None:
        limits = {"RingGap": "60", "RingsPerHour": "1"}
        self.stack = local_stack.add(
            stack.aws, name="picky", parameters=limits, recipient=recipient
        )

    def home(self, name: str) -> Home:
        """A home of it."""
        return Home.new(self.stack, name)


@pytest.fixture(scope="module")
def strict(stack: Stack) -> Iterator[Strict]:
    """Deployed once."""
    with Recipient(0).serving() as recipient:
        yield Strict(stack, recipient)


def test_pictures_within_the_gap_belong_to_the_ring_under_way(strict: Strict, photo: bytes) -> None:
    """A camera that sends three of one visitor rings once, and all three are kept."""
    home = strict.home("gap")
    gate, bus = Camera.new(home, "Gate", door="Front door"), Listener(home.stack, home.id)
    with Device("phone", home.websocket, home.phone) as phone:
        for shot in range(3):
            assert gate.send(door_photo(Person.GRACE, shot)).status == 201
        visitor = phone.hear(Visitor)
        with pytest.raises(DemoFailed):
            phone.hear(Visitor, within=0.3)
    kinds = [(each["kind"], each["ring"]) for each in bus.all("RingPressed")]
    assert sorted(kinds) == [("new", visitor.ring), *[("repeat", visitor.ring)] * 2]
    assert gate.kept("guest") == {
        f"guest/{home.id}/{visitor.ring}/photo.jpeg": door_photo(Person.GRACE, 0)
    }
    assert len(gate.kept()) == 3


def test_over_the_hourly_limit_bell_and_phones_hear_of_it_without_a_search(
    stack: Stack, photo: bytes
) -> None:
    with Recipient(0).serving() as recipient:
        few = local_stack.add(
            stack.aws, name="fewer", parameters={"RingsPerHour": "1"}, recipient=recipient
        )
        home = Home.new(few, "limit")
        gate = Camera.new(home, "Gate", door="Front door")
        with (
            Device("door", home.websocket, home.door) as door,
            Device("phone", home.websocket, home.phone) as phone,
        ):
            for reason in ("stranger", "unavailable"):
                assert gate.send(photo).status == 201
                pressed = phone.hear(Pressed)
                visitor = phone.hear(Visitor)
                assert (visitor.ring, visitor.reason) == (pressed.ring, reason)
                assert door.hear(RingThrough).ring == pressed.ring
        assert len(gate.kept()) == 2
