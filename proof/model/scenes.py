"""Who comes to the door, what residents may do, and what may go wrong: one small world each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell import passcode
from doorbell.aws.dynamodb.values import encode
from doorbell.model import Passcode
from proof.model.claims import broken
from proof.model.cloud import Cloud
from proof.model.door import Door
from proof.model.explore import explore
from proof.model.home import HOME, device
from proof.model.jobs import KEY
from proof.model.moves import START, Moves
from proof.model.people import PINS
from proof.model.world import Left, Phone, World

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proof.model.explore import Found
    from proof.model.machines import Change
    from proof.model.table import Rows

FACE: Final = "face-of-ada"
EVERY_FAULT: Final = frozenset(
    {
        "kill",
        "hold",
        "fail",
        "twice",
        "late",
        "lose",
        "die",
        "drop",
        "away",
        "again",
        "abort",
        "restart",
        "strike",
    }
)


class Scene(NamedTuple):
    """A bounded world."""

    name: str
    left: Left
    face: str = ""
    """Of whoever presses; empty for a stranger."""
    photographs: bool = True
    answers: tuple[str, ...] = ()
    faults: frozenset[str] = EVERY_FAULT
    doors: tuple[str, ...] = ("front",)
    phones: tuple[str, ...] = ("kitchen",)
    pin: bool = False
    """Whether a guest has a PIN that opens once."""


def search(
    scene: Scene,
    machines: Mapping[str, Change] | None = None,
    without: frozenset[str] = frozenset(),
    most: int = 10_000_000,
) -> Found:
    """Look at every world of a scene; `machines` and `without` are mutations."""
    cloud = Cloud(scene.face, machines, without)
    moves = Moves(cloud, scene.faults, scene.answers)
    found = explore(beginning(scene, cloud), moves, broken, most)
    return found._replace(entered=frozenset(cloud.machines.entered))


def beginning(scene: Scene, cloud: Cloud) -> World:
    """Everybody is on the line, and nothing has happened yet."""
    doors = tuple(
        Door(name, cloud.devices.behaviours.begin(()), scene.photographs) for name in scene.doors
    )
    phones = tuple(Phone(name) for name in scene.phones)
    world = World(START, _rows(scene), doors, phones, Left())
    for each in world.devices:
        world = cloud.connect(world, each)
    while world.jobs:
        world = cloud.step(world, world.jobs[0])
    return world._replace(left=scene.left)


def _rows(scene: Scene) -> Rows:
    doors = [device(name, "door") for name in scene.doors]
    phones = [device(name, "phone") for name in scene.phones]
    items = [{**each._asdict(), "sk": f"device#{each.id}"} for each in (*doors, *phones)]
    items.append({"home": HOME, "sk": f"face#{FACE}", "face": FACE, "resident": "Ada"})
    if scene.pin:
        items += [_pin(pin, guest, scene.doors) for pin, guest in PINS.items()]
    rows = {f"{HOME}/{item['sk']}": json.dumps(encode(item), sort_keys=True) for item in items}
    return tuple(sorted(rows.items()))


def _pin(pin: str, guest: str, doors: tuple[str, ...]) -> dict[str, object]:
    bare = Passcode(HOME, guest, "guest", guest, doors, START - 1, START + 3600, ())
    return {
        "home": HOME,
        "sk": f"code#guest#{guest}",
        "kind": "guest",
        "door": doors[0],
        "doors": list(doors),
        "ring": guest,
        "resident": guest,
        "issued_at": bare.valid_from,
        "expires_at": bare.valid_until,
        "hashes": [passcode.digest(pin, KEY, bare)],
        "uses_left": 1,
        "used_at": 0.0,
    }


RESIDENT: Final = Scene(
    "a resident", Left(presses=1, typed=1, answers=1), FACE, answers=("let_in",)
)
STRANGER: Final = Scene("a stranger", Left(presses=1, answers=2), answers=("let_in", "decline"))
GUEST: Final = Scene("a guest with a PIN", Left(typed=2), pin=True, faults=frozenset())
TWO_DOORS: Final = GUEST._replace(name="a guest at two doors", doors=("front", "back"))
