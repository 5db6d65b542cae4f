"""The bucket as films see it: pictures in order and a few ahead, films as files, errors of ours."""

from __future__ import annotations

import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber
from moto import mock_aws

from doorbell.aws import film_store
from doorbell.aws.api.errors import NotReached, ServiceError
from doorbell.aws.film_store import AHEAD, AT_ONCE, ATTEMPTS, CHUNK, BucketFilms
from doorbell.aws.sdk import Sdk
from doorbell.errors import NoFilm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUCKET = "bucket"
pytestmark = pytest.mark.usefixtures("nobodys_account")


@pytest.fixture
def sdk() -> Iterator[Sdk]:
    """An S3 in memory, with one empty bucket."""
    with mock_aws():
        made = Sdk()
        place = {"LocationConstraint": "eu-central-1"}
        made.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)  # type: ignore[arg-type]
        yield made


@pytest.fixture
def store(sdk: Sdk) -> BucketFilms:
    """The bucket."""
    return BucketFilms(sdk, BUCKET)


def put(sdk: Sdk, **objects: bytes) -> None:
    """Objects under `a/`."""
    for name, content in objects.items():
        sdk.s3.put_object(Bucket=BUCKET, Key=f"a/{name}", Body=content)


def test_keys_come_in_order_from_behind_a_place(sdk: Sdk, store: BucketFilms) -> None:
    put(sdk, c=b"", a=b"", b=b"")
    sdk.s3.put_object(Bucket=BUCKET, Key="b/a", Body=b"")
    assert list(store.keys("a/")) == ["a/a", "a/b", "a/c"]
    assert list(store.keys("a/", after="a/a")) == ["a/b", "a/c"]
    assert list(store.keys("c/")) == []
    sdk.s3.put_object(Bucket=BUCKET, Key="A", Body=b"")
    assert list(store.keys("")) == ["A", "a/a", "a/b", "a/c", "b/a"]


def test_more_than_a_thousand_keys_are_listed(sdk: Sdk, store: BucketFilms) -> None:
    """S3 gives a thousand at a time."""
    for number in range(1005):
        sdk.s3.put_object(Bucket=BUCKET, Key=f"a/{number:04d}", Body=b"")
    assert len(list(store.keys("a/"))) == 1005
    asked: list[int] = []

    def count(params: dict[str, Any], **_: object) -> None:
        asked.append(len(params["Delete"]["Objects"]))

    sdk.s3.meta.events.register("provide-client-params.s3.DeleteObjects", count)
    store.delete("a/")
    assert list(store.keys("a/")) == []
    assert asked == [1000, 5], "S3 takes a thousand at a time (API Reference, DeleteObjects)"


def test_an_object_is_read_up_to_its_limit(sdk: Sdk, store: BucketFilms) -> None:
    put(sdk, burst=b"123456")
    assert store.read("a/burst", 6) == b"123456"
    for key, most, reason in (("a/burst", 5, "too_large"), ("a/none", 5, "no_pictures")):
        with pytest.raises(NoFilm) as refused:
            store.read(key, most)
        assert refused.value.reason == reason


def test_pictures_come_in_order_and_one_that_is_gone_is_empty(
    sdk: Sdk, store: BucketFilms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_store, "LARGEST", 3)
    put(sdk, a=b"one", b=b"three", d=b"two")
    assert list(store.pictures(["a/a", "a/b", "a/c", "a/d"])) == [b"one", b"", b"", b"two"]
    assert list(store.pictures([])) == []


def test_pictures_go_on_behind_those_that_were_fetched_ahead(sdk: Sdk, store: BucketFilms) -> None:
    names = [f"{number:02d}" for number in range(2 * AHEAD + 3)]
    for name in names:
        put(sdk, **{name: name.encode()})
    assert list(store.pictures(f"a/{name}" for name in names)) == [name.encode() for name in names]


def test_whoever_wants_no_more_pictures_does_not_wait_for_those_ahead() -> None:
    begun: list[str] = []

    class Slow(BucketFilms):
        def read(self, key: str, most: int) -> bytes:
            del most
            begun.append(key)
            if key != "0":
                time.sleep(1)
            return b"picture"

    pictures = Slow(Sdk(), BUCKET).pictures(str(number) for number in range(100))
    next(pictures)
    pictures.close()  # type: ignore[attr-defined]
    assert len(begun) <= 1 + AT_ONCE


def test_only_a_few_pictures_are_fetched_ahead(store: BucketFilms) -> None:
    """Whoever takes one after another has a bounded number of them in memory."""
    asked = iter(range(1000))
    pictures = store.pictures(f"a/{number}" for number in asked)
    for _ in range(5):
        next(pictures)
    assert next(asked) <= 5 + AHEAD
    pictures.close()  # type: ignore[attr-defined]


