"""The machine `film` on the one machine: real pictures, parts, a film, and why there is none."""

from __future__ import annotations

import time
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import pytest

from demo.scenes import garden
from doorbell.films.plan import IN_A_SEGMENT
from tests.filmmaker.drawn import frames, gif, mp4

if TYPE_CHECKING:
    from pathlib import Path

    from tests.statemachines.scene import Scene
    from tests.template.sources import Tree

_numbers = count(1)
BEGIN: Final = 1_750_000_000
SECOND: Final = 1


@pytest.fixture
def home(hasty: Scene) -> Scene:
    """A home of its own for each test, so that its films are, too."""
    return hasty.beside(f"garden-{next(_numbers)}")


def took(home: Scene, pictures: list[bytes]) -> None:
    """The camera took these, one a second."""
    for second, picture in enumerate(pictures):
        at = time.strftime("%Y/%m/%d/%H%M%S", time.gmtime(BEGIN + second))
        home.put(f"pictures/{home.home}/yard/{at}-000-picture.jpeg", picture)


def asked(home: Scene, seconds: int = 3600, **more: Any) -> dict[str, Any]:
    """What the machine is given for the film of these seconds."""
    period = {"start": BEGIN, "end": BEGIN + seconds}
    return {"home": home.home, "camera": "yard", **period, **more}


def filmed(home: Scene, given: dict[str, Any], machine: str = "StopMotion") -> Tree:
    """Run the machine to its end: what it answers."""
    execution = home.works.start(machine, given)
    assert home.works.ended(execution) == "SUCCEEDED"
    output: Tree = home.works.output(execution)
    return output


def objects(home: Scene) -> set[str]:
    """What stands in the folder of the camera's films."""
    found = home.stack.aws.client("s3").list_objects_v2(
        Bucket=home.stack.bucket, Prefix=f"films/{home.home}/"
    )
    return {each["Key"] for each in found.get("Contents", [])}


def fetched(home: Scene, key: str, into: Path) -> Path:
    """A film as a file."""
    home.stack.aws.client("s3").download_file(home.stack.bucket, key, str(into))
    return into


def test_the_film_of_a_day_shows_what_the_camera_saw(home: Scene, tmp_path: Path) -> None:
    """In order, at the rate that was asked for. A broken frame is not in it: it is skipped and
    told, or was removed when it arrived, before the film was planned.
    """
    pictures = list(frames(range(12)))
    took(home, [*pictures[:5], pictures[5][:300], *pictures[6:]])
    made = filmed(home, asked(home, fps=6))
    assert made["frames"] == 11
    assert made["skipped"] in (0, 1)
    film = mp4(fetched(home, made["mp4"], tmp_path / "film.mp4"))
    assert film.numbers == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11]
    assert film.seconds[-1] == pytest.approx(11 / 6, rel=0.01)
    assert gif(fetched(home, made["gif"], tmp_path / "film.gif")).numbers == film.numbers
    assert objects(home) == {made["mp4"], made["gif"]}


def test_nothing_of_before_or_after_is_in_it(home: Scene, tmp_path: Path) -> None:
    took(home, list(frames(range(12))))
    given = asked(home) | {"start": BEGIN + 3 * SECOND, "end": BEGIN + 7 * SECOND}
    made = filmed(home, given)
    assert mp4(fetched(home, made["mp4"], tmp_path / "film.mp4")).numbers == [3, 4, 5, 6]


def test_a_long_film_is_made_in_parts_and_joined(home: Scene, tmp_path: Path) -> None:
    """Two parts by two calls; where they meet nothing is missing, and none of them is left."""
    took(home, list(frames(n % 12 for n in range(IN_A_SEGMENT + 30))))
    made = filmed(home, asked(home))
    assert (made["frames"], made["skipped"]) == (IN_A_SEGMENT + 30, 0)
    film = mp4(fetched(home, made["mp4"], tmp_path / "film.mp4"))
    assert film.numbers == [n % 12 for n in range(IN_A_SEGMENT + 30)]
    assert 30 <= len(gif(fetched(home, made["gif"], tmp_path / "film.gif")).pictures) <= 60
    assert objects(home) == {made["mp4"], made["gif"]}


def test_pictures_of_any_size_are_as_large_as_the_first(home: Scene, tmp_path: Path) -> None:
    took(home, [*frames([1], (192, 128)), *frames([2], (96, 64)), *garden(1, (160, 200))])
    made = filmed(home, asked(home))
    film = mp4(fetched(home, made["mp4"], tmp_path / "film.mp4"))
    assert {picture.size for picture in film.pictures} == {(192, 128)}
    assert film.numbers[:2] == [1, 2]


def test_the_last_day_ends_now(home: Scene) -> None:
    """As a schedule asks for it. Pictures of years ago are in no such film."""
    took(home, list(frames([1])))
    given = {"home": home.home, "camera": "yard", "days": 1}
    assert filmed(home, given) == {"reason": "no_pictures"}
    now = time.strftime("%Y/%m/%d/%H%M%S", time.gmtime(time.time() - 120))
    home.put(f"pictures/{home.home}/yard/{now}-000-picture.jpeg", next(frames([2])))
    assert filmed(home, given)["frames"] == 1


@pytest.mark.parametrize("pictures", [[], [b"text", b""]], ids=["none", "broken"])
def test_without_a_picture_it_is_told_that_there_is_no_film(
    home: Scene, pictures: list[bytes]
) -> None:
    took(home, pictures)
    assert filmed(home, asked(home)) == {"reason": "no_pictures"}
    assert not objects(home)


@pytest.mark.parametrize("state", ["Plan", "MakeSegments", "Join", "MakeGif"])
def test_whatever_fails_is_told_and_tidied_up(home: Scene, state: str) -> None:
    """No part of a film stays behind."""

    def spoil(states: Tree) -> None:
        task = states[state]
        if state == "MakeSegments":
            task = task["ItemProcessor"]["States"]["MakeSegment"]
        task["Arguments"]["Payload"]["do"] = "nothing that is known"
        task["Retry"] = []

    took(home, list(frames(range(3))))
    spoiled = home.works.broken("StopMotion", spoil)
    assert filmed(home, asked(home), spoiled) == {"reason": "unavailable"}
    assert not [key for key in objects(home) if "segments" in key]


def test_nothing_is_asked_for_that_cannot_be(home: Scene) -> None:
    """A period that ends before it begins, a camera that would be another folder."""

    def hurry(states: Tree) -> None:
        states["Plan"]["Retry"] = []

    hurried = home.works.broken("StopMotion", hurry)
    for given in (asked(home, -5), asked(home) | {"camera": "../../guest"}):
        assert filmed(home, given, hurried) == {"reason": "unavailable"}
