"""Which films are published, where, how often; and what happens if one is not taken."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.aws.api.errors import NotReached
from doorbell.errors import FilmNotPublished
from doorbell.events import FilmMade
from doorbell.publishing.model import Limits, Publication
from doorbell.publishing.publish import concerns, publish
from tests.doorbell.publishing.fakes import (
    GIF,
    MP4,
    PARTY,
    RING,
    TOOT,
    FakeFiles,
    World,
    X,
    of_camera,
    of_door,
)
from tests.fakes import BACK_DOOR, CAMERA, DOOR, EVERYBODY, FakeDevices

if TYPE_CHECKING:
    from doorbell.model import Device


def test_nothing_is_published_by_default() -> None:
    world = World()
    assert publish(world.publishing, PARTY) == publish(world.publishing, RING) == 0
    assert (world.accounts.posts, world.published.claims) == ([], set())


def test_a_partys_film_goes_to_every_account_that_was_named_for_its_camera() -> None:
    world = World()
    world.say(of_camera(TOOT), of_camera(X, text="Our feast.")._replace(id="3"))
    assert publish(world.publishing, PARTY) == 2
    assert sorted(world.accounts.posts, key=str) == sorted(
        [
            (TOOT, "A moment from the party camera.", "video/mp4", b"an mp4"),
            (X, "Our feast.", "video/mp4", b"an mp4"),
        ],
        key=str,
    )


def test_another_camera_another_door_and_another_home_publish_nothing() -> None:
    world = World()
    world.say(of_camera()._replace(camera="yard"), of_door()._replace(door=BACK_DOOR.id))
    world.say(of_camera(), of_door(), home="away")
    assert publish(world.publishing, PARTY) == publish(world.publishing, RING) == 0


def test_a_ring_is_published_only_with_the_word_for_its_door() -> None:
    """A publication without it, made by hand, publishes nothing; nor does one of all cameras."""
    world = World()
    world.say(of_door(visitors=False), of_camera(visitors=True))
    assert publish(world.publishing, RING) == 0
    world.say(of_door())
    assert publish(world.publishing, RING) == 1
    assert world.accounts.posts[0][1] == "At our door."


def test_a_camera_that_rings_at_a_door_sees_visitors_too() -> None:
    """Also one that was given its door after somebody had its films published."""
    world = World()
    world.devices.known["home", CAMERA.id] = CAMERA._replace(door=DOOR.id)
    world.say(of_camera())
    assert publish(world.publishing, PARTY) == 0
    world.say(of_camera(visitors=True))
    assert publish(world.publishing, PARTY) == 1


def test_a_device_that_was_revoked_publishes_nothing() -> None:
    world = World()
    world.devices.remove("home", CAMERA.id)
    world.say(of_camera())
    assert publish(world.publishing, PARTY) == 0


devices = st.sampled_from([*(each.id for each in EVERYBODY), "nobody"])


@given(
    st.builds(
        Publication, st.just("1"), st.just(TOOT), camera=st.none() | devices,
        door=st.none() | devices, visitors=st.booleans(),
    ),
    st.sampled_from(["ring", "party", "camera"]),
    st.none() | devices,
    st.none() | devices,
    st.booleans(),
)  # fmt: skip
def test_whatever_is_said_no_visitor_is_published_without_the_word_for_that_door(
    publication: Publication, kind: Any, camera: str | None, door: str | None, rings: bool
) -> None:
    known = FakeDevices()
    for device in EVERYBODY:
        known.add(_ringing(device) if rings else device)
    film = FilmMade("home", kind, "ring-1", camera, door, GIF, MP4, 8, 0)
    if concerns(publication, film, known):
        source = door if kind == "ring" else camera
        assert source in (publication.door, publication.camera)
        assert publication.visitors or (kind != "ring" and not rings)


def _ringing(device: Device) -> Device:
    return device._replace(door=DOOR.id) if device.role == "camera" else device


def test_an_event_that_comes_twice_publishes_once() -> None:
    world = World()
    world.say(of_camera())
    assert [publish(world.publishing, PARTY) for _ in range(3)] == [1, 0, 0]
    assert len(world.accounts.posts) == 1


def test_a_film_that_was_not_taken_is_told_once_and_never_tried_again() -> None:
    """The post may stand there although nobody said so; the other account has its own."""
    world = World()
    world.say(of_camera(X), of_camera()._replace(id="3"))
    world.accounts.refusals[X] = "unclear"
    with pytest.raises(FilmNotPublished, match="unclear"):
        publish(world.publishing, PARTY)
    assert [post[0] for post in world.accounts.posts] == [TOOT]
    assert publish(world.publishing, PARTY) == 0
    assert len(world.accounts.posts) == 1


def test_what_fails_before_anything_is_sent_may_be_tried_again() -> None:
    world = World()
    world.say(of_camera())
    world.files.broken = NotReached("S3")
    with pytest.raises(NotReached):
        publish(world.publishing, PARTY)
    world.files.broken = None
    assert publish(world.publishing, PARTY) == 1


@pytest.mark.parametrize(
    ("taken", "sent"),
    [
        (Limits(6, 3), ("video/mp4", b"an mp4")),
        (Limits(5, 3), ("image/gif", b"gif")),
        (Limits(0, 3), ("image/gif", b"gif")),
    ],
)
def test_the_mp4_goes_where_it_is_taken_and_else_the_gif(
    taken: Limits, sent: tuple[str, bytes]
) -> None:
    world = World()
    world.accounts.taken = taken
    world.say(of_camera())
    assert publish(world.publishing, PARTY) == 1
    assert world.accounts.posts[0][2:] == sent


@pytest.mark.parametrize("taken", [Limits(5, 2), Limits(0, 2), Limits(0, 0)])
def test_a_film_that_is_too_large_in_both_forms_says_so_once(taken: Limits) -> None:
    world = World()
    world.accounts.taken = taken
    world.say(of_camera())
    with pytest.raises(FilmNotPublished, match="too_large"):
        publish(world.publishing, PARTY)
    assert publish(world.publishing, PARTY) == 0


def test_a_film_that_is_gone_and_an_address_of_nothing_have_names() -> None:
    world = World(files=FakeFiles({}))
    world.say(of_camera())
    with pytest.raises(FilmNotPublished, match="gone"):
        publish(world.publishing, PARTY)
    world = World()
    world.accounts.unknown.add(TOOT)
    world.say(of_camera())
    with pytest.raises(FilmNotPublished, match="bad_address"):
        publish(world.publishing, PARTY)


def test_the_log_says_which_service_and_why_and_nothing_secret(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = World()
    world.say(of_camera())
    world.accounts.refusals[TOOT] = "not_taken"
    with pytest.raises(FilmNotPublished):
        publish(world.publishing, PARTY)
    assert caplog.messages == ["a film was not published: mastodons, not_taken"]
    assert caplog.records[0].levelno == logging.WARNING