def test_a_film_goes_to_the_bucket_and_back(sdk: Sdk, store: BucketFilms, tmp_path: Path) -> None:
    """With the kind that browsers ask for."""
    (tmp_path / "film").write_bytes(b"film" * 1000)
    for key, kind in (("a/film.mp4", "video/mp4"), ("a.day/film.gif", "image/gif")):
        store.put(key, tmp_path / "film")
        assert sdk.s3.head_object(Bucket=BUCKET, Key=key)["ContentType"] == kind
        store.fetch(key, tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == b"film" * 1000


def test_a_film_is_never_in_memory_as_a_whole(sdk: Sdk, tmp_path: Path) -> None:
    """It may be larger than the function's memory."""
    pieces: list[int | None] = []

    class Told(StreamingBody):
        def read(self, amt: int | None = None) -> bytes:
            pieces.append(amt)
            return super().read(amt)

    film = b"film" * 700_000
    with Stubber(sdk.s3) as aws:
        said = {"ContentLength": len(film), "Body": Told(BytesIO(film), len(film))}
        aws.add_response("get_object", said)
        BucketFilms(sdk, BUCKET).fetch("a/film.mp4", tmp_path / "film")
    assert (tmp_path / "film").read_bytes() == film
    assert set(pieces) == {CHUNK}


def test_a_film_over_a_limit_is_not_fetched(sdk: Sdk, store: BucketFilms, tmp_path: Path) -> None:
    put(sdk, film=b"1234")
    with pytest.raises(NoFilm, match="too_large"):
        store.fetch("a/film", tmp_path / "film", 3)
    assert not (tmp_path / "film").exists()
    store.fetch("a/film", tmp_path / "film", 4)
    assert (tmp_path / "film").read_bytes() == b"1234"


def test_a_rings_film_is_written_once(sdk: Sdk, store: BucketFilms, tmp_path: Path) -> None:
    """The bucket takes nothing else there. S3 may tell twice of a burst: the film is there then."""
    (tmp_path / "film").write_bytes(b"first")
    for content in (b"first", b"second"):
        (tmp_path / "film").write_bytes(content)
        for key in ("guest/home/ring/film.mp4", "films/home/yard/day.mp4"):
            store.put(key, tmp_path / "film")
    kept = {key: store.read(key, 10) for key in store.keys("")}
    assert kept == {"guest/home/ring/film.mp4": b"first", "films/home/yard/day.mp4": b"second"}


def test_deleting_goes_no_further_than_it_is_told(sdk: Sdk, store: BucketFilms) -> None:
    put(sdk, one=b"", two=b"")
    sdk.s3.put_object(Bucket=BUCKET, Key="ab", Body=b"")
    store.delete("a/")
    assert list(store.keys("")) == ["ab"]
    store.delete("a/")


def test_a_refusal_is_an_error_of_ours(tmp_path: Path) -> None:
    """Without the text of AWS, which may quote what was sent."""
    sdk = Sdk()
    store = BucketFilms(sdk, BUCKET)
    (tmp_path / "film").write_bytes(b"")
    for operation, call in (
        ("get_object", lambda: store.read("k", 1)),
        ("list_objects_v2", lambda: list(store.keys("k"))),
        ("put_object", lambda: store.put("k.mp4", tmp_path / "film")),
    ):
        with Stubber(sdk.s3) as aws:
            aws.add_client_error(operation, "AccessDenied", "quotes", 403)
            with pytest.raises(ServiceError, match=r"^AccessDenied \(403\)$"):
                call()


class BreaksOff(BaseHTTPRequestHandler):
    """An S3 whose answers to `GET …/twice` break off twice, and to `GET …/always` each time."""

    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        name = self.path.rsplit("/", 1)[1].split("?")[0]
        self.asked[name] += 1
        whole = name == "twice" and self.asked[name] > 2
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"0123456789" if whole else b"01234")

    def log_message(self, *_: object) -> None:
        """Quietly."""


@contextmanager
def broken_s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketFilms]:
    """The bucket behind it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BreaksOff)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{server.server_port}")
    BreaksOff.asked.clear()
    try:
        yield BucketFilms(Sdk(), BUCKET)
    finally:
        server.shutdown()
        server.server_close()


def test_an_answer_that_breaks_off_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And never taken for a whole one."""
    with broken_s3(monkeypatch) as store:
        assert store.read("twice", 100) == b"0123456789"
        BreaksOff.asked.clear()
        store.fetch("twice", tmp_path / "film")
        assert (tmp_path / "film").read_bytes() == b"0123456789"
        BreaksOff.asked.clear()
        with pytest.raises(NotReached, match=r"^S3$"):
            store.read("always", 100)
        assert BreaksOff.asked["always"] == ATTEMPTS
