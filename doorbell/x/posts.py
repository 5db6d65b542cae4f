"""A film stands beside a post on X."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.errors import FilmNotPublished
from doorbell.publishing.model import Limits
from doorbell.x.requests import Requests, as_json
from doorbell.x.upload import Upload, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.publishing.model import FilmFile, XAccount

LIMITS: Final = Limits(mp4=200_000_000, gif=15_000_000)
"""Bytes. X takes GIFs of 15 MB and longer films than ours (docs.x.com, "Best practices"); the
function's disk holds several of these.
"""
AT_MOST: Final = 300.0
"""Seconds for the upload, and for X to work the film over."""


class XPosts:
    """`doorbell.publishing.ports.Accounts`, of accounts on X."""

    def __init__(
        self,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        nonce: Callable[[], str],
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._nonce = nonce

    def limits(self, _to: XAccount) -> Limits:
        """What any account may post."""
        return LIMITS

    def post(self, to: XAccount, text: str, film: FilmFile) -> None:
        """Raises FilmNotPublished; `unclear` if X may have taken the post, but did not say so."""
        requests = Requests(to, self._clock, self._nonce)
        upload = Upload(requests, self._clock() + AT_MOST, self._clock, self._sleep)
        said = {"text": text, "media": {"media_ids": [upload.send(film)]}}
        try:
            # Once: a second try could be a second post.
            answer = requests.send("POST", "/2/tweets", as_json(said))
        except FilmNotPublished:
            raise FilmNotPublished("unclear") from None
        if answer.status >= 500:
            raise FilmNotPublished("unclear")
        if answer.status >= 300:
            raise refused(answer.status)
