"""Publish: what the bus says is published where that was said, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from functions.publish import entry
from functions.shared.run import JobFailed
from tests.docs.test_events import put_on_the_bus
from tests.doorbell.publishing.fakes import PARTY, RING, TOOT, World, of_camera, of_door

if TYPE_CHECKING:
    from doorbell.events import FilmMade


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """What this environment works with."""
    made = World()
    monkeypatch.setattr(entry, "publishing", lambda: made.publishing)
    return made


def tell(event: FilmMade) -> None:
    """As EventBridge calls the function."""
    name, detail = put_on_the_bus(event)
    entry.handler({"source": "doorbell", "detail-type": name, "detail": detail}, None)


def test_each_kind_of_film_is_read_from_the_bus(world: World) -> None:
    """What is empty is left out there."""
    world.say(of_camera(), of_door())
    for film in (PARTY, RING, PARTY._replace(film="camera", mp4="films/home/camera/film.gif")):
        tell(film)
    assert [text for _, text, *_ in world.accounts.posts] == [
        "A moment from the party camera.", "At our door.", "What our camera saw.",
    ]  # fmt: skip


def test_one_that_fails_is_an_error_once_so_that_the_alarm_tells(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lambda calls again; then there is nothing to do, and nothing comes into the queue Lost."""
    world.say(of_camera())
    world.accounts.refusals[TOOT] = "unauthorized"
    with pytest.raises(JobFailed, match="FilmNotPublished"):
        tell(PARTY)
    tell(PARTY)
    assert world.accounts.posts == []
    assert "token" not in capsys.readouterr().out
