"""Bursts as a door's camera would take them: prints that are held up, and people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from proof.liveness import looks
from proof.liveness.camera import Lens, Pose, composed, taken, vector
from proof.liveness.things import Bump, Sheet, Solid

if TYPE_CHECKING:
    from collections.abc import Callable

    from proof.liveness.camera import Array, Layer

FRAMES: Final = 8
SECONDS: Final = 3.0
"""As the door's burst has them if nobody says otherwise."""
SKIN: Final = vector(205, 160, 130)

PRINTS: Final = ("waved", "tilted", "bent", "nearer", "shaking", "phone")
PEOPLE: Final = ("turning", "nodding", "speaking", "standing", "walking up", "swaying", "parcel")


class Burst(NamedTuple):
    """What the camera took."""

    kind: str
    jpegs: list[bytes]


class Drift:
    """Something that moves as a hand or a head does: slowly to and fro, never twice the same."""

    def __init__(self, chance: np.random.Generator, reach: float, pace: float = 1.0) -> None:
        """`reach` is about how far it goes each way, `pace` about how often, in turns a 3 s."""
        self._parts = [
            (reach * share, pace * chance.uniform(0.6, 1.3) * rate, chance.uniform(0, 2 * np.pi))
            for share, rate in ((0.8, 1.0), (0.35, 2.1))
        ]

    def __call__(self, time: float) -> float:
        return float(
            sum(
                far * np.sin(2 * np.pi * rate * time / SECONDS + at)
                for far, rate, at in self._parts
            )
        )


def lens(chance: np.random.Generator) -> Lens:
    """A door's camera, by day or by lamplight."""
    drift = Drift(chance, chance.uniform(0.0, 0.10))
    gains = tuple(1.0 + drift(time) for time in moments())
    return Lens(
        focus=float(chance.uniform(430, 640)), noise=float(chance.uniform(1.0, 4.0)),
        quality=int(chance.integers(75, 93)), blur=float(chance.uniform(0.4, 1.0)), gains=gains,
    )  # fmt: skip


def moments() -> list[float]:
    """When the pictures are taken, in seconds."""
    return [number * SECONDS / (FRAMES - 1) for number in range(FRAMES)]


def burst(kind: str, seed: int, frames: int = FRAMES) -> Burst:
    """One of them, or its first pictures; the same for the same seed."""
    chance = np.random.default_rng([seed, (PRINTS + PEOPLE).index(kind)])
    scene = _print(kind, chance) if kind in PRINTS else _person(kind, chance)
    background, camera = looks.wall(chance), lens(chance)
    jpegs = []
    for number, time in enumerate(moments()[:frames]):
        picture = composed(background, scene(time, camera.focus))
        jpegs.append(taken(picture, camera, number, chance))
    return Burst(kind, jpegs)


class _Swing(NamedTuple):
    """How far something goes: metres and radians."""

    aside: float
    nearer: float
    turn: float
    nod: float
    tilt: float


_HELD: Final = {
    "waved": _Swing(0.07, 0.03, 0.35, 0.25, 0.2),
    "tilted": _Swing(0.015, 0.02, 0.5, 0.4, 0.1),
    "bent": _Swing(0.04, 0.03, 0.4, 0.3, 0.15),
    "nearer": _Swing(0.02, 0.10, 0.2, 0.2, 0.08),
    "shaking": _Swing(0.008, 0.008, 0.05, 0.05, 0.03),
    "phone": _Swing(0.04, 0.03, 0.35, 0.3, 0.15),
}


def _print(kind: str, chance: np.random.Generator) -> Callable[[float, float], list[Layer]]:
    """Somebody's photo, in a hand."""
    swing, phone = _HELD[kind], kind == "phone"
    width = chance.uniform(0.065, 0.08) if phone else chance.uniform(0.10, 0.21)
    height = width * (1.9 if phone else chance.uniform(1.2, 1.45))
    away = width * chance.uniform(2.0, 3.6)
    texture = looks.photo(looks.look(chance), chance, chance.uniform(2, 7))
    if phone:
        texture = np.pad(texture * 0.9 + 12, ((30, 30), (14, 14), (0, 0)), constant_values=18)
    sagitta = width * chance.uniform(0.01, 0.05) if kind == "bent" else 0.0
    sheet = Sheet(width, height, texture.astype(np.float32), sagitta, glows=phone)
    scale = away / 0.45
    go = [Drift(chance, reach * chance.uniform(0.5, 1.3)) for reach in (
        swing.aside * scale, swing.aside * 0.6 * scale, swing.nearer * scale,
        swing.turn, swing.nod, swing.tilt)]  # fmt: skip
    lean = chance.uniform(-0.15, 0.15, 2)
    thumb = Solid((0.011, 0.022, 0.008), np.broadcast_to(SKIN, (8, 8, 3)).astype(np.float32))
    side = chance.choice([-1.0, 1.0])
    behind = (
        _someone(chance, "standing", chance.uniform(0.25, 0.5) + away)
        if chance.random() < 0.5
        else None
    )

    def scene(time: float, focus: float) -> list[Layer]:
        x, y, z, yaw, pitch, roll = (each(time) for each in go)
        pose = Pose(x, y + 0.02, away + z, yaw + lean[0], pitch + lean[1], roll)
        hand = pose.beside(vector(side * width * 0.42, height * 0.45, -0.006))
        layers = [sheet.seen(pose, focus), thumb.seen(hand, focus)]
        return layers + (behind(time, focus) if behind else [])

    return scene


