"""Household: what the bus tells is written into the history and into what the phones see."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from doorbell import events
from doorbell.events import DoorOffline
from doorbell.household.model import CameraFilm, LastPicture, Visit
from doorbell.model import OpenOrder
from functions.household import entry
from functions.shared.run import JobFailed
from tests.docs.test_events import put_on_the_bus
from tests.fakes import ADA, DOOR, NOON, a_ring, keep_ring

if TYPE_CHECKING:
    from tests.household_fakes import FakeHousehold


def tell(event: events.Event) -> None:
    """As EventBridge calls the function."""
    name, detail = put_on_the_bus(event)
    told = {"source": "doorbell", "detail-type": name, "time": "2023-11-14T22:13:20Z"}
    entry.handler({**told, "detail": detail}, None)


def look() -> None:
    """As the rule calls it that comes every few minutes."""
    entry.handler({"do": "look_at_doors"}, None)


def visits(made: FakeHousehold) -> list[Visit]:
    return list(made.visits.kept.values())


def test_a_stranger_s_ring_from_the_press_to_the_answer(made: FakeHousehold) -> None:
    ring = keep_ring(made.made)
    tell(events.RingPressed("home", DOOR.id, ring.id, "new"))
    assert visits(made) == [Visit("home", ring.id, NOON, DOOR.id, DOOR.name)]
    made.made.rings.ask(ring, "stranger", NOON + 60, "token")
    tell(events.RingDecided("home", DOOR.id, ring.id, "stranger"))
    assert (visits(made)[0].decision, visits(made)[0].outcome) == ("stranger", "asked")
    made.clock.now += 9
    tell(events.RingEnded("home", DOOR.id, ring.id, "declined", "Ada"))
    (visit,) = visits(made)
    assert (visit.outcome, visit.by, visit.ended_at) == ("declined", "Ada", NOON + 9)


def test_a_resident_s_ring_whose_decision_comes_before_the_phone_s_word(
    made: FakeHousehold,
) -> None:
    ring = keep_ring(made.made, a_ring()._replace(code_for="Ada"))
    tell(events.RingDecided("home", DOOR.id, ring.id, "resident"))
    (visit,) = visits(made)
    assert (visit.decision, visit.resident, visit.outcome) == ("resident", "Ada", "code")
    tell(events.DoorOpened("home", DOOR.id, ring.id, "code", "order"))
    (visit,) = visits(made)
    assert (visit.outcome, visit.by) == ("opened", "code")


def test_a_film_of_a_ring(made: FakeHousehold) -> None:
    ring = keep_ring(made.made)
    tell(events.FilmMade("home", "ring", ring.id, None, DOOR.id, "a.gif", "a.mp4", 8, 0))
    assert [(visit.film, visit.flat) for visit in visits(made)] == [(True, None)]


def test_a_film_that_shows_something_flat(made: FakeHousehold) -> None:
    ring = keep_ring(made.made)
    film = events.FilmMade("home", "ring", ring.id, None, DOOR.id, "a.gif", "a.mp4", 8, 0)
    tell(film._replace(flat=True))
    assert [visit.flat for visit in visits(made)] == [True]


def test_a_film_of_a_camera_or_why_there_is_none(made: FakeHousehold) -> None:
    """A ring's film that failed is no news: the ring is in the history."""
    shown = ("a", NOON - 60, NOON)
    tell(events.FilmMade("home", "camera", None, "camera", None, "a.gif", "a.mp4", 8, 2, *shown))
    tell(events.FilmFailed("home", None, "camera", "no_pictures", "b", NOON, NOON))
    tell(events.FilmFailed("home", "ring", None, "no_pictures"))
    films, _ = made.camera_films.before("home", "camera", None, 9)
    assert films == [
        CameraFilm("home", "camera", "b", NOON, NOON, NOON, reason="no_pictures"),
        CameraFilm("home", "camera", "a", NOON - 60, NOON, NOON, "a.gif", "a.mp4", 8, 2),
    ]
    assert visits(made) == []


