"""A burst becomes a film: the bus and the phones hear of it, or the bus hears why not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from doorbell.events import FilmFailed, FilmMade
from doorbell.films.burst import MOST_BYTES
from doorbell.films.bursts import film_burst
from doorbell.films.names import burst_of, film_id
from doorbell.protocol import CameraFilm, CameraFilmFailed, Film
from tests.doorbell.films.fakes import Studio
from tests.doorbell.liveness.sights import TILTED, Sight
from tests.fakes import ADA, BOB, CAMERA, DOOR, FOREIGN_DOOR, NOON, a_ring, keep_ring

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from doorbell.liveness.ports import Step

RING = "guest/home/ring-1/burst.mjpeg"
PARTY = "bursts/home/camera/2026/07/01/201530-042-3f1d.mjpeg"
AT = datetime(2026, 7, 1, 20, 15, 30, 42_000, tzinfo=UTC).timestamp()
ONE = b"\xff\xd8\xff\xda\x00\x02one\xff\xd9"
TWO = b"\xff\xd8\xff\xda\x00\x02two\xff\xd9"


def filmed(studio: Studio, key: str, burst: bytes | None) -> None:
    """The burst came, and the job has run."""
    if burst is not None:
        studio.store.objects[key] = burst
    found = burst_of(key)
    assert found
    film_burst(studio.films, found, len(burst or b""))


def test_the_phones_hear_of_a_rings_film() -> None:
    """Both links, to every phone of the home and to nobody else."""
    studio = Studio()
    keep_ring(studio.house)
    ada, bob = studio.house.connect(ADA), studio.house.connect(BOB)
    door, foreign = studio.house.connect(DOOR), studio.house.connect(FOREIGN_DOOR)
    filmed(studio, RING, ONE + TWO)
    film = Film(
        "ring-1",
        "https://get/guest/home/ring-1/film.gif?3600",
        "https://get/guest/home/ring-1/film.mp4?3600",
    )
    assert studio.house.heard(ada) == studio.house.heard(bob) == [film]
    assert studio.house.heard(door) == studio.house.heard(foreign) == []


def test_a_rings_film_is_told_with_its_door() -> None:
    studio = Studio()
    keep_ring(studio.house)
    filmed(studio, RING, ONE + TWO)
    gif, mp4 = "guest/home/ring-1/film.gif", "guest/home/ring-1/film.mp4"
    assert studio.house.bus.events == [
        FilmMade("home", "ring", "ring-1", None, DOOR.id, gif, mp4, frames=2, skipped=0)
    ]
    assert studio.store.objects[gif] == b"gif 5 480 " + ONE + b" " + TWO
    assert studio.store.objects[mp4] == b"mp4 5 1280 " + ONE + b" " + TWO


class Judged:
    """`doorbell.liveness.ports.Tracker`, with a plane that was tilted before it."""

    def __init__(self, refuses: Exception | None = None) -> None:
        self.refuses = refuses
        self.asked = 0

    def steps(self, jpegs: Iterable[bytes]) -> Iterator[Step]:
        self.asked += 1
        if self.refuses:
            raise self.refuses
        return iter([Sight.of(TILTED)] * 3)


def test_what_moves_like_a_flat_print_is_told_with_the_film() -> None:
    """To the phones, and to the bus for the history."""
    studio = Studio(tracker=Judged())
    keep_ring(studio.house)
    phone = studio.house.connect(ADA)
    filmed(studio, RING, ONE + TWO)
    (film,), (made,) = studio.house.heard(phone), studio.house.bus.events
    assert isinstance(film, Film)
    assert isinstance(made, FilmMade)
    assert (film.flat, made.flat) == (True, True)


@pytest.mark.parametrize("refuses", [MemoryError(), ValueError(), ZeroDivisionError()])
def test_a_judgement_that_fails_costs_no_film(
    refuses: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    studio = Studio(tracker=Judged(refuses))
    keep_ring(studio.house)
    phone = studio.house.connect(ADA)
    filmed(studio, RING, ONE + TWO)
    (film,) = studio.house.heard(phone)
    assert isinstance(film, Film)
    assert film.flat is None
    assert type(refuses).__name__ in caplog.text


@pytest.mark.parametrize("key", [PARTY, "guest/home/unknown/burst.mjpeg"])
def test_only_a_ring_that_is_known_is_judged(key: str) -> None:
    """Nobody would be told."""
    tracker = Judged()
    studio = Studio(tracker=tracker)
    keep_ring(studio.house)
    filmed(studio, key, ONE + TWO)
    assert tracker.asked == 0


def test_a_partys_film_is_told_to_the_bus_and_to_the_phones_of_the_home() -> None:
    """It shows one moment, that of the burst."""
    studio = Studio(rebound=("party",))
    studio.house.devices.known["home", CAMERA.id] = CAMERA._replace(name="Party")
    phone, foreign = studio.house.connect(ADA), studio.house.connect(FOREIGN_DOOR)
    filmed(studio, PARTY, ONE + ONE[:9] + TWO)
    gif, mp4 = "films/home/camera/201530-042-3f1d.gif", "films/home/camera/201530-042-3f1d.mp4"
    film = film_id("201530-042-3f1d")
    assert studio.house.bus.events == [
        FilmMade("home", "party", None, "camera", None, gif, mp4, 2, 1, film, AT, AT)
    ]
    links = (f"https://get/{gif}?3600", f"https://get/{mp4}?3600")
    told = CameraFilm("camera", "Party", film, AT, AT, 2, 1, *links)
    assert studio.house.heard(phone) == [told]
    assert studio.house.heard(foreign) == []
    assert studio.store.objects[gif].startswith(b"gif 5 480 rebound")


def test_a_party_without_a_film_is_told_why() -> None:
    """A button was pressed: somebody waits for it."""
    studio = Studio()
    phone = studio.house.connect(ADA)
    filmed(studio, PARTY, b"text")
    film = film_id("201530-042-3f1d")
    assert studio.house.bus.events == [
        FilmFailed("home", None, "camera", "no_pictures", film, AT, AT)
    ]
    assert studio.house.heard(phone) == [
        CameraFilmFailed("camera", CAMERA.name, film, AT, AT, "no_pictures")
    ]


def test_what_rebounds_is_the_deployments_choice() -> None:
    studio = Studio(rebound=("party",))
    keep_ring(studio.house)
    filmed(studio, RING, ONE)
    assert b"rebound" not in studio.store.objects["guest/home/ring-1/film.mp4"]
    studio = Studio(rebound=("ring",))
    keep_ring(studio.house)
    filmed(studio, RING, ONE)
    assert b"rebound" in studio.store.objects["guest/home/ring-1/film.mp4"]


def test_a_burst_of_no_ring_that_is_known_is_told_to_no_phone() -> None:
    """The film is there, but a phone would show a ring that nobody heard."""
    studio = Studio()
    phone = studio.house.connect(ADA)
    filmed(studio, RING, ONE)
    (made,) = studio.house.bus.events
    assert isinstance(made, FilmMade)
    assert (made.ring, made.door) == ("ring-1", None)
    assert studio.house.heard(phone) == []


def test_a_damaged_frame_is_counted() -> None:
    studio = Studio()
    keep_ring(studio.house)
    filmed(studio, RING, ONE + ONE[:9] + TWO)
    (made,) = studio.house.bus.events
    assert isinstance(made, FilmMade)
    assert (made.frames, made.skipped) == (2, 1)


@pytest.mark.parametrize(
    ("burst", "reason"),
    [
        (None, "no_pictures"),
        (b"", "no_pictures"),
        (b"text", "no_pictures"),
        (ONE * 33, "too_many"),
        (ONE + bytes(MOST_BYTES), "too_large"),
    ],
    ids=["gone", "empty", "text", "33 frames", "too large"],
)
def test_a_ring_without_a_film_loses_nothing_else(burst: bytes | None, reason: str) -> None:
    """The bus hears why; no phone hears a word, and nothing is put."""
    studio = Studio()
    ring = keep_ring(studio.house, a_ring(pressed_at=NOON))
    phone = studio.house.connect(ADA)
    filmed(studio, RING, burst)
    assert studio.house.bus.events == [FilmFailed("home", "ring-1", None, reason)]  # type: ignore[arg-type]
    assert studio.house.heard(phone) == []
    assert set(studio.store.objects) <= {RING}
    assert studio.house.rings.find("home", "ring-1") == ring


def test_a_burst_that_is_too_large_is_not_even_fetched() -> None:
    studio = Studio()
    found = burst_of(RING)
    assert found
    film_burst(studio.films, found, MOST_BYTES + 1)
    assert studio.house.bus.events == [FilmFailed("home", "ring-1", None, "too_large")]


def test_the_same_event_twice_makes_the_same_film() -> None:
    studio = Studio()
    keep_ring(studio.house)
    filmed(studio, RING, ONE)
    objects = dict(studio.store.objects)
    filmed(studio, RING, ONE)
    assert studio.store.objects == objects


def test_what_may_pass_is_tried_again() -> None:
    """A bus that refuses is no reason to have no film: the job fails, and Lambda repeats it."""
    studio = Studio()
    keep_ring(studio.house)
    studio.house.bus.refuses = ConnectionError()
    with pytest.raises(ConnectionError):
        filmed(studio, RING, ONE)
