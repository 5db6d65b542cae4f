"""A Mastodon server on loopback: media, and statuses that show them (docs.joinmastodon.org)."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from doorbell.publishing.model import AppriseAddress
from tests.loopback import Got, Said, parts_of, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "mastodons-token"


class Mastodon:
    """`answers`: what is said in place of the usual, by path, one after another; `hang` seconds
    before each.
    """

    def __init__(self) -> None:
        self.to = AppriseAddress("")
        self.media: dict[str, bytes] = {}
        self.statuses: list[dict[str, Any]] = []
        self.answers: dict[str, list[Said]] = {}
        self.asked: list[str] = []
        self.hang = 0.0

    @property
    def shown(self) -> list[tuple[str, bytes]]:
        """The text of each status, and the film beside it."""
        return [(s["status"], self.media[s["media_ids"][0]]) for s in list(self.statuses)]

    def answer(self, got: Got) -> Said:
        """What the server says."""
        self.asked.append(got.path)
        time.sleep(self.hang)
        if self.answers.get(got.path):
            return self.answers[got.path].pop(0)
        if got.headers.get("authorization") != f"Bearer {TOKEN}":
            return Said(401, b'{"error": "The access token is invalid"}')
        if got.path == "/api/v1/media":
            media = str(len(self.media) + 1)
            self.media[media] = parts_of(got)["file"]
            return Said(200, json.dumps({"id": media, "type": "video"}).encode())
        if got.path == "/api/v1/statuses":
            self.statuses.append(json.loads(got.body))
            return Said(200, json.dumps({"id": "1", "account": {"username": "us"}}).encode())
        return Said(404, b"{}")


@contextmanager
def mastodon() -> Iterator[Mastodon]:
    """A server, until the block ends."""
    server = Mastodon()
    with serving(server.answer) as origin:
        server.to = AppriseAddress(f"mastodon://{TOKEN}@{origin.removeprefix('http://')}")
        yield server