_MOVED: Final = {
    "turning": _Swing(0.02, 0.02, 0.5, 0.12, 0.08),
    "nodding": _Swing(0.015, 0.02, 0.12, 0.35, 0.06),
    "speaking": _Swing(0.015, 0.015, 0.12, 0.08, 0.05),
    "standing": _Swing(0.01, 0.01, 0.04, 0.04, 0.02),
    "walking up": _Swing(0.03, 0.0, 0.12, 0.08, 0.05),
    "swaying": _Swing(0.08, 0.05, 0.2, 0.1, 0.1),
    "parcel": _Swing(0.03, 0.03, 0.25, 0.12, 0.06),
}


def _person(kind: str, chance: np.random.Generator) -> Callable[[float, float], list[Layer]]:
    return _someone(chance, kind, chance.uniform(0.45, 1.2))


def _someone(
    chance: np.random.Generator, kind: str, away: float
) -> Callable[[float, float], list[Layer]]:
    """A head on a body."""
    swing, someone = _MOVED[kind], looks.look(chance)
    strength = chance.uniform(1.5, 6)
    skin, coat = looks.face(someone, chance, strength), looks.cloth(someone, chance, strength)
    size = chance.uniform(0.92, 1.08, 3)
    half = (0.078 * size[0], 0.115 * size[1], 0.098 * size[2])
    body = Solid((0.23, 0.34, 0.13), coat)
    bumps = _features(chance)
    reaches = swing.aside, swing.aside * 0.4, swing.nearer, swing.turn, swing.nod, swing.tilt
    go = [Drift(chance, reach * chance.uniform(0.5, 1.3)) for reach in reaches]
    follow = [Drift(chance, reach) for reach in (swing.aside * 0.5, swing.turn * 0.25)]
    start = Pose(
        chance.uniform(-0.08, 0.08) * away, chance.uniform(-0.06, 0.06) * away, away,
        *chance.uniform(-0.25, 0.25, 2) * (1.0, 0.5),
    )  # fmt: skip
    words, blink = Drift(chance, 1.0, 4.0), chance.uniform(0.3, 2.7)
    near = chance.uniform(0.5, 1.4) if kind == "walking up" else 0.0
    box = Sheet(0.32, 0.24, looks.parcel(chance)) if kind == "parcel" else None

    def scene(time: float, focus: float) -> list[Layer]:
        x, y, z, yaw, pitch, roll = (each(time) for each in go)
        z += near * (1 - time / SECONDS) ** 1.3
        y += 0.012 * np.sin(time * 9) * (near > 0)
        opened = max(0.0, words(time)) if kind == "speaking" else 0.0
        head = Solid(half, _lively(skin, opened, shut=abs(time - blink) < 0.15), bumps)
        pose = Pose(start.x + x, start.y + y, start.z + z,
                    start.yaw + yaw, start.pitch + pitch, roll)  # fmt: skip
        aside, turn = (each(time) for each in follow)
        torso = Pose(start.x + x * 0.7 + aside, start.y + y + 0.47, start.z + z + 0.03, turn)
        on_neck = pose._replace(y=pose.y + 0.10, z=pose.z + 0.02).beside(vector(0, -0.10, -0.02))
        layers = [head.seen(on_neck, focus), body.seen(torso, focus)]
        if box:
            carried = Pose(torso.x, torso.y - 0.22, torso.z - 0.24, turn * 1.2, pitch * 0.3, roll)
            layers.append(box.seen(carried, focus))
        return layers

    return scene


def _features(chance: np.random.Generator) -> list[Bump]:
    """Nose, eyes' hollows, brow, mouth, chin and ears, of nobody else."""
    one = [
        Bump(0.0, 0.16, 0.13, 0.24, 0.22), Bump(0.40, -0.10, 0.20, 0.13, -0.06),
        Bump(-0.40, -0.10, 0.20, 0.13, -0.06), Bump(0.0, -0.32, 0.6, 0.1, 0.03),
        Bump(0.0, 0.56, 0.3, 0.12, 0.04), Bump(0.0, 0.82, 0.25, 0.15, 0.07),
        Bump(1.0, 0.0, 0.1, 0.25, 0.12, front=False), Bump(-1.0, 0.0, 0.1, 0.25, 0.12, front=False),
    ]  # fmt: skip
    return [bump._replace(out=bump.out * chance.uniform(0.75, 1.25)) for bump in one]


def _lively(skin: Array, opened: float, *, shut: bool) -> Array:
    """The face's texture with the mouth open so far (0 to 1), and with eyes shut."""
    made, side = skin.copy(), len(skin)

    def row(y: float) -> int:
        return int((y / 1.3 * 0.5 + 0.5) * (side - 1))

    if opened:
        lip, chin, jaw = row(0.57), row(1.0), int(opened * side * 0.035)
        taken_from = np.linspace(lip, chin, chin - lip - jaw).astype(int)
        made[lip + jaw : chin] = skin[taken_from]
        wide = slice(int(side * 0.41), int(side * 0.59))
        made[lip : lip + jaw] = skin[lip]
        made[lip : lip + jaw, wide] = vector(60, 25, 25)
    if shut:
        lids = slice(row(-0.22), row(0.02))
        made[lids, int(side * 0.2) : int(side * 0.8)] = skin[row(0.1), int(side * 0.3)]
    return made
