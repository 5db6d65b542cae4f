"""A home that has been lived in, for pictures and for looking at every page."""

from __future__ import annotations

import tempfile
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from docs.images.drawn_face import COURIER, EILEEN, GRACE, Look, Scene, door_picture
from docs.images.drawn_garden import garden_picture
from filmmaker.films import make_mp4
from tests.phone.fake_home import device, film, visit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.phone.fake_server import FakeCloud

HOUR = 3600.0
EVENING = Scene(wall="#77827d", ground="#4a4947", light=0.8)


def _at_door(look: Look, tilt: float) -> bytes:
    return door_picture((640, 480), 190, look, Scene("#74847e", "#4d4f4d", tilt))


def _day_in_the_garden() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        mp4 = Path(folder, "film.mp4")
        make_mp4([garden_picture(hour) for hour in range(6, 20)], mp4, fps=5)
        return mp4.read_bytes()


@cache
def _photos() -> Mapping[str, bytes]:
    """Drawn once: that takes a few seconds."""
    return {
        "courier": _at_door(COURIER, 3), "courier2": _at_door(COURIER, -4),
        "eileen": _at_door(EILEEN, 2), "eileen2": door_picture((480, 480), 230, EILEEN, EVENING),
        "portrait": door_picture((480, 480), 230, EILEEN),
        "dark": door_picture((480, 480), 230, EILEEN, Scene(light=0.12)),
        "film": _day_in_the_garden(),
        **{f"garden{hour}": garden_picture(hour) for hour in range(7, 17)},
        "grace-portrait": door_picture((480, 480), 230, GRACE, Scene(wall="#d8c9b4")),
    }  # fmt: skip


def live_in(cloud: FakeCloud) -> None:
    """Fills the home with devices, residents, guests and a few days of visits."""
    home, now = cloud.home, time.time()
    cloud.photos |= _photos()
    photo = {name: f"{home.bucket}/{name}?X-Amz-Signature=1" for name in cloud.photos}
    home.others = [
        device("door1", "door", "Front door"),
        device("door2", "door", "Garden gate", online=False, offline_since=now - 2 * HOUR),
        device("phone2", "phone", "Grace's phone", resident="Grace", online=False,
               last_seen=now - 20 * 60),
        device("phone3", "phone", "Kitchen tablet"),
        device("garden", "camera", "Garden"),
    ]  # fmt: skip
    home.cameras = [
        {"id": "garden", "name": "Garden", "door": None, "films": 3,
         "picture": {"url": photo["garden16"], "at": now - 20 * 60}},
        {"id": "gate", "name": "Gate", "door": "Garden gate", "picture": None, "films": 0},
    ]  # fmt: skip
    home.films = [
        film("f1", now - 25 * HOUR, now - HOUR, photo["film"], skipped=2),
        film("f2", now - 49 * HOUR, now - 25 * HOUR, reason="no_pictures"),
    ]
    home.schedule = {"every": "day", "at": "06:00", "zone": "UTC"}
    home.pictures = {
        datetime.fromtimestamp(now - 20 * 60, UTC).astimezone().date().isoformat(): [
            {"url": photo[f"garden{hour}"], "at": now - (16 - hour) * HOUR - 20 * 60}
            for hour in range(7, 17)
        ]
    }
    home.residents = [
        {"name": "Eileen", "faces": 2, "consent": {"by": "Eileen's phone", "at": now - 90 * HOUR},
         "photos": [
             {"photo": "a", "url": photo["portrait"], "failure": None},
             {"photo": "b", "url": photo["eileen2"], "failure": None},
             {"photo": "c", "url": photo["dark"], "failure": "too_dark"},
         ]},
        {"name": "Grace", "faces": 1, "consent": None,
         "photos": [{"photo": "d", "url": photo["grace-portrait"], "failure": None}]},
    ]  # fmt: skip
    home.guests = [
        {"id": "g1", "name": "Cleaner", "doors": ["Front door"], "start": now - HOUR,
         "end": now + 29 * 24 * HOUR, "uses_left": 4, "used_at": now - 20 * HOUR},
        {"id": "g2", "name": "Aunt Wilhelmina", "doors": ["Front door", "Garden gate"],
         "start": now + 20 * HOUR, "end": now + 28 * HOUR, "uses_left": 1, "used_at": None},
        {"id": "g3", "name": "Plumber", "doors": ["Front door"], "start": now - 9 * HOUR,
         "end": now - HOUR, "uses_left": 0, "used_at": now - 5 * HOUR},
    ]  # fmt: skip
    home.visits = [
        visit("r1", at=now - 0.7 * HOUR, photo=photo["courier2"], outcome="opened", by="Eileen",
              seconds=14.2),
        visit("r2", at=now - 5 * HOUR, decision="guest", resident="Plumber", outcome="opened",
              by="code", seconds=0.4),
        visit("r3", at=now - 7 * HOUR, decision="resident", resident="Eileen", outcome="opened",
              by="code", photo=photo["eileen"], seconds=19.0),
        visit("r4", at=now - 26 * HOUR, photo=photo["courier"], outcome="missed"),
        visit("r5", at=now - 29 * HOUR, decision="no_face", outcome="declined", by="Grace",
              door="Garden gate", seconds=22.0),
        visit("r6", at=now - 53 * HOUR, decision="resident", resident="Grace", outcome="opened",
              by="code", seconds=25.0),
    ]  # fmt: skip


def visitor(cloud: FakeCloud, ring: str = "r9", door: str = "Front door") -> None:
    """A courier stands at a door: pressed, and then the photo."""
    cloud.send({"type": "pressed", "ring": ring, "door": door})
    cloud.send({
        "type": "visitor", "ring": ring, "door": door, "reason": "stranger", "answer_within": 60,
        "photo": f"{cloud.home.bucket}/courier?X-Amz-Signature=2",
    })  # fmt: skip


def code(cloud: FakeCloud, ring: str = "r8", expires_in: int = 120) -> None:
    """Eileen stands at the front door and has a code."""
    cloud.send({"type": "pressed", "ring": ring, "door": "Front door"})
    cloud.send({
        "type": "code", "ring": ring, "door": "Front door", "resident": "Eileen", "code": "042137",
        "expires_in": expires_in,
    })  # fmt: skip
