"""What moves as one plane although it is tilted is flat; all else is left unsaid."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from doorbell.liveness.judging import FEWEST, look, moves_like_a_print
from tests.doorbell.liveness.sights import CLOSER, GRID, TILTED, Sight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from doorbell.liveness.ports import Step


class Seen(NamedTuple):
    """`doorbell.liveness.ports.Tracker`: sees this, whatever the pictures show."""

    sights: Sequence[Step]

    def steps(self, jpegs: Iterable[bytes]) -> Iterator[Step]:
        """What it was given."""
        return iter(self.sights)


def is_flat(*sights: Sight) -> bool:
    """What is said of them."""
    return moves_like_a_print(Seen(sights), [])


def noise(number: int) -> tuple[float, float]:
    """Some tenths of a pixel, as the tracker's."""
    return ((number * 7) % 11 - 5) / 40, ((number * 5) % 13 - 6) / 40


def nose(number: int) -> tuple[float, float]:
    """The parallax of a head that turns: what is nearer to its middle goes further."""
    x, y = GRID[number]
    out = max(0.0, 1 - ((x - 212) / 70) ** 2 - ((y - 168) / 85) ** 2)
    return 4 * out, 0.0


def mouth(number: int) -> tuple[float, float]:
    """The lower part of a face that speaks goes down by itself."""
    _, y = GRID[number]
    return 0.0, max(0.0, (y - 180) / 20)


PRINT = Sight.of(TILTED, noise)


def test_a_plane_that_is_tilted_thrice_moves_like_a_print() -> None:
    assert is_flat(PRINT, PRINT, PRINT)
    assert is_flat(PRINT, Sight([]), PRINT, PRINT, PRINT)


@pytest.mark.parametrize("off", [nose, mouth])
@pytest.mark.parametrize("plane", [TILTED, CLOSER])
def test_a_head_does_not(off: object, plane: object) -> None:
    head = Sight.of(plane, off)  # type: ignore[arg-type]
    assert not is_flat(head, head, head, head)


def test_what_is_not_tilted_is_left_unsaid_be_it_flat_or_not() -> None:
    """Somebody who comes nearer and looks into the camera would move just so."""
    assert not is_flat(*[Sight.of(CLOSER, noise)] * 7)


def test_two_tilts_say_nothing_yet() -> None:
    assert not is_flat(PRINT, PRINT)
    assert not is_flat(PRINT, Sight.of(CLOSER, noise), PRINT, Sight([]))


def test_steps_of_a_head_outweigh_one_that_looks_flat() -> None:
    head = Sight.of(TILTED, nose)
    assert not is_flat(PRINT, PRINT, head, head, head)


def test_a_hand_that_holds_the_print_changes_nothing() -> None:
    def held(number: int) -> tuple[float, float]:
        return (11.0, 6.0) if number >= len(GRID) * 0.85 else noise(number)

    assert is_flat(*[Sight.of(TILTED, held)] * 3)


def test_a_plane_among_much_else_that_moves_says_nothing() -> None:
    """A parcel before somebody who walks."""

    def carried(number: int) -> tuple[float, float]:
        return noise(number) if number % 2 else (9.0, number % 7 * 3.0)

    assert not is_flat(*[Sight.of(TILTED, carried)] * 4)


@pytest.mark.parametrize("few", [0, 1, 3, FEWEST - 1])
def test_few_pieces_say_nothing(few: int) -> None:
    assert look(Sight(PRINT.matches[:few])) is None
    assert not is_flat(*[Sight(PRINT.matches[:few])] * 4)


def test_no_step_at_all_says_nothing() -> None:
    assert not is_flat()


class Vanishing(NamedTuple):
    """A step whose pieces are found nowhere once they are looked for more exactly."""

    matches: Sequence[object]

    def beside(self, plane: object) -> Sequence[object]:
        """Nothing."""
        return []


def test_what_vanishes_at_a_closer_look_says_nothing() -> None:
    assert look(Vanishing(PRINT.matches)) is None  # type: ignore[arg-type]
