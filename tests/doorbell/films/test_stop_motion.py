"""The film of a period, step by step, as the state machine has it made."""

from __future__ import annotations

import pytest

from doorbell.errors import BadName, BadSetting, NoFilm
from doorbell.events import FilmFailed, FilmMade
from doorbell.films import stop_motion
from doorbell.films.asking import fps_asked, period_asked
from doorbell.films.model import Period, Plan, Size
from doorbell.films.plan import IN_A_SEGMENT, MOST_PICTURES
from doorbell.protocol import CameraFilm, CameraFilmFailed
from tests.doorbell.films.fakes import BROKEN, Studio
from tests.doorbell.films.test_plan import key
from tests.fakes import ADA, CAMERA, FOREIGN_PHONE

NOON = 1_700_000_000.0
DAY = Period("home", "yard", NOON, NOON + 86_400)
MADE = "films/home/yard/20231114T221320Z-20231115T221320Z-0123abcd"


def studio_with(*pictures: bytes) -> Studio:
    """A camera took these, one a second."""
    studio = Studio()
    studio.store.objects = {key(NOON + n): each for n, each in enumerate(pictures)}
    return studio


def whole_film(studio: Studio) -> tuple[int, int]:
    """All steps; frames and skipped."""
    plan = stop_motion.plan(studio.films, DAY)
    assert plan.size
    made = [
        stop_motion.make_segment(studio.films, DAY, "0123abcd", each, plan.size, 12)
        for each in plan.segments
    ]
    stop_motion.join(studio.films, DAY, "0123abcd")
    stop_motion.make_gif(studio.films, DAY, "0123abcd", 12)
    frames, skipped = (sum(counts) for counts in zip(*made, strict=True))
    stop_motion.finish(studio.films, DAY, "0123abcd", frames, skipped)
    return frames, skipped


def test_it_is_made_joined_and_told() -> None:
    studio = studio_with(b"one", BROKEN, b"two", b"three")
    assert whole_film(studio) == (3, 1)
    assert studio.store.objects[f"{MADE}.mp4"] == b"mp4 12 1280x720 one two three"
    assert studio.store.objects[f"{MADE}.gif"] == b"gif 12 480 one two three"
    assert studio.house.bus.events == [
        FilmMade(
            "home", "camera", None, "yard", None, f"{MADE}.gif", f"{MADE}.mp4", 3, 1,
            "0123abcd", NOON, NOON + 86_400,
        )
    ]  # fmt: skip


def test_more_pictures_than_a_film_may_have_are_counted_as_they_are_taken() -> None:
    studio = studio_with(*[b"picture"] * (MOST_PICTURES + 1))
    plan = stop_motion.plan(studio.films, DAY)
    assert plan.pictures == MOST_PICTURES // 2 + 1
    assert {each.every for each in plan.segments} == {2}


def test_the_phones_hear_what_is_in_it_and_what_is_not() -> None:
    """Under the name that the camera has, or its id if it is gone by now."""
    studio = studio_with(b"one", BROKEN, b"two")
    phone, foreign = studio.house.connect(ADA), studio.house.connect(FOREIGN_PHONE)
    whole_film(studio)
    studio.house.devices.add(CAMERA._replace(id="yard", name="Back yard"))
    whole_film(studio)
    film = CameraFilm(
        "yard", "yard", "0123abcd", NOON, NOON + 86_400, 2, 1,
        f"https://get/{MADE}.gif?3600", f"https://get/{MADE}.mp4?3600",
    )  # fmt: skip
    assert studio.house.heard(phone) == [film, film._replace(name="Back yard")]
    assert studio.house.heard(foreign) == []


def test_a_long_film_is_made_in_parts_that_are_gone_at_the_end() -> None:
    studio = studio_with(*[b"picture"] * (2 * IN_A_SEGMENT + 1))
    assert whole_film(studio) == (2 * IN_A_SEGMENT + 1, 0)
    assert studio.store.objects[f"{MADE}.mp4"].count(b" + ") == 2
    assert not [name for name in studio.store.objects if "segments" in name]


