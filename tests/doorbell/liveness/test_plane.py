"""A plane's motion is found among all that moved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorbell.liveness.model import Match, Plane
from doorbell.liveness.plane import fit, similar
from tests.doorbell.liveness.sights import CLOSER, GRID, TILTED, Sight

if TYPE_CHECKING:
    from collections.abc import Sequence

small = st.floats(-0.2, 0.2)
slight = st.floats(-0.0004, 0.0004)
far = st.floats(-40, 40)
planes = st.builds(
    lambda a, b, c, d, e, f, g, h: Plane(1 + a, b, c, d, 1 + e, f, g, h),
    small, small, far, small, small, far, slight, slight,
)  # fmt: skip


def furthest(plane: Plane, matches: Sequence[Match]) -> float:
    """How far off the worst piece is, in pixels."""
    return max(plane.off(match) for match in matches)


@settings(max_examples=15, deadline=None)
@given(planes)
def test_any_motion_of_a_plane_is_found_as_it_was(plane: Plane) -> None:
    matches = Sight.of(plane).matches
    found = fit(matches)
    assert found
    assert furthest(found, matches) < 0.01


@settings(max_examples=15, deadline=None)
@given(planes, st.integers(0, 2))
def test_a_third_that_moves_otherwise_changes_nothing(plane: Plane, which: int) -> None:
    """A hand, or somebody behind the print."""
    true = Sight.of(plane).matches
    mixed = Sight.of(plane, lambda n: (25.0, -18.0) if n % 3 == which else (0, 0)).matches
    found = fit(mixed)
    assert found
    assert furthest(found, true) < 0.3


@settings(max_examples=15, deadline=None)
@given(planes)
def test_the_nearest_similarity_keeps_shapes_and_is_near(plane: Plane) -> None:
    matches = Sight.of(plane).matches
    near = similar(matches, plane)
    assert (near.a, near.b, near.g, near.h) == (near.e, -near.d, 0, 0)
    apart = [math.dist(near.moves(m.x, m.y), plane.moves(m.x, m.y)) ** 2 for m in matches]
    shifted = near._replace(c=near.c + 0.5)
    other = [math.dist(shifted.moves(m.x, m.y), plane.moves(m.x, m.y)) ** 2 for m in matches]
    assert sum(apart) <= sum(other)


def test_what_is_not_tilted_is_its_own_nearest_similarity() -> None:
    near = similar(Sight.of(CLOSER).matches, CLOSER)
    assert near == pytest.approx(CLOSER)


@pytest.mark.parametrize(
    "matches",
    [
        [],
        [Match(9, 9, 12, 9)],
        [Match(9, 9, 12, 9)] * 40,
        [Match(x, 80, x + 5, 80) for x, _ in GRID],
        [Match(x, x, x + 5, x) for x, _ in GRID],
    ],
    ids=["nothing", "one", "one place", "a line", "a slanting line"],
)
def test_what_says_no_plane_gives_none(matches: list[Match]) -> None:
    assert fit(matches) is None


def test_the_same_pieces_give_the_same_plane() -> None:
    """Whoever looks again at a ring reads the same."""
    matches = Sight.of(TILTED, lambda n: (n % 5 / 10, n % 3 / 10)).matches
    assert fit(matches) == fit(matches)
