"""S3, as films see it: pictures in order, a few of them ahead; films as files."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from doorbell.aws.api.errors import NotReached
from doorbell.aws.sdk import refused
from doorbell.errors import NoFilm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from doorbell.aws.sdk import Sdk

Taken = TypeVar("Taken")

AHEAD: Final = 12
"""Pictures that are fetched before they are asked for."""
AT_ONCE: Final = 6
LARGEST: Final = 20_000_000
"""Bytes of one picture: no camera's JPEG has as many."""
ATTEMPTS: Final = 3
"""Botocore repeats a request, but not an answer that breaks off half-way."""
CHUNK: Final = 1 << 20
SILENCE: Final = 60
"""Seconds that S3 may take to answer: films are large, and nobody waits at a door for them."""
ONCE: Final = "guest/"
"""What begins so is written once: the bucket's policy refuses all else (template.yaml)."""
_WRITTEN: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
"""S3's words for that it was written already (Amazon S3 API Reference, PutObject)."""
KINDS: Final = {"gif": "image/gif", "mp4": "video/mp4"}


class BucketFilms:
    """`doorbell.films.ports.FilmStore`. Raises ServiceError, NotReached where S3 does not serve."""

    def __init__(self, sdk: Sdk, bucket: str) -> None:
        self._sdk = sdk
        self._bucket = bucket

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """ListObjectsV2, a thousand at a time."""
        pages = self._sdk.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=prefix, StartAfter=after
        )
        try:
            for page in pages:
                yield from (found["Key"] for found in page.get("Contents", []))
        except ClientError as error:
            raise refused(error) from None

    def read(self, key: str, most: int) -> bytes:
        """GetObject."""
        found = self._whole(key, lambda answer: _content(answer, most))
        if found is None:
            raise NoFilm("no_pictures")
        return found

    def pictures(self, keys: Iterable[str]) -> Iterator[bytes]:
        """GetObject for each, several at once."""
        with ThreadPoolExecutor(AT_ONCE) as threads:
            rest = iter(keys)
            waiting = deque(threads.submit(self._picture, key) for key in islice(rest, AHEAD))
            try:
                while waiting:
                    yield waiting.popleft().result()
                    waiting.extend(threads.submit(self._picture, key) for key in islice(rest, 1))
            finally:
                for each in waiting:
                    each.cancel()

    def fetch(self, key: str, into: Path, most: int | None = None) -> None:
        """GetObject into a file."""

        def copy(answer: Any) -> int:
            _check_size(answer, most)
            with into.open("wb") as file:
                return sum(file.write(chunk) for chunk in answer["Body"].iter_chunks(CHUNK))

        if self._whole(key, copy) is None:
            raise NoFilm("no_pictures")

    def put(self, key: str, file: Path) -> None:
        """PutObject. The film of a ring that is there already is of the same pictures."""
        given: dict[str, Any] = {"ContentType": KINDS[key.rpartition(".")[2]]}
        if key.startswith(ONCE):
            given["IfNoneMatch"] = "*"
        try:
            with file.open("rb") as body:
                self._sdk.s3.put_object(Bucket=self._bucket, Key=key, Body=body, **given)
        except ClientError as error:
            if refused(error).code not in _WRITTEN:
                raise refused(error) from None

    def delete(self, prefix: str) -> None:
        """DeleteObjects, a thousand at a time."""
        keys = self.keys(prefix)
        while some := list(islice(keys, 1000)):
            try:
                self._sdk.s3.delete_objects(
                    Bucket=self._bucket,
                    Delete={"Objects": [{"Key": key} for key in some], "Quiet": True},
                )
            except ClientError as error:
                raise refused(error) from None

    def _picture(self, key: str) -> bytes:
        try:
            return self.read(key, LARGEST)
        except NoFilm:
            return b""

    def _whole(self, key: str, take: Callable[[Any], Taken]) -> Taken | None:
        """What `take` makes of S3's answer; None if there is no such object."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._sdk.s3.get_object(Bucket=self._bucket, Key=key)
                # Not `with`: that would give a stream that does not notice when it breaks off.
                with closing(answer["Body"]):
                    return take(answer)
            except ClientError as error:
                if refused(error).status == 404:
                    return None
                raise refused(error) from None
            except BotoCoreError:
                if attempt == ATTEMPTS:
                    raise NotReached("S3") from None
        raise AssertionError("unreachable: the last attempt returns or raises")


def _content(answer: Any, most: int) -> bytes:
    """The whole body. Raises NoFilm `too_large` before anything is read."""
    _check_size(answer, most)
    return bytes(answer["Body"].read())


def _check_size(answer: Any, most: int | None) -> None:
    if most is not None and answer["ContentLength"] > most:
        raise NoFilm("too_large")
