"""Two homes that ring, type, are filmed, told and visited; of all that something is kept."""

from __future__ import annotations

import asyncio
import json
import secrets
import tempfile
import time
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import httpx

from demo.device import Device
from demo.people import Person, door_photo, portrait
from doorbell.protocol import (
    Answer,
    Code,
    DoorOpened,
    Enrolled,
    EnterCode,
    Open,
    Opened,
    Ring,
    Ticket,
    Visitor,
)
from operations.devices import add_device
from operations.enrol import enrol
from operations.film import film_every
from operations.messengers import add_messenger
from proof.privacy.door import press_once

if TYPE_CHECKING:
    from doorbell.protocol import Role
    from local.stack import Stack

PATIENCE: Final = 30.0
NAME: Final = "Žofie Nováková"
"""Who is forgotten: a name that needs more than ASCII."""
OTHER: Final = "Grace"
"""Who stays."""
PHONE: Final = "zofies-own-phone"
"""The id of the resident's phone."""
WATCHED: Final = "http://127.0.0.1:9/push-of-zofie"
"""Where its notices go; nobody listens there."""
KEYS: Final = {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",  # noqa: E501
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
"""A browser's, of RFC 8291, section 5."""
PLACES: Final = (
    ("objects", "name"),
    ("objects", "picture"),
    ("rows", "name"),
    ("rows", "face"),
    ("objects", "ring"),
    ("rows", "phone"),
    ("rows", "ring"),
    ("faces", "face"),
    ("messages of the queue", "name"),
    ("log lines", "phone"),
    ("histories of enrol", "name"),
    ("histories of visitor", "face"),
)
"""Where something of the resident stands before: a scan that does not see it there is blind."""
HOME_PLACES: Final = tuple(
    (place, "id")
    for place in (
        "objects",
        "half uploads",
        "rows",
        "doors' last presses",
        "collections",
        "secrets",
        "schedules",
        "messages of the queue",
        "log lines",
        "histories of enrol",
        "histories of visitor",
    )
)
"""Where the home's id stands before the home is forgotten."""


class Home(NamedTuple):
    """A home, and its devices' tokens."""

    stack: Stack
    id: str
    door: str
    tablet: str
    """The household's, which manages it."""

    def add(self, role: Role, name: str, resident: str = "", door: str | None = None) -> str:
        """Add a device as `make add-…` does; its token."""
        return add_device(self.stack.deployed, role, name, self.id, resident, door)

    def ask(self, method: str, path: str, token: str, content: object = None) -> Any:
        """What the phones' API answers."""
        answer = httpx.request(
            method,
            f"{self.stack.outputs['PhoneApi']}{path}",
            json=content,
            headers={"Authorization": f"Bearer {token}"},
            trust_env=False,
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None


class Lived(NamedTuple):
    """What is known of what happened."""

    home: Home
    photos: tuple[bytes, ...]
    """Pictures of the resident who will be forgotten."""
    spool: Path
    """Where the door's own program keeps what is not delivered."""
    held: int
    """Bytes that it kept at most."""


def live(stack: Stack, spool: Path) -> Lived:
    """A resident is enrolled, rings, is filmed, lets somebody in, has a phone and notices; another
    one is enrolled by hand; a guest, a camera and a messenger there are, too.
    """
    home = _home(stack)
    photos = (portrait(Person.EILEEN), door_photo(Person.EILEEN, 0), door_photo(Person.EILEEN, 1))
    # By hand: nobody has said that this person agrees.
    stack.deployed.put(f"residents/{home.id}/{OTHER}/hand.jpeg", portrait(Person.GRACE))
    _enrol(home, photos[0])
    phone = home.add("phone", PHONE, NAME)
    home.ask("PUT", "/api/me/push", phone, {"endpoint": WATCHED, "keys": KEYS})
    with ExitStack() as devices:
        hers = devices.enter_context(Device("phone", stack.websocket, phone, shows_codes=True))
        with Device("door", stack.websocket, home.door) as door:
            _comes_in(home, door, hers, photos[1])
            _lets_in(door, hers)
        held = _presses(home, spool, photos[2])
    _around(home, phone)
    _wait_for_history(home, 3)
    return Lived(home, photos, spool, held)


def neighbour_of(stack: Stack) -> Home:
    """Another home, whose resident has the same name and the same face."""
    home = _home(stack)
    with Device("phone", stack.websocket, home.tablet) as phone:
        stack.deployed.put(f"residents/{home.id}/{NAME}/hand.jpeg", portrait(Person.EILEEN))
        phone.hear(Enrolled)
    return home


def _home(stack: Stack) -> Home:
    """A new one with a door and a household's phone."""
    at, name = stack.deployed, f"home-{secrets.token_hex(4)}"
    door = add_device(at, "door", "Front door", name, None)
    return Home(stack, name, door, add_device(at, "phone", "Tablet", name, None))


def _presses(home: Home, spool: Path, photo: bytes) -> int:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seen.jpeg"
        file.write_bytes(photo)
        return asyncio.run(press_once(spool, home.stack.websocket, home.door, file))


def _enrol(home: Home, photo: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "passport.jpeg"
        file.write_bytes(photo)
        enrol(home.stack.deployed, str(file), NAME, home.id)


def _comes_in(home: Home, door: Device, phone: Device, photo: bytes) -> None:
    ticket = _ring(door, photo)
    code = phone.hear(Code, ring=ticket.ring)
    door.send(EnterCode(code.code))
    door.send(Opened(door.hear(Open).open))
    phone.hear(DoorOpened)
    # What the door filmed meanwhile.
    home.stack.aws.client("s3").put_object(
        Bucket=home.stack.bucket,
        Key=f"guest/{home.id}/{ticket.ring}/burst.mjpeg",
        Body=photo + photo,
        IfNoneMatch="*",
    )


def _lets_in(door: Device, phone: Device) -> None:
    ticket = _ring(door, door_photo(Person.STRANGER))
    phone.hear(Visitor, ring=ticket.ring)
    phone.send(Answer(ticket.ring, "let_in"))
    door.send(Opened(door.hear(Open).open))
    assert phone.hear(DoorOpened).by == NAME


def _ring(door: Device, photo: bytes) -> Ticket:
    door.send(Ring())
    ticket = door.hear(Ticket)
    upload = ticket.upload
    httpx.put(
        upload.url, content=photo, headers=dict(upload.headers), trust_env=False
    ).raise_for_status()
    return ticket


def _around(home: Home, phone: str) -> None:
    """An invitation, a guest, a camera with a schedule and a clip under way, a messenger, something
    that was lost: of the resident, and of the home alone.
    """
    stack, at = home.stack, home.stack.deployed
    home.ask("POST", "/api/pairings", home.tablet, {"name": "Her watch", "resident": NAME})
    now = time.time()
    guest = {"name": "Cleaner", "doors": ["front-door"], "start": now, "end": now + 60, "uses": 1}
    home.ask("POST", "/api/guests", home.tablet, guest)
    home.ask("PUT", "/api/me/quiet-hours", phone, {"hours": None, "until": now + 60})
    _begin_upload(stack, home.add("camera", "Garden"), now)
    at.put(f"pictures/{home.id}/garden/2026/07/01/120000-000-a.jpeg", door_photo(Person.GRACE))
    film_every(at, home.id, "Garden", "day", "06:00", "UTC")
    add_messenger(at, stack.name, home.id, "ntfy://127.0.0.1:9/topic-of-the-home")
    for kind, more in (("RingEnded", {"by": NAME}), ("DoorOffline", {"door": "front-door"})):
        lost = {"source": "doorbell", "detail-type": kind, "detail": {"home": home.id, **more}}
        stack.aws.client("sqs").send_message(
            QueueUrl=stack.outputs["Lost"], MessageBody=json.dumps(lost)
        )


def _begin_upload(stack: Stack, camera: str, now: float) -> None:
    """A clip of which no part has come yet."""
    httpx.post(
        f"{stack.cameras}camera/uploads",
        json={
            "id": str(uuid.uuid4()), "kind": "clip", "type": "video/mp4", "name": "x",
            "taken_at": now, "size": 9,
        },
        headers={"Authorization": f"Bearer {camera}"},
        trust_env=False,
        timeout=PATIENCE,
    ).raise_for_status()  # fmt: skip


def _wait_for_history(home: Home, count: int) -> None:
    """What the bus tells of is written down a moment later."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        visits = home.ask("GET", "/api/rings", home.tablet)["rings"]
        if len([each for each in visits if each["outcome"] in ("opened", "code")]) >= count:
            return
        time.sleep(0.1)
    raise TimeoutError("The history was not written.")