def test_a_part_without_a_picture_is_left_out() -> None:
    """A night of broken frames costs the film that night."""
    studio = studio_with(b"good", *[BROKEN] * (2 * IN_A_SEGMENT - 1), b"good")
    assert whole_film(studio) == (2, 2 * IN_A_SEGMENT - 1)
    assert studio.store.objects[f"{MADE}.mp4"].count(b" + ") == 1


@pytest.mark.parametrize("pictures", [(), (BROKEN, BROKEN)])
def test_without_a_picture_there_is_nothing_to_plan(pictures: tuple[bytes, ...]) -> None:
    studio = studio_with(*pictures)
    assert stop_motion.plan(studio.films, DAY) == Plan((), None, 0)
    with pytest.raises(NoFilm):
        stop_motion.join(studio.films, DAY, "0123abcd")


def test_giving_up_tells_why_and_tidies_up() -> None:
    studio = studio_with(b"one")
    (segment,) = stop_motion.plan(studio.films, DAY).segments
    stop_motion.make_segment(studio.films, DAY, "0123abcd", segment, Size(1280, 720), 12)
    phone = studio.house.connect(ADA)
    stop_motion.give_up(studio.films, DAY, "0123abcd", "unavailable")
    shown = (NOON, NOON + 86_400)
    assert studio.house.bus.events == [
        FilmFailed("home", None, "yard", "unavailable", "0123abcd", *shown)
    ]
    assert studio.house.heard(phone) == [
        CameraFilmFailed("yard", "yard", "0123abcd", *shown, "unavailable")
    ]
    assert list(studio.store.objects) == [key(NOON)]


def test_each_step_may_be_repeated() -> None:
    studio = studio_with(b"one", b"two")
    plan = stop_motion.plan(studio.films, DAY)
    assert plan == stop_motion.plan(studio.films, DAY)
    for _ in range(2):
        stop_motion.make_segment(studio.films, DAY, "0123abcd", plan.segments[0], plan.size, 12)  # type: ignore[arg-type]
    for _ in range(2):
        stop_motion.join(studio.films, DAY, "0123abcd")
    for _ in range(2):
        stop_motion.finish(studio.films, DAY, "0123abcd", 2, 0)
    assert studio.store.objects[f"{MADE}.mp4"].count(b"mp4") == 1


# --- what is asked for ----------------------------------------------------------------


def test_a_period_is_as_it_is_asked_for() -> None:
    asked = {"home": "home", "camera": "yard", "start": NOON, "end": NOON + 60}
    assert period_asked(asked, NOON + 9999) == Period("home", "yard", NOON, NOON + 60)


def test_the_last_days_end_with_this_minute() -> None:
    """So the film of each day begins where the last one ended, whatever second it starts in."""
    asked = {"home": "home", "camera": "yard", "days": 1}
    minute = NOON // 60 * 60
    for second in (0, 0.4, 59.9):
        period = period_asked(asked, minute + second)
        assert (period.start, period.end) == (minute - 86_400, minute)


@pytest.mark.parametrize(("start", "end"), [(NOON, NOON), (NOON, NOON - 1)])
def test_a_period_that_does_not_last_is_refused(start: float, end: float) -> None:
    with pytest.raises(BadSetting):
        period_asked({"home": "home", "camera": "yard", "start": start, "end": end}, NOON)


@pytest.mark.parametrize("name", ["", "..", "a/b", "Yard"])
def test_a_camera_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(BadName):
        period_asked({"home": "home", "camera": name, "start": 1, "end": 2}, NOON)


@pytest.mark.parametrize(("fps", "given"), [(None, 12), (1, 1), (30, 30), (6.67, 6.67)])
def test_pictures_a_second(fps: float | None, given: float) -> None:
    assert fps_asked({"fps": fps}) == given


@pytest.mark.parametrize("fps", [0.5, 31, -1, float("nan")])
def test_too_many_or_too_few_a_second_are_refused(fps: float) -> None:
    with pytest.raises(BadSetting):
        fps_asked({"fps": fps})
