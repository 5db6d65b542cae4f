"""A film goes to X in parts and stands beside one post, or beside none; X here is on loopback."""

from __future__ import annotations

import logging
import secrets
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorbell.errors import FilmNotPublished
from doorbell.publishing.model import FilmFile
from doorbell.x import upload
from doorbell.x.posts import AT_MOST, XPosts
from tests.fakes import NOON, Clock
from tests.loopback import HANG_UP, Said
from tests.x_service import KEYS, XService, x_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorbell.publishing.model import MediaType, XAccount

UPLOAD = ["initialize", "append", "finalize"]


class Poster:
    """Posts to an X of its own; time passes only while somebody waits."""

    def __init__(self, service: XService, clock: Clock, folder: Path) -> None:
        self.service = service
        self.clock = clock
        self._folder = folder
        self._posts = XPosts(clock, clock.sleep, lambda: secrets.token_hex(8))

    def post(
        self,
        content: bytes = b"film",
        media_type: MediaType = "video/mp4",
        to: XAccount | None = None,
    ) -> None:
        file = self._folder / "film"
        file.write_bytes(content)
        film = FilmFile(file, media_type, len(content))
        self._posts.post(to or self.service.account, "A film.", film)

    def refused(self, **given: object) -> str:
        """Why it was not published."""
        with pytest.raises(FilmNotPublished) as caught:
            self.post(**given)  # type: ignore[arg-type]
        assert caught.value.__cause__ is None, "the text of another error may quote keys"
        return caught.value.reason


@pytest.fixture
def x(tmp_path: Path) -> Iterator[Poster]:
    clock = Clock()
    with x_service(clock) as service:
        yield Poster(service, clock, tmp_path)


@pytest.mark.parametrize(
    ("media_type", "category"), [("video/mp4", "tweet_video"), ("image/gif", "tweet_gif")]
)
def test_a_film_stands_beside_a_post(x: Poster, media_type: MediaType, category: str) -> None:
    """Announced, sent in parts of at most 4 MB, ended, awaited, posted: each step signed."""
    content = secrets.token_bytes(9_000_000)
    x.post(content, media_type)
    assert x.service.refused == []
    assert x.service.steps == [
        "initialize", "append", "append", "append", "finalize", "status", "status", "tweet",
    ]  # fmt: skip
    ((media, kept),) = x.service.media.items()
    assert (kept.media_type, kept.category, kept.total) == (media_type, category, len(content))
    assert [len(part) for part in kept.parts] == [4 << 20, 4 << 20, 9_000_000 - (8 << 20)]
    assert kept.content == content
    assert x.service.posts == [{"text": "A film.", "media": {"media_ids": [media]}}]


@settings(max_examples=15)
@given(st.binary(min_size=1, max_size=60), st.integers(8, 40))
def test_whatever_the_film_is_it_arrives_byte_for_byte(content: bytes, part: int) -> None:
    """Boundaries, line ends and zeros inside of it change nothing."""
    clock, content = Clock(), content + b"\r\n--" + content
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(upload, "PART", part),
        x_service(clock) as service,
    ):
        Poster(service, clock, Path(folder)).post(content)
        assert [kept.content for kept in service.media.values()] == [content]
        assert len(service.posts) == 1


def test_x_says_when_to_look_again_and_is_believed(x: Poster) -> None:
    x.service.check_after = 17
    x.post()
    assert x.clock.slept == 2 * 17


def test_a_film_that_needs_no_work_is_posted_at_once(x: Poster) -> None:
    x.service.states = ["succeeded"]
    x.post()
    assert x.service.steps == [*UPLOAD, "tweet"]
    assert x.clock.slept == 0


@pytest.mark.parametrize("step", [*UPLOAD, "status"])
@pytest.mark.parametrize("trouble", [HANG_UP, Said(500), Said(503), Said(429)])
def test_what_passes_by_itself_is_waited_for_before_the_post(
    x: Poster, step: str, trouble: Said
) -> None:
    """Nobody sees an upload yet, so it may be asked for again."""
    x.service.answers[step] = [trouble, trouble]
    x.post()
    assert len(x.service.posts) == 1
    assert x.service.steps.count("tweet") == 1


@pytest.mark.parametrize("step", [*UPLOAD, "status"])
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Said(401), "unauthorized"),
        (Said(403), "forbidden"),
        (Said(413), "too_large"),
        (Said(400, b'{"title": "secret"}'), "refused"),
        (Said(300), "refused"),
        (Said(302, b"", {"Location": "http://127.0.0.1:1/"}), "refused"),
    ],
)
def test_a_refusal_of_the_upload_has_a_name_and_posts_nothing(
    x: Poster, step: str, answer: Said, reason: str
) -> None:
    x.service.answers[step] = [answer]
    assert x.refused() == reason
    assert "tweet" not in x.service.steps


