"""A film goes to X: announced, sent in parts, ended, and awaited until X has worked it over."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from doorbell.errors import FilmNotPublished
from doorbell.x.requests import as_json, as_part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorbell.errors import PublishFailure
    from doorbell.publishing.model import FilmFile, MediaType
    from doorbell.x.requests import Answer, Body, Requests

PART: Final = 4 * 1024 * 1024
"""Bytes. X takes 5 MB at most; this is what its own samples send."""
CATEGORIES: Final[dict[MediaType, str]] = {"video/mp4": "tweet_video", "image/gif": "tweet_gif"}
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 15.0
USUAL_CHECK: Final = 5.0
"""Seconds between two looks, if X does not say."""

_ID: Final = re.compile(r"[0-9]{1,19}")

_REFUSALS: Final[dict[int, PublishFailure]] = {
    HTTPStatus.UNAUTHORIZED: "unauthorized",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.TOO_MANY_REQUESTS: "rate_limited",
}


def refused(status: int) -> FilmNotPublished:
    """What a status means that is no success."""
    usual: PublishFailure = "unreachable" if status >= 500 else "refused"
    return FilmNotPublished(_REFUSALS.get(status, usual))


class Upload:
    """One upload. Nobody sees it until it stands beside a post, so any step may be repeated.

    All of it ends by `until`, in the clock's seconds.
    """

    def __init__(
        self,
        requests: Requests,
        until: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._requests = requests
        self._until = until
        self._clock = clock
        self._sleep = sleep

    def send(self, film: FilmFile) -> str:
        """The id of the media, which can stand beside a post now. Raises FilmNotPublished."""
        media = self._initialize(film)
        with film.path.open("rb") as file:
            for number, part in enumerate(iter(lambda: file.read(PART), b"")):
                body = as_part(number, part)
                self._insist("POST", f"/2/media/upload/{media}/append", body)
        self._await(media, self._insist("POST", f"/2/media/upload/{media}/finalize").data)
        return media

    def _initialize(self, film: FilmFile) -> str:
        asked = {
            "media_type": film.media_type,
            "total_bytes": film.size,
            "media_category": CATEGORIES[film.media_type],
        }
        said = self._insist("POST", "/2/media/upload/initialize", as_json(asked)).data
        media = said.get("id")
        # It becomes a part of paths.
        if not isinstance(media, str) or not _ID.fullmatch(media):
            raise FilmNotPublished("refused")
        return media

    def _await(self, media: str, said: Mapping[str, Any]) -> None:
        """Until X says that it is done; a film that needs no work is done already."""
        while isinstance(work := said.get("processing_info"), dict):
            if work.get("state") == "succeeded":
                return
            if work.get("state") == "failed":
                raise FilmNotPublished("not_processed")
            after = work.get("check_after_secs")
            pause = float(after) if isinstance(after, int | float) else USUAL_CHECK
            self._rest(max(1.0, pause), "not_processed")
            query = {"command": "STATUS", "media_id": media}
            said = self._insist("GET", "/2/media/upload", query=query).data

    def _insist(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask until it is taken, while there is time: X may be busy, or not reached."""
        pause = FIRST_PAUSE
        while True:
            try:
                answer = self._requests.send(method, path, body, query)
            except FilmNotPublished as error:
                wait, why = pause, error.reason
            else:
                if answer.status < 300:
                    return answer
                why, wait = refused(answer.status).reason, pause
                if why not in ("rate_limited", "unreachable"):
                    raise FilmNotPublished(why)
                if answer.resets_at is not None:
                    wait = max(pause, answer.resets_at - self._clock())
            self._rest(wait, why)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _rest(self, seconds: float, why: PublishFailure) -> None:
        """Raises FilmNotPublished, for this reason, if there is not so much time."""
        if self._clock() + seconds >= self._until:
            raise FilmNotPublished(why)
        self._sleep(seconds)
