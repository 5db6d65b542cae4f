"""X on loopback: it takes what X's API takes, in that order, signed, and nothing else.

After docs.x.com, "Chunked media upload" and "Create Post".
"""

from __future__ import annotations

import json
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit

from doorbell.publishing.model import XAccount
from tests.loopback import Got, Said, parts_of, serving
from tests.oauth import is_signed, parameters_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEYS: Final = XAccount("xs-consumer", "consumer/secret&", "xs-token", "token+secret%")
MOST_IN_A_PART: Final = 5 * 1024 * 1024
SKEW: Final = 300
"""Seconds by which a timestamp may be wrong."""
STEPS: Final = {
    ("POST", r"/2/media/upload/initialize"): "initialize",
    ("POST", r"/2/media/upload/([0-9]+)/append"): "append",
    ("POST", r"/2/media/upload/([0-9]+)/finalize"): "finalize",
    ("GET", r"/2/media/upload"): "status",
    ("POST", r"/2/tweets"): "tweet",
}


@dataclass
class Media:
    """What goes up."""

    media_type: str
    category: str
    total: int
    parts: list[bytes] = field(default_factory=list)
    state: str | None = None
    """None while it is not ended."""

    @property
    def content(self) -> bytes:
        return b"".join(self.parts)


class Refused(Exception):
    """X says no."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class XService:
    """`answers`: what is said in place of the usual, by step, one after another. `states`: how far
    the work on a film is, at the end of its upload and at each look.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.account = KEYS
        self.steps: list[str] = []
        self.refused: list[str] = []
        """Why, of each request that X itself would have refused."""
        self.media: dict[str, Media] = {}
        self.posts: list[dict[str, Any]] = []
        self.answers: dict[str, list[Said]] = {}
        self.states = ["pending", "in_progress", "succeeded"]
        self.check_after = 1
        self._nonces: set[str] = set()
        self._lock = threading.Lock()

    def answer(self, got: Got) -> Said:
        """What X says."""
        with self._lock:
            step, media = _step(got)
            self.steps.append(step)
            if self.answers.get(step):
                return self.answers[step].pop(0)
            try:
                self._check_signed(got)
                said = getattr(self, f"_{step}")(got, media)
            except Refused as error:
                self.refused.append(str(error))
                said = {"title": str(error), "status": error.status}
                return Said(error.status, json.dumps(said).encode())
            return Said(201 if step == "tweet" else 200, json.dumps({"data": said}).encode())

    def _check_signed(self, got: Got) -> None:
        header = got.headers.get("authorization", "")
        if not header.startswith("OAuth "):
            raise Refused(401, "not signed")
        given = parameters_in(header)
        if (given["oauth_consumer_key"], given["oauth_token"]) != (KEYS[0], KEYS[2]):
            raise Refused(401, "unknown keys")
        if abs(int(given["oauth_timestamp"]) - self.clock()) > SKEW:
            raise Refused(401, "of another time")
        if given["oauth_nonce"] in self._nonces:
            raise Refused(401, "seen before")
        self._nonces.add(given["oauth_nonce"])
        if not is_signed(got.method, got.url, header, KEYS[1], KEYS[3]):
            raise Refused(401, "a wrong signature")

    def _initialize(self, got: Got, _media: str) -> dict[str, Any]:
        asked = _json(got)
        if set(asked) != {"media_type", "total_bytes", "media_category"}:
            raise Refused(400, "unknown fields")
        kinds = {("video/mp4", "tweet_video"), ("image/gif", "tweet_gif")}
        if (asked["media_type"], asked["media_category"]) not in kinds:
            raise Refused(400, "no such media")
        media = str(1880028106020515840 + len(self.media))
        self.media[media] = Media(
            asked["media_type"], asked["media_category"], asked["total_bytes"]
        )
        return {"id": media, "media_key": f"13_{media}", "expires_after_secs": 1295999}

    def _append(self, got: Got, media: str) -> dict[str, Any]:
        found, given = self._unfinished(media), parts_of(got)
        if set(given) != {"segment_index", "media"}:
            raise Refused(400, "unknown parts")
        if given["segment_index"] != str(len(found.parts)).encode():
            raise Refused(400, "not the next part")
        if not 0 < len(given["media"]) <= MOST_IN_A_PART:
            raise Refused(413, "too much in a part")
        found.parts.append(given["media"])
        return {"expires_at": 1}

    def _finalize(self, _got: Got, media: str) -> dict[str, Any]:
        found = self._unfinished(media)
        if len(found.content) != found.total:
            raise Refused(400, "not what was announced")
        return self._work(media)

    def _status(self, got: Got, _media: str) -> dict[str, Any]:
        query = dict(parse_qsl(urlsplit(got.url).query))
        found = self.media.get(query.get("media_id", ""))
        if query.get("command") != "STATUS" or found is None or found.state is None:
            raise Refused(400, "nothing is worked on")
        return self._work(query["media_id"])

    def _tweet(self, got: Got, _media: str) -> dict[str, Any]:
        asked = _json(got)
        for media in asked["media"]["media_ids"]:
            if self.media[media].state != "succeeded":
                raise Refused(400, "the media is not ready")
        self.posts.append(asked)
        return {"id": str(len(self.posts)), "text": asked["text"]}

    def _unfinished(self, media: str) -> Media:
        found = self.media.get(media)
        if found is None or found.state is not None:
            raise Refused(400, "no such upload")
        return found

    def _work(self, media: str) -> dict[str, Any]:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        self.media[media].state = state
        info: dict[str, Any] = {"state": state}
        if state in ("pending", "in_progress"):
            info["check_after_secs"] = self.check_after
        return {"id": media, "processing_info": info}


def _step(got: Got) -> tuple[str, str]:
    for (method, pattern), step in STEPS.items():
        found = re.fullmatch(pattern, got.path)
        if found and method == got.method:
            return step, found[1] if found.groups() else ""
    raise AssertionError(f"X has no {got.method} {got.path}")


def _json(got: Got) -> dict[str, Any]:
    if got.headers.get("content-type") != "application/json":
        raise Refused(400, "not JSON")
    asked: dict[str, Any] = json.loads(got.body)
    return asked


@contextmanager
def x_service(clock: Callable[[], float]) -> Iterator[XService]:
    """X, until the block ends."""
    service = XService(clock)
    with serving(service.answer) as origin:
        service.account = KEYS._replace(api=origin)
        yield service
