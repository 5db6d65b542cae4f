"""The records of publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

MediaType: TypeAlias = Literal["video/mp4", "image/gif"]

X_API: Final = "https://api.x.com"


class AppriseAddress(NamedTuple):
    """Mastodon or another service that Apprise speaks to."""

    url: str
    """Holds a password or a token, so it is never logged."""

    @property
    def service(self) -> str:
        """What may be shown of it."""
        return self.url.partition("://")[0]


class XAccount(NamedTuple):
    """An account on X, by the four keys of OAuth 1.0a; all are secret."""

    consumer_key: str
    consumer_secret: str
    token: str
    token_secret: str
    api: str = X_API
    """Where X answers."""

    @property
    def service(self) -> str:
        """What may be shown of it."""
        return "x"


Account: TypeAlias = AppriseAddress | XAccount


class Publication(NamedTuple):
    """The films of one camera, or of one door, go to one account."""

    id: str
    to: Account
    camera: str | None = None
    door: str | None = None
    """One of both, and never the other."""
    visitors: bool = False
    """Said on purpose: whoever stands at that door may be seen by everybody."""
    text: str = ""
    """What stands beside the film; empty for a sentence of ours."""


class Limits(NamedTuple):
    """The most bytes that an account takes; 0 of what it does not take at all."""

    mp4: int
    gif: int


class FilmFile(NamedTuple):
    """A film as a file that is there while it is published."""

    path: Path
    media_type: MediaType
    size: int
