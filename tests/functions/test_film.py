"""Film: what S3 and the state machine ask for, and that nothing else is taken for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from doorbell.events import FilmFailed, FilmMade
from doorbell.films.names import film_id
from functions.film import entry
from functions.shared.run import JobFailed
from tests.doorbell.films.fakes import Studio
from tests.doorbell.films.test_bursts import ONE, RING
from tests.doorbell.films.test_plan import key
from tests.fakes import keep_ring

if TYPE_CHECKING:
    from collections.abc import Callable

NOON = 1_700_000_000.0
FILM: dict[str, Any] = {
    "home": "home", "camera": "yard", "execution": "of-it",
    "start": NOON, "end": NOON + 60, "fps": 12.0,
}  # fmt: skip
ASKED: dict[str, Any] = {"home": "home", "camera": "yard", "start": NOON, "end": NOON + 60}
AT = "2023-11-14T22:14:20.500Z"
"""When the machine was started: a minute after NOON."""


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> Studio:
    """What this environment works with."""
    made = Studio()
    keep_ring(made.house)
    monkeypatch.setattr(entry, "films", lambda: made.films)
    return made


def stopped(asked: dict[str, Any]) -> None:
    """As EventBridge calls it when an execution is aborted."""
    detail = {
        "executionArn": f"arn:aws:states:eu-west-1:1:execution:film:{FILM['execution']}",
        "status": "ABORTED", "input": json.dumps(asked),
        "startDate": round((NOON + 60.5) * 1000),
    }  # fmt: skip
    entry.handler({"source": "aws.states", "detail": detail}, None)


def do(name: str, **more: Any) -> Any:
    """As Lambda calls the function."""
    return entry.handler({"do": name, **FILM, **more}, None)


def test_a_burst_is_filmed(studio: Studio) -> None:
    studio.store.objects[RING] = ONE
    entry.handler({"do": "film_burst", "key": RING, "size": len(ONE)}, None)
    (made,) = studio.house.bus.events
    assert isinstance(made, FilmMade)


@pytest.mark.parametrize("other", ["guest/home/ring-1/more/burst.mjpeg", "bursts/home/x.mjpeg"])
def test_what_the_rules_wildcard_lets_pass_besides_is_left_alone(
    studio: Studio, other: str
) -> None:
    studio.store.objects[other] = ONE
    entry.handler({"do": "film_burst", "key": other, "size": len(ONE)}, None)
    assert studio.house.bus.events == []
    assert set(studio.store.objects) == {other}


def test_a_film_is_planned_made_joined_and_told(studio: Studio) -> None:
    """Each step is given what the one before has answered, as JSON can hold it."""
    studio.store.objects = {key(NOON + n): b"picture" for n in range(3)}
    plan = do("plan", asked=ASKED, at=AT)
    assert {name: plan[name] for name in ("start", "end", "fps", "pictures", "size")} == {
        "start": NOON, "end": NOON + 60, "fps": 12.0, "pictures": 3, "size": [1280, 720],
    }  # fmt: skip
    (segment,) = plan["segments"]
    made = do("make_segment", segment=segment, size=plan["size"])
    assert made == {"frames": 3, "skipped": 0}
    assert do("join") is None
    assert do("make_gif") is None
    place = "films/home/yard/20231114T221320Z-20231114T221420Z-"
    finished = do("finish", **made)
    assert finished["mp4"].startswith(place)
    assert {finished["mp4"], finished["gif"]} <= set(studio.store.objects)
    assert not [name for name in studio.store.objects if "segments" in name]


def test_days_are_counted_from_when_the_machine_was_started(studio: Studio) -> None:
    plan = do("plan", asked={"home": "home", "camera": "yard", "days": 7}, at=AT)
    assert (plan["start"], plan["end"]) == (NOON + 40 - 7 * 86_400, NOON + 40)
    assert plan["segments"] == plan["size"] == []


def test_giving_up_is_told(studio: Studio) -> None:
    given = {"asked": ASKED, "at": AT, "reason": "no_pictures"}
    assert do("give_up", **given) == {"reason": "no_pictures"}
    assert studio.house.bus.events == [
        FilmFailed("home", None, "yard", "no_pictures", film_id("of-it"), NOON, NOON + 60)
    ]


def test_nobody_is_told_of_a_film_that_no_camera_can_have(studio: Studio) -> None:
    given = {"asked": ASKED | {"camera": "../x"}, "at": AT, "reason": "unavailable"}
    assert do("give_up", **given) == {"reason": "unavailable"}
    stopped(ASKED | {"end": 0})
    assert studio.house.bus.events == []


@pytest.mark.parametrize(
    ("asked", "end"), [({"start": NOON, "end": NOON + 60}, NOON + 60), ({"days": 1}, NOON + 40)]
)
def test_an_execution_that_was_stopped_is_told_as_the_film_that_it_was(
    studio: Studio, asked: dict[str, float], end: float
) -> None:
    """The same id and the same period as giving up would have said."""
    stopped({"home": "home", "camera": "yard"} | asked)
    do("give_up", asked={"home": "home", "camera": "yard"} | asked, at=AT, reason="unavailable")
    first, second = studio.house.bus.events
    assert isinstance(first, FilmFailed)
    assert first == second
    assert (first.id, first.end) == (film_id("of-it"), end)


@pytest.mark.parametrize(
    "fail",
    [
        lambda: do("join"),
        lambda: do("plan", asked={"home": "home", "camera": "../x", "days": 1}, at=AT),
        lambda: do("make_segment", segment={}, size=[]),
    ],
)
def test_a_job_that_fails_says_so_to_the_machine_and_nothing_of_its_data(
    studio: Studio, fail: Callable[[], Any]
) -> None:
    with pytest.raises(JobFailed) as failed:
        fail()
    assert "yard" not in str(failed.value)


def test_a_job_that_is_not_known_is_refused(studio: Studio) -> None:
    with pytest.raises(JobFailed):
        do("publish")
