"""Films that are published: a party's on Mastodon and X; a visitor's only where that was said; and
by default nothing at all.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

from doorbell.protocol import Film, Ring, Ticket
from doorbell.publishing.model import Publication
from operations.forget import forget_home
from operations.log_lines import lines_of
from operations.publications import add_publication, list_publications, new_id, stop_publishing
from tests.filmmaker.drawn import frames, mp4
from tests.mastodon import TOKEN, Mastodon, mastodon
from tests.x_service import KEYS, XService, x_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from demo.device import Device
    from doorbell.publishing.model import Account
    from tests.stories.doorstep import Home

PATIENCE: Final = 30.0
QUIET: Final = 2.0
"""Seconds in which nothing must come, after something else has that came later."""


class World(NamedTuple):
    """Where films may be seen by everybody."""

    mastodon: Mastodon
    x: XService

    @property
    def posts(self) -> int:
        return len(self.mastodon.statuses) + len(self.x.posts)


@pytest.fixture
def world() -> Iterator[World]:
    with mastodon() as server, x_service(time.time) as service:
        yield World(server, service)


def publish(
    home: Home, to: Account, *, camera: str = "", door: str = "", visitors: bool = False
) -> None:
    """As `make publish-to` does."""
    asked = Publication(new_id(), to, camera or None, door or None, visitors)
    add_publication(home.stack.deployed, home.stack.name, home.id, asked)


def party(home: Home, moment: str, numbers: range) -> str:
    """The party camera's burst comes into the bucket; what its film will be called."""
    stem = f"2026/07/01/{moment}-042-3f1d"
    home.stack.aws.client("s3").put_object(
        Bucket=home.stack.bucket,
        Key=f"bursts/{home.id}/gifcam/{stem}.mjpeg",
        Body=b"".join(frames(numbers)),
    )
    return f"films/{home.id}/gifcam/{moment}-042-3f1d.mp4"


def visit(home: Home, door: Device, phone: Device) -> None:
    """Somebody rings, and the film of it is on the phone."""
    door.send(Ring())
    ring = door.hear(Ticket).ring
    home.stack.aws.client("s3").put_object(
        Bucket=home.stack.bucket,
        Key=f"guest/{home.id}/{ring}/burst.mjpeg",
        Body=b"".join(frames(range(4))),
    )
    assert phone.hear(Film, within=PATIENCE).ring == ring


def logged(home: Home) -> str:
    """What the function has written into its log."""
    logs = home.stack.aws.client("logs")
    lines = lines_of(logs, f"/doorbell/{home.stack.name}/publish")
    return "\n".join(line["message"] for line in lines)


def wait_for(happens: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < until, what
        time.sleep(0.1)


def test_a_partys_film_is_on_mastodon_and_on_x_once(
    home: Home, world: World, tmp_path: Path
) -> None:
    """The very film, whole; and an event that comes again publishes nothing again."""
    home.add("camera", "Gifcam")
    publish(home, world.mastodon.to, camera="Gifcam")
    publish(home, world.x.account, camera="Gifcam")
    key = party(home, "201530", range(6))
    wait_for(lambda: world.posts == 2, "it was not published on both")
    ((text, shown),) = world.mastodon.shown
    (on_x,) = world.x.media.values()
    assert text == world.x.posts[0]["text"] == "A moment from the party camera."
    assert (on_x.media_type, world.x.refused) == ("video/mp4", [])
    made = home.stack.aws.client("s3").get_object(Bucket=home.stack.bucket, Key=key)
    assert shown == on_x.content == made["Body"].read()
    file = tmp_path / "film.mp4"
    file.write_bytes(shown)
    assert set(mp4(file).numbers) == set(range(6))
    # The same burst is told by S3 once more; a later one says that this has passed.
    party(home, "201530", range(6))
    party(home, "201630", range(3))
    wait_for(lambda: world.posts == 4, "the next film was not published")
    time.sleep(QUIET)
    assert world.posts == 4
    said = logged(home)
    assert '"job": "publish"' in said
    for secret in (TOKEN, KEYS.consumer_secret, KEYS.token, KEYS.token_secret):
        assert secret not in said


def test_a_visitors_film_is_published_only_if_that_was_said_for_the_door(
    home: Home, door: Device, phone: Device, world: World
) -> None:
    """Not because there is a camera that is published, nor by a record without the word."""
    home.add("camera", "Gifcam")
    publish(home, world.x.account, camera="Gifcam")
    visit(home, door, phone)
    publish(home, world.mastodon.to, door="Front door", visitors=True)
    time.sleep(QUIET)
    assert world.posts == 0
    visit(home, door, phone)
    wait_for(lambda: world.posts == 1, "it was not published")
    ((text, shown),) = world.mastodon.shown
    assert text == "At our door."
    assert shown
    assert world.x.posts == []


def test_nothing_is_published_by_default_nor_after_it_was_stopped(
    home: Home, door: Device, phone: Device, world: World
) -> None:
    at, name = home.stack.deployed, home.stack.name
    home.add("camera", "Gifcam")
    assert list_publications(at, name, home.id) == []
    party(home, "201530", range(3))
    visit(home, door, phone)
    publish(home, world.mastodon.to, camera="Gifcam")
    publish(home, world.x.account, door="Front door", visitors=True)
    assert list_publications(at, name, home.id) == [
        "camera gifcam → mastodon", "door front-door → x (visitors may be seen)",
    ]  # fmt: skip
    assert stop_publishing(at, name, home.id, camera="Gifcam") == [
        "door front-door → x (visitors may be seen)"
    ]
    assert stop_publishing(at, name, home.id) == []
    party(home, "201630", range(3))
    visit(home, door, phone)
    time.sleep(QUIET)
    assert (world.posts, world.x.steps, world.mastodon.asked) == (0, [], [])
    publish(home, world.mastodon.to, camera="Gifcam")
    party(home, "201730", range(3))
    wait_for(lambda: world.posts == 1, "nothing at all is published here")
    forget_home(at, name, home.id, quiet=0.2)
    assert list_publications(at, name, home.id) == []
