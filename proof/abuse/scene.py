"""Two homes on one stack, and everybody who may come with a token, or with none."""

from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from demo.people import Person, door_photo
from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.table import Table
from doorbell.aws.dynamodb.visits import VisitTable
from doorbell.homes import guest_photo_key
from doorbell.household.model import Visit
from doorbell.model import ResidentPhoto
from doorbell.protocol import Answer, Open, RingThrough
from operations import devices
from tests.stories.doorstep import Home, ring

if TYPE_CHECKING:
    from demo.device import Device
    from doorbell.model import Role
    from local.stack import Stack


class Caller(NamedTuple):
    """Somebody who asks."""

    name: str
    token: str | None
    role: str = ""
    """Empty: nobody whom the stack knows."""
    home: str = ""
    manager: bool = False


class House(NamedTuple):
    """A home with something of every kind, and who belongs to it."""

    home: Home
    callers: tuple[Caller, ...]
    ids: dict[str, str]
    """What stands in the open places of paths, by their names."""
    pin: str
    """A guest's, good at the front door."""

    def state(self) -> str:
        """All rows and all objects of the home."""
        stack = self.home.stack
        rows = Table(stack.deployed.client, stack.table).between(self.home.id, "\x00", "\U0010ffff")
        s3 = stack.aws.client("s3")
        folders = ("residents", "guest", "pictures", "clips", "bursts", "films")
        listed = [
            s3.list_objects_v2(Bucket=stack.bucket, Prefix=f"{folder}/{self.home.id}/")
            for folder in folders
        ]
        kept = [each["Key"] for page in listed for each in page.get("Contents", ())]
        return repr([sorted(map(repr, rows)), kept])


class Doorstep(NamedTuple):
    """What is under way at a house's door, with its sockets."""

    door: Device
    phone: Device
    waiting: str
    """A ring that residents are asked about."""
    order: str
    """An order to open that the door has not acknowledged."""


def new_house(stack: Stack, name: str) -> House:
    """A home with devices of each role, a resident's photo, a visitor, a guest."""
    home = Home.new(stack, name)
    now = time.time()
    table = Table(stack.deployed.client, stack.table)
    mark = f"{name}-thing"
    visit = Visit(home.id, mark, now - 60, "front-door", "Front door", "stranger")
    VisitTable(table).decided(visit._replace(outcome="asked"), now + 3600)
    stack.deployed.put(guest_photo_key(home.id, mark), b"x")
    for resident in (f"Zoe {name}", f"Ann {name}"):
        key = f"residents/{home.id}/{resident}/{mark}.jpeg"
        ResidentTable(table).photo_came(ResidentPhoto(home.id, resident, key, "0A"))
    home.add("phone", mark)
    callers = (
        Caller("a door", home.door, "door", home.id),
        Caller("a manager's phone", home.phone, "phone", home.id, manager=True),
        Caller(
            "a member's phone", home.add("phone", "Zoe's phone", f"Zoe {name}"), "phone", home.id
        ),
        Caller("a camera", home.add("camera", f"{mark}-camera"), "camera", home.id),
    )
    guest = invite(home)
    upload = _begin_upload(stack, callers[-1].token or "", now)
    ids = {
        "camera": f"{mark}-camera", "device": mark, "ring": mark, "guest": guest["id"],
        "name": f"Zoe {name}", "other": f"Ann {name}", "photo": mark,
        "code": f"{home.id}.wrong", **upload,
    }  # fmt: skip
    return House(home, callers, ids, guest["pin"])


def invite(home: Home, uses: int = 100) -> dict[str, Any]:
    """A guest of the front door, with the PIN."""
    now = time.time()
    plan = {"name": "Zed", "doors": ["front-door"], "start": now, "end": now + 3600, "uses": uses}
    answer = httpx.post(
        f"{home.stack.phone}/api/guests",
        json=plan,
        headers={"Authorization": f"Bearer {home.phone}"},
        trust_env=False,
        timeout=30,
    )
    made: dict[str, Any] = answer.json()
    return made


def _begin_upload(stack: Stack, token: str, now: float) -> dict[str, str]:
    """A clip of the camera that is under way."""
    asked = {
        "id": str(uuid.uuid4()), "kind": "clip", "type": "video/mp4", "name": "x",
        "taken_at": now, "size": 9,
    }  # fmt: skip
    answer = httpx.post(
        f"{stack.cameras}camera/uploads",
        json=asked,
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
        timeout=30,
    ).json()
    return {"key": answer["key"], "upload": answer["upload"]}


def nobodies(house: House, other: House) -> tuple[Caller, ...]:
    """Those whose token is no good (any more), or no token at all."""
    home = house.home
    roles: tuple[Role, ...] = ("door", "phone", "camera")
    gone = {role: home.add(role, f"Gone {role}") for role in roles}
    for role in gone:
        devices.revoke(home.stack.deployed, f"Gone {role}", home.id)
    door_id = ".".join(home.door.split(".")[:2])
    return (
        Caller("no token", None),
        Caller("an empty token", ""),
        Caller("garbage", "garbage"),
        Caller("dots", "..."),
        Caller("a token of 7 KB", home.phone + "x" * 7000),
        Caller("a wrong secret", home.phone[:-1] + ("a" if home.phone[-1] != "a" else "b")),
        Caller("a phone's secret under a door's name", f"{door_id}.{home.phone.split('.')[2]}"),
        Caller("another home's token", other.home.phone.replace(other.home.id, home.id, 1)),
        *(Caller(f"a revoked {role}", token) for role, token in gone.items()),
    )


def doorstep(door: Device, phone: Device) -> Doorstep:
    """A visitor whom residents are asked about, and one who was let in and has not been yet."""
    photo = door_photo(Person.GRACE)
    first = ring(door, photo).ring
    door.hear(RingThrough, ring=first)
    phone.send(Answer(first, "let_in"))
    order = door.hear(Open, ring=first).open
    waiting = ring(door, photo).ring
    door.hear(RingThrough, ring=waiting)
    return Doorstep(door, phone, waiting, order)
