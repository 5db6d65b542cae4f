"""What Apprise is handed: a film or a photo that arrives as it is, once; no word of addresses."""

from __future__ import annotations

import base64
import json
import logging
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from doorbell.errors import FilmNotPublished, NotDelivered
from doorbell.messengers import apprise_posts
from doorbell.messengers.apprise_messengers import AppriseMessengers
from doorbell.messengers.apprise_posts import LIMITS, ApprisePosts
from doorbell.messengers.apprise_services import attachment, send, service_of
from doorbell.publishing.model import AppriseAddress, FilmFile, Limits
from doorbell.push.model import Messenger
from tests.loopback import HANG_UP, Got, Said, serving
from tests.mastodon import TOKEN, Mastodon, mastodon

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from doorbell.publishing.model import MediaType

MEDIA, STATUSES = "/api/v1/media", "/api/v1/statuses"


@pytest.fixture
def server() -> Iterator[Mastodon]:
    with mastodon() as running:
        yield running


def film(folder: Path, content: bytes = b"\x00\r\nfilm", kind: MediaType = "video/mp4") -> FilmFile:
    file = folder / f"film.{kind[-3:]}"
    file.write_bytes(content)
    return FilmFile(file, kind, len(content))


@pytest.mark.parametrize("kind", ["video/mp4", "image/gif"])
def test_a_film_stands_beside_a_status(server: Mastodon, tmp_path: Path, kind: MediaType) -> None:
    ApprisePosts().post(server.to, "A film.", film(tmp_path, kind=kind))
    assert server.shown == [("A film.", b"\x00\r\nfilm")]


@pytest.mark.parametrize("path", [MEDIA, STATUSES])
@pytest.mark.parametrize("trouble", [Said(500), Said(429), Said(422), HANG_UP])
@pytest.mark.parametrize("asked", ["", "?retry=3&wait=0"])
def test_what_fails_is_not_tried_again(
    server: Mastodon, tmp_path: Path, path: str, trouble: Said, asked: str
) -> None:
    """Whatever the address says: the status may stand there although the answer was lost."""
    server.answers[path] = [trouble]
    to = AppriseAddress(server.to.url + asked)
    with pytest.raises(FilmNotPublished, match="not_taken"):
        ApprisePosts().post(to, "A film.", film(tmp_path))
    assert server.asked.count(path) == 1
    assert server.statuses == []


def test_a_server_may_take_its_time_over_a_film(
    server: Mastodon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than Apprise would wait by itself."""
    monkeypatch.setattr("apprise.url.URLBase.socket_read_timeout", 0.1)
    server.hang = 0.4
    ApprisePosts().post(server.to, "A film.", film(tmp_path))
    assert len(server.statuses) == 1


def test_a_film_has_its_time_for_each_answer_too(
    server: Mastodon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gives up the whole message leaves Apprise's thread behind: this bound ends it."""
    waits: list[object] = []

    def note(service: Any, **_: object) -> None:
        waits.append(service.socket_read_timeout)

    monkeypatch.setattr(apprise_posts, "send", note)
    ApprisePosts().post(server.to, "A film.", film(tmp_path))
    assert waits == [apprise_posts.READ_SECONDS]
    assert apprise_posts.READ_SECONDS < apprise_posts.SECONDS


def test_a_film_without_its_place_beside_a_status_is_no_post(
    server: Mastodon, tmp_path: Path
) -> None:
    """The media were refused: then no status of words alone says that there is a film."""
    server.answers[MEDIA] = [Said(401)]
    with pytest.raises(FilmNotPublished):
        ApprisePosts().post(server.to, "A film.", film(tmp_path))
    assert STATUSES not in server.asked


@pytest.mark.parametrize(
    ("url", "limits"),
    [
        ("mastodons://token@example.org", LIMITS["mastodon"]),
        ("toots://token@example.org", LIMITS["mastodon"]),
        ("ntfys://topic", LIMITS["ntfy"]),
        ("https://discord.com/api/webhooks/123/abc", LIMITS["discord"]),
        ("bsky://user:password@us.bsky.social", Limits(0, 8_000_000)),
    ],
)
def test_what_a_service_takes_is_known_by_its_address(url: str, limits: Limits) -> None:
    """Films where films are taken; a GIF wherever pictures are."""
    assert ApprisePosts().limits(AppriseAddress(url)) == limits


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nothing://x", "bad_address"),
        ("x", "bad_address"),
        ("gotify://host/token", "takes_no_film"),
        ("twitter://a/b/c/d", "takes_no_film"),
    ],
)
def test_an_address_that_can_show_no_film_has_a_name(url: str, reason: str) -> None:
    with pytest.raises(FilmNotPublished, match=reason):
        ApprisePosts().limits(AppriseAddress(url))