@pytest.mark.parametrize("step", [*UPLOAD, "status"])
@pytest.mark.parametrize(
    ("answer", "reason"),
    [(HANG_UP, "unreachable"), (Said(503), "unreachable"), (Said(429), "rate_limited")],
)
def test_an_x_that_never_takes_the_upload_is_given_up(
    x: Poster, step: str, answer: Said, reason: str
) -> None:
    """Within the time there is, with longer and longer pauses."""
    x.service.answers[step] = [answer] * 200
    assert x.refused() == reason
    assert x.clock() - NOON <= AT_MOST
    assert x.service.steps.count(step) < 40
    assert x.service.posts == []


def test_a_limit_that_ends_soon_is_waited_for_and_one_of_a_day_is_not(x: Poster) -> None:
    soon, tomorrow = (
        Said(429, b"", {"x-rate-limit-reset": str(int(NOON + seconds))}) for seconds in (90, 86_400)
    )
    x.service.answers["initialize"] = [soon]
    x.post()
    assert x.clock() >= NOON + 90
    x.service.answers["initialize"] = [tomorrow]
    waited = x.clock.slept
    assert x.refused() == "rate_limited"
    assert x.clock.slept == waited


@pytest.mark.parametrize("states", [["failed"], ["pending", "failed"]])
def test_a_film_that_x_cannot_work_over_is_not_posted(x: Poster, states: list[str]) -> None:
    x.service.states = states
    assert x.refused() == "not_processed"
    assert x.service.posts == []


def test_work_that_never_ends_is_not_awaited_for_ever(x: Poster) -> None:
    x.service.states, x.service.check_after = ["in_progress"], 30
    assert x.refused() == "not_processed"
    assert x.clock() - NOON <= AT_MOST


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (HANG_UP, "unclear"),
        (Said(500), "unclear"),
        (Said(401), "unauthorized"),
        (Said(403), "forbidden"),
        (Said(429), "rate_limited"),
        (Said(400), "refused"),
    ],
)
def test_the_post_itself_is_asked_for_once_whatever_is_said(
    x: Poster, answer: Said, reason: str
) -> None:
    """It may stand there although nobody said so: a second try could be a second post."""
    x.service.answers["tweet"] = [answer]
    assert x.refused() == reason
    assert x.service.steps.count("tweet") == 1


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"data": 1}',
        b'{"data": {"id": 5}}',
        b'{"data": {"id": "../x"}}',
    ],
)
def test_an_answer_that_is_no_media_is_refused(x: Poster, said: bytes) -> None:
    """What X says becomes part of the next paths."""
    x.service.answers["initialize"] = [Said(200, said)]
    assert x.refused() == "refused"
    assert x.service.steps == ["initialize"]


@pytest.mark.parametrize("wrong", ["consumer_key", "consumer_secret", "token", "token_secret"])
def test_each_of_the_four_keys_counts(x: Poster, wrong: str) -> None:
    to = x.service.account._replace(**{wrong: "wrong"})
    assert x.refused(to=to) == "unauthorized"
    assert x.service.steps == ["initialize"]


def test_no_request_is_signed_like_another(x: Poster) -> None:
    """One that was seen on the wire serves nobody again: X refuses a nonce that it knows."""
    x.post()
    x.post()
    assert x.service.refused == []


def test_no_key_reaches_the_log(x: Poster, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    x.service.answers["append"] = [HANG_UP, Said(500)]
    x.post()
    for secret in (KEYS.consumer_secret, KEYS.token_secret):
        assert secret not in caplog.text


def test_a_film_that_x_cannot_use_stands_beside_no_post(x: Poster) -> None:
    """It is not looked at again: X has said so."""
    x.service.states = ["pending", "failed"]
    assert x.refused() == "not_processed"
    assert x.service.posts == []
    assert x.clock.slept == 1


def test_x_is_asked_again_when_it_says_that_it_will_answer(x: Poster) -> None:
    resets = Said(429, headers={"x-rate-limit-reset": f"{NOON + 60:.0f}"})
    x.service.answers["initialize"] = [resets]
    x.service.states = ["succeeded"]
    x.post()
    assert x.clock.slept == 60


@pytest.mark.parametrize("step", ["initialize", "tweet"])
def test_a_redirection_is_neither_followed_nor_a_success(x: Poster, step: str) -> None:
    """Keys go to X alone."""
    x.service.answers[step] = [Said(300, headers={"Location": "http://127.0.0.1:1/"})]
    assert x.refused() == "refused"
    assert x.service.posts == []
