"""Requests to X: signed with OAuth 1.0a (RFC 5849), sent once, and what was answered."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlencode

import urllib3
from oauthlib.oauth1 import Client as Signer
from urllib3.filepost import encode_multipart_formdata

from doorbell.errors import FilmNotPublished

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorbell.publishing.model import XAccount

SECONDS: Final = 30.0
"""The longest wait for one answer."""
LONGEST_ANSWER: Final = 100_000
"""Bytes of an answer that are read."""
AGENT: Final = "doorbell"


class Body(NamedTuple):
    """What is sent, and what it is. It is no form: of bodies, only those are part of a signature
    (RFC 5849, section 3.4.1.3).
    """

    content: bytes
    media_type: str


class Answer(NamedTuple):
    """What X says."""

    status: int
    data: dict[str, Any]
    """The object `data` of the JSON; empty if there is none."""
    resets_at: float | None = None
    """With 429: when X takes requests again (epoch seconds)."""


def as_json(said: Mapping[str, Any]) -> Body:
    """A body of JSON."""
    return Body(json.dumps(said).encode(), "application/json")


def as_part(number: int, media: bytes) -> Body:
    """A part of the media and its number (RFC 7578)."""
    file = ("media", media, "application/octet-stream")
    return Body(*encode_multipart_formdata([("segment_index", str(number)), ("media", file)]))


class Requests:
    """What is asked of X in the name of one account.

    `nonce` draws what makes each signature another one; `clock` is what it is dated by.
    """

    def __init__(
        self, account: XAccount, clock: Callable[[], float], nonce: Callable[[], str]
    ) -> None:
        self._account = account
        self._clock = clock
        self._nonce = nonce
        self._pool = urllib3.PoolManager(
            num_pools=1, retries=False, ssl_context=ssl.create_default_context()
        )

    def send(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """One try, whatever comes of it; redirections are not followed. Raises FilmNotPublished
        (`unreachable`) if there is no answer.
        """
        url = f"{self._account.api}{path}{'?' + urlencode(query) if query else ''}"
        headers = {"User-Agent": AGENT, **self._signed(method, url)}
        if body:
            headers["Content-Type"] = body.media_type
        try:
            answer = self._pool.request(
                method,
                url,
                body=body.content if body else None,
                headers=headers,
                timeout=urllib3.Timeout(total=SECONDS),
                redirect=False,
                preload_content=False,
            )
            content = answer.read(LONGEST_ANSWER)
            answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError):
            raise FilmNotPublished("unreachable") from None
        resets = answer.headers.get("x-rate-limit-reset", "")
        return Answer(
            answer.status,
            _data(content),
            float(resets) if resets.isascii() and resets.isdigit() else None,
        )

    def _signed(self, method: str, url: str) -> dict[str, str]:
        """The header that says in whose name, for this request alone."""
        account = self._account
        signer = Signer(
            account.consumer_key,
            client_secret=account.consumer_secret,
            resource_owner_key=account.token,
            resource_owner_secret=account.token_secret,
            timestamp=str(int(self._clock())),
            nonce=self._nonce(),
        )
        _, headers, _ = signer.sign(url, http_method=method)
        return {"Authorization": str(headers["Authorization"])}


def _data(content: bytes) -> dict[str, Any]:
    try:
        said = json.loads(content)
    except ValueError:
        return {}
    data = said.get("data") if isinstance(said, dict) else None
    return data if isinstance(data, dict) else {}
