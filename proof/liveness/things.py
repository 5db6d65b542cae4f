"""What stands before the camera: solids with bumps, and sheets that may be bent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from proof.liveness.camera import Layer, Pose, box_around, rays, sampled, vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proof.liveness.camera import Array

MARCH: Final = 14
"""Steps of a ray to a surface with bumps."""
LIGHT: Final = vector(-0.35, -0.6, -0.72)
"""Where the light comes from."""


class Bump(NamedTuple):
    """A hill (or a hollow) on a solid, on the side that faces the camera if `front`."""

    x: float
    y: float
    """Its middle: -1 to 1 over the solid's width and height."""
    wide: float
    high: float
    out: float
    """Share of the radius by which it stands out."""
    front: bool = True


class Solid(NamedTuple):
    """An ellipsoid with bumps. Its front is where z is negative."""

    half: tuple[float, float, float]
    """Half its width, height and depth, in metres."""
    texture: Array
    """Seen from the front, 1.3 times as wide and high as the solid."""
    bumps: Sequence[Bump] = ()

    def seen(self, pose: Pose, focus: float) -> Layer:
        """From the camera."""
        at, turned = pose.at(), pose.turned()
        box = box_around(focus, at, max(self.half) * 1.15)
        half = vector(*self.half)
        way = rays(focus, box)
        # In a space where the ellipsoid is a ball of radius 1.
        along = (way @ turned) / half
        origin = (-(at @ turned) / half).astype(np.float32)
        start, hit = _ball(origin, along, 1.0 + self._highest)
        depth = np.full(hit.shape, np.inf, np.float32)
        colour = np.zeros((*hit.shape, 3), np.float32)
        along, distance = along[hit], start[hit]
        pace = 0.75 / np.maximum(1e-6, np.sqrt((along**2).sum(-1)))
        for _ in range(MARCH if self.bumps else 0):
            place = origin + along * distance[:, None]
            distance = distance + self._above(place) * pace
        place = origin + along * distance[:, None]
        on = np.abs(self._above(place)) < 0.02
        radius = np.sqrt((place**2).sum(-1, keepdims=True))
        normal = place / radius / half
        normal = normal / np.sqrt((normal**2).sum(-1, keepdims=True))
        shade = 0.62 + 0.42 * np.clip(normal @ (turned.T @ LIGHT), -0.4, 1)
        places = self._texture_place(place / radius)
        painted = sampled(self.texture, *places) * shade[:, None]
        depth[hit] = np.where(on, distance, np.inf)
        colour[hit] = painted
        return Layer(box[0], box[1], depth, colour)

    def _texture_place(self, unit: Array) -> tuple[Array, Array]:
        height, width = self.texture.shape[:2]
        return (
            (unit[:, 0] / 1.3 * 0.5 + 0.5) * (width - 1),
            (unit[:, 1] / 1.3 * 0.5 + 0.5) * (height - 1),
        )

    @property
    def _highest(self) -> float:
        return max((bump.out for bump in self.bumps), default=0.0)

    def _above(self, place: Array) -> Array:
        """How far over the surface, in radii."""
        radius = np.sqrt((place**2).sum(-1))
        unit = place / np.maximum(radius, 1e-6)[:, None]
        height = np.ones_like(radius)
        for bump in self.bumps:
            hill = np.exp(
                -(((unit[:, 0] - bump.x) / bump.wide) ** 2)
                - ((unit[:, 1] - bump.y) / bump.high) ** 2
            )
            height += bump.out * (hill * (unit[:, 2] < 0.1) if bump.front else hill)
        above: Array = radius - height
        return above


def _ball(origin: Array, along: Array, radius: float) -> tuple[Array, Array]:
    """Where rays enter a ball at the middle, and which do."""
    a = (along**2).sum(-1)
    b = (along * origin).sum(-1)
    c = float((origin**2).sum()) - radius**2
    under = b * b - a * c
    hit = under > 0
    return (-b - np.sqrt(np.where(hit, under, 0))) / a, hit


class Sheet(NamedTuple):
    """A print, a screen or the side of a parcel: flat, or bent like a part of a cylinder."""

    width: float
    height: float
    """In metres."""
    texture: Array
    sagitta: float = 0.0
    """How much its middle stands out before its left and right edges, in metres."""
    glows: bool = False
    """A screen has its own light."""

    def seen(self, pose: Pose, focus: float) -> Layer:
        """From the camera."""
        at, turned = pose.at(), pose.turned()
        box = box_around(focus, at, float(np.hypot(self.width, self.height)) / 2 + 0.02)
        way = rays(focus, box)
        along = way @ turned
        origin = -(at @ turned)
        away = np.where(np.abs(along[..., 2]) < 1e-4, 1e-4, along[..., 2])
        bend = 4 * self.sagitta / self.width**2
        distance = -origin[2] / away
        for _ in range(6 if self.sagitta else 0):
            x = origin[0] + along[..., 0] * distance
            distance = (bend * np.minimum(x * x, self.width**2) - origin[2]) / away
        x, y = (origin[axis] + along[..., axis] * distance for axis in (0, 1))
        on = (np.abs(x) < self.width / 2) & (np.abs(y) < self.height / 2) & (distance > 0)
        colour = np.zeros((*on.shape, 3), np.float32)
        colour[on] = self._painted(x[on], y[on], turned)
        return Layer(box[0], box[1], np.where(on, distance, np.inf).astype(np.float32), colour)

    def _painted(self, x: Array, y: Array, turned: Array) -> Array:
        """The colours of these places, in this light."""
        tall, wide = self.texture.shape[:2]
        places = (x / self.width + 0.5) * (wide - 1), (y / self.height + 0.5) * (tall - 1)
        colour = sampled(self.texture, *places)
        if self.glows:
            return colour
        slope = 8 * self.sagitta / self.width**2 * x
        facing = turned.T @ LIGHT
        lit = (facing[0] * slope - facing[2]) / np.sqrt(1 + slope * slope)
        shaded: Array = colour * (0.62 + 0.42 * np.clip(lit, -0.4, 1))[:, None]
        return shaded
