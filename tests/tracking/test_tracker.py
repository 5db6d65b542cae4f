"""What moved is found where it is now; what stands still, or cannot be found, is not told."""

from __future__ import annotations

import io
from math import cos, hypot, radians, sin
from typing import TYPE_CHECKING, Final

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageFilter

from doorbell.liveness.model import Match, Plane
from tracking import tracker
from tracking.frame import WIDTH

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SIZE: Final = (640, 480)
SCALE: Final = WIDTH / SIZE[0]
BOX: Final = (200, 120, 440, 360)
"""Where the thing is, before it moves."""
STAYS: Final = Plane(1, 0, 0, 0, 1, 0)


def noise(size: tuple[int, int], rough: float, seed: int = 1) -> Image.Image:
    """Something to follow; the same for the same seed."""
    grey = np.random.default_rng(seed).normal(128, 120, size[::-1]).clip(0, 255).astype(np.uint8)
    return Image.fromarray(grey).filter(ImageFilter.GaussianBlur(rough)).convert("RGB")


WALL: Final = ImageEnhance.Contrast(noise(SIZE, 5)).enhance(3)
THING: Final = ImageEnhance.Contrast(noise(SIZE, 4, seed=2)).enhance(4)


def shown(motion: Plane, light: float = 1.0) -> bytes:
    """A piece of a plane before a wall, after this motion, in pixels of what the tracker sees."""
    mask = Image.new("L", SIZE, 0)
    mask.paste(255, BOX)
    back = inverse(motion)
    thing, hole = (
        each.transform(SIZE, Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
        for each in (THING, mask)
    )
    picture = ImageEnhance.Brightness(Image.composite(thing, WALL, hole)).enhance(light)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def inverse(motion: Plane) -> list[float]:
    """Where a pixel of the full picture came from: the motion back, in its pixels."""
    a, b, c, d, e, f, g, h = motion
    c, f, g, h = c / SCALE, f / SCALE, g * SCALE, h * SCALE
    rows = [
        e - f * h, c * h - b, b * f - c * e,
        f * g - d, a - c * g, c * d - a * f,
        d * h - e * g, b * g - a * h, a * e - b * d,
    ]  # fmt: skip
    return [each / rows[8] for each in rows[:8]]


def turned(degrees: float, size: float, across: float, down: float) -> Plane:
    """Turned about the middle of the picture, and so on."""
    p, q = size * cos(radians(degrees)), size * sin(radians(degrees))
    x, y = WIDTH / 2, 180.0
    return Plane(p, -q, x - p * x + q * y + across, q, p, y - q * x - p * y + down)


TILTED: Final = Plane(0.94, 0.01, 12.0, -0.02, 0.98, 9.0, g=-0.0002, h=0.0001)
MOTIONS: Final = [
    turned(0, 1, 1.3, -0.6), turned(0, 1, 31, -17), turned(5, 1.06, -8, 4), TILTED,
]  # fmt: skip


def of_the_thing(matches: Sequence[Match]) -> list[Match]:
    """Those whose block was wholly on it."""
    left, top, right, bottom = (side * SCALE for side in BOX)
    return [m for m in matches if left + 8 < m.x < right - 8 and top + 8 < m.y < bottom - 8]


def only(steps: Sequence[tracker.Step]) -> tracker.Step:
    """The one that there is."""
    (step,) = steps
    return step


@pytest.mark.parametrize("motion", MOTIONS, ids=["a little", "far", "turned", "tilted"])
def test_what_moved_is_found_to_some_tenths_of_a_pixel(motion: Plane) -> None:
    step = only([*tracker.steps([shown(STAYS), shown(motion)])])
    found = of_the_thing(step.matches)
    off = sorted(motion.off(match) for match in found)
    assert len(found) > 70
    assert off[len(off) * 3 // 4] < 0.5


def test_beside_the_planes_own_motion_it_is_found_more_exactly() -> None:
    step = only([*tracker.steps([shown(STAYS), shown(TILTED)])])
    rough = sorted(TILTED.off(match) for match in of_the_thing(step.matches))
    exact = sorted(TILTED.off(match) for match in of_the_thing(step.beside(TILTED)))
    assert len(exact) >= len(rough)
    assert exact[len(exact) * 3 // 4] < 0.6 * rough[len(rough) * 3 // 4]


def test_what_stands_still_is_not_told_also_if_the_light_changes() -> None:
    step = only([*tracker.steps([shown(STAYS), shown(STAYS, light=0.85)])])
    assert step.matches == []


def test_the_wall_behind_is_not_told() -> None:
    step = only([*tracker.steps([shown(STAYS), shown(turned(0, 1, 20, 0))])])
    left, top, right, bottom = (side * SCALE for side in BOX)
    away = [
        match for match in step.matches
        if not (left - 17 < match.x < right + 40 and top - 17 < match.y < bottom + 17)
    ]  # fmt: skip
    assert len(away) <= 3


def test_what_is_gone_is_found_nowhere() -> None:
    """A block that looks like nothing in the other picture is not taken for what is near."""
    out = io.BytesIO()
    WALL.save(out, "JPEG", quality=88)
    step = only([*tracker.steps([shown(STAYS), out.getvalue()])])
    assert len(of_the_thing(step.matches)) <= 5


def jpeg(picture: Image.Image) -> bytes:
    """As a camera sends it."""
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        lambda: jpeg(Image.new("RGB", SIZE, "grey")),
        lambda: jpeg(Image.new("L", SIZE, 0)),
        lambda: jpeg(Image.new("RGB", (16, 16), "red")),
        lambda: jpeg(Image.new("RGB", (4000, 1), "red")),
        lambda: jpeg(Image.new("RGB", (1, 4000), "red")),
        lambda: jpeg(noise((17, 19), 1)),
        lambda: jpeg(noise((161, 321), 1)),
    ],
    ids=["grey", "black", "small", "a line", "a column", "tiny noise", "odd sides"],
)
def test_pictures_of_nothing_say_nothing(make: Callable[[], bytes]) -> None:
    """Whatever their size."""
    assert [step.matches for step in tracker.steps([make(), make()])] in ([], [[]])


def test_broken_pictures_and_those_of_another_shape_are_passed_over() -> None:
    first, second = shown(STAYS), shown(turned(0, 1, 9, 0))
    other = jpeg(Image.new("RGB", (480, 640)))
    steps = [*tracker.steps([b"", first, first[:500], other, b"text", second])]
    assert len(steps) == 1
    assert of_the_thing(steps[0].matches)


@pytest.mark.parametrize(("pictures", "steps"), [(0, 0), (1, 0), (2, 1), (8, 7)])
def test_there_is_a_step_from_each_picture_to_the_next(pictures: int, steps: int) -> None:
    grey = jpeg(Image.new("RGB", (160, 120), "grey"))
    assert len([*tracker.steps([grey] * pictures)]) == steps


@pytest.mark.parametrize("pictures", [13, 32])
def test_of_many_pictures_some_are_looked_at(pictures: int) -> None:
    grey = jpeg(Image.new("RGB", (160, 120), "grey"))
    assert 5 <= len([*tracker.steps([grey] * pictures)]) < tracker.MOST


def test_a_plane_far_outside_of_the_picture_finds_nothing_and_breaks_nothing() -> None:
    step = only([*tracker.steps([shown(STAYS), shown(turned(0, 1, 9, 0))])])
    wild = Plane(1e6, 0, -1e9, 0, 1e-6, 1e9, g=1.0, h=-1.0)
    assert all(hypot(m.to_x, m.to_y) < 1e4 for m in step.beside(wild))