def test_a_camera_s_last_picture(made: FakeHousehold) -> None:
    """Its moment is that of its key: a camera's own clock may be wrong."""
    key = "pictures/home/camera/2023/11/14/221310-000-picture.jpeg"
    tell(events.PictureReceived("home", "camera", key, NOON + 999, "picture"))
    assert made.last_pictures.of_home("home") == {
        "camera": LastPicture("home", "camera", key, NOON - 10)
    }


@pytest.mark.parametrize("outcome", ["missed", "not_opened"])
def test_an_end_that_nobody_brought_about(made: FakeHousehold, outcome: Any) -> None:
    ring = keep_ring(made.made)
    tell(events.RingEnded("home", DOOR.id, ring.id, outcome))
    (visit,) = visits(made)
    assert (visit.outcome, visit.by) == (outcome, None)


def test_a_guest_comes_in_without_a_ring(made: FakeHousehold) -> None:
    order = OpenOrder("order", "home", DOOR.id, None, "Plumber", NOON + 15, NOON + 2, "guest", "g")
    made.made.opens.add(order)
    for _ in range(2):
        tell(events.DoorOpened("home", DOOR.id, None, "Plumber", "order"))
    (visit,) = visits(made)
    assert (visit.decision, visit.resident, visit.outcome) == ("guest", "Plumber", "opened")


def test_devices_come_and_go_and_a_door_that_stays_away_is_told(made: FakeHousehold) -> None:
    tell(events.DeviceConnected("home", DOOR.id, "door"))
    made.clock.now += 60
    tell(events.DeviceDisconnected("home", DOOR.id, "door"))
    assert made.presences.of_home("home")[DOOR.id].seen_at == NOON + 60
    made.clock.now += 600
    look()
    tell(events.DeviceConnected("home", DOOR.id, "door"))
    assert made.made.bus.events == [
        DoorOffline("home", DOOR.id, NOON + 60),
        events.DoorOnline("home", DOOR.id, NOON + 60),
    ]


def test_an_event_about_what_is_gone_is_no_fault(made: FakeHousehold) -> None:
    """Events are tried for a day; a ring lives two, a device until it is revoked."""
    for event in (
        events.RingPressed("home", DOOR.id, "gone", "new"),
        events.RingEnded("home", DOOR.id, "gone", "missed"),
        events.DoorOpened("home", DOOR.id, None, "Plumber", "gone"),
        events.DeviceDisconnected("home", "gone", "phone"),
    ):
        tell(event)
    look()
    assert visits(made) == []
    assert made.presences.of_home("home") == {}


@pytest.mark.usefixtures("made")
def test_an_event_that_is_none_of_its_own_fails_and_is_tried_again() -> None:
    opened = {"home": "home", "door": "front", "open": "order"}
    with pytest.raises(JobFailed, match="OpenSent: KeyError"):
        entry.handler({"detail-type": "OpenSent", "detail": opened}, None)


def test_a_job_leaves_a_line_that_says_whose_and_never_who(
    made: FakeHousehold, capsys: pytest.CaptureFixture[str]
) -> None:
    ring = keep_ring(made.made)
    tell(events.RingEnded("home", DOOR.id, ring.id, "declined", "Zebra"))
    tell(events.DeviceConnected("home", ADA.id, "phone"))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [line for line in lines if "job" in line]
    assert [(line["job"], line["home"]) for line in told] == [
        ("RingEnded", "home"), ("DeviceConnected", "home")
    ]  # fmt: skip
    assert (told[0]["ring"], told[1]["device"]) == (ring.id, ADA.id)
    assert "Zebra" not in str(lines)


def test_every_event_that_the_template_sends_it_has_a_job() -> None:
    """And no job waits for one that is never sent."""
    from tests.template.sources import template

    rules = template()["Resources"]["Household"]["Properties"]["Events"].values()
    patterns = [rule["Properties"]["Pattern"] for rule in rules if "Pattern" in rule["Properties"]]
    inputs = [json.loads(r["Properties"]["Input"]) for r in rules if "Input" in r["Properties"]]
    sent = {each for pattern in patterns for each in pattern["detail-type"]}
    assert set(entry.JOBS) == sent | {each["do"] for each in inputs}