def test_a_messenger_that_opens_files_by_their_path_gets_the_photo(server: Mastodon) -> None:
    """Telegram, Matrix and Mastodon do; what is in memory alone they do not find."""
    AppriseMessengers().send(Messenger(server.to.url), "Someone", "Nobody we know.", b"photo")
    ((text, photo),) = server.shown
    assert photo == b"photo"
    assert "Nobody we know." in text


@contextmanager
def webhook() -> Iterator[tuple[Messenger, list[Any]]]:
    """A service that takes JSON: its address, and what it was sent."""
    got: list[Any] = []

    def answer(each: Got) -> Said:
        got.append(json.loads(each.body))
        return Said()

    with serving(answer) as origin:
        yield Messenger(origin.replace("http", "json")), got


def test_a_messenger_without_a_photo_gets_the_words() -> None:
    """A message has words, and a title above them if there are more than the title's."""
    with webhook() as (to, got):
        AppriseMessengers().send(to, "Someone is at the door", "", None)
        AppriseMessengers().send(to, "Someone is at the door", "Nobody we know.", None)
    told = [(each["title"], each["message"], each["attachments"]) for each in got]
    assert told == [
        ("", "Someone is at the door", []),
        ("Someone is at the door", "Nobody we know.", []),
    ]


def test_a_photo_goes_along_by_name_and_kind_and_stays_on_no_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with webhook() as (to, got):
        AppriseMessengers().send(to, "Someone", "Nobody we know.", b"photo")
    ((photo,),) = (each["attachments"] for each in got)
    assert (photo["filename"], photo["mimetype"]) == ("photo.jpeg", "image/jpeg")
    assert base64.b64decode(photo["base64"]) == b"photo"
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_shown_by_its_own_name_and_the_kind_that_it_is(tmp_path: Path) -> None:
    """Whatever its ending says."""
    attached = attachment(film(tmp_path, kind="image/gif").path, "video/mp4")
    assert (attached.name, attached.mimetype) == ("film.gif", "video/mp4")


def test_a_service_that_hangs_is_left_in_its_time() -> None:
    over = threading.Event()

    def hang(_: Got) -> Said:
        over.wait(30)
        return Said()

    with serving(hang) as origin:
        service = service_of(origin.replace("http", "json"), 0.3)
        service.socket_read_timeout = 60
        began = time.monotonic()
        with pytest.raises(NotDelivered, match="did not take"):
            send(service, title="", text="words")
        assert time.monotonic() - began < 15
        over.set()


def test_a_service_has_the_time_that_it_is_given_and_keeps_nothing_on_a_disk() -> None:
    """By itself Apprise gives a minute, which is less than a film takes."""
    service = service_of("json://127.0.0.1/", 180)
    assert service.asset._service_timeout == 180
    assert service.asset.storage_mode == "memory"


def test_apprise_s_own_lines_reach_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """They quote addresses, which hold passwords."""
    log = logging.getLogger("apprise")
    monkeypatch.setattr(log, "level", logging.DEBUG)
    service_of("json://127.0.0.1/", 1)
    assert log.level == logging.CRITICAL


def test_no_address_reaches_the_log_or_an_error(
    server: Mastodon, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="doorbell")
    server.answers[MEDIA] = [HANG_UP]
    with pytest.raises(FilmNotPublished) as posted:
        ApprisePosts().post(server.to, "A film.", film(tmp_path))
    with pytest.raises(NotDelivered) as sent:
        AppriseMessengers().send(Messenger(f"nothing://{TOKEN}"), "title", "text", None)
    assert TOKEN not in f"{caplog.text} {posted.value} {sent.value}"
