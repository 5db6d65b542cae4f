"""What publishing needs from the world, as Protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

    from doorbell.model import Device
    from doorbell.publishing.model import FilmFile, Limits, Publication

To_contra = TypeVar("To_contra", contravariant=True)


class PublicationSecrets(Protocol):
    """What a home publishes; it names accounts with their keys, so it is a secret."""

    def of_home(self, home: str) -> list[Publication]:
        """All of them; none if the home has none. Raises SettingsError if they cannot be read."""


class HomeDevices(Protocol):
    """The devices of a home."""

    def find(self, home: str, device: str) -> Device | None:
        """The device, or None if there is none (any more)."""


class FilmFiles(Protocol):
    """The films in the bucket."""

    def fetch(self, key: str, into: Path, most: int) -> None:
        """A film as a file. Raises NoFilm: `no_pictures` if it is gone, `too_large` over `most`."""


class Published(Protocol):
    """What was published."""

    def claim(self, home: str, film: str, publication: str) -> None:
        """From now on this film belongs to this publication's one try.

        Raises Conflict if it was claimed before.
        """


class Accounts(Protocol[To_contra]):
    """Accounts of one kind, on services where films are published."""

    def limits(self, to: To_contra) -> Limits:
        """What is taken there. Raises FilmNotPublished."""

    def post(self, to: To_contra, text: str, film: FilmFile) -> None:
        """Once. Raises FilmNotPublished; only after `unclear` or `not_taken` it may stand there all
        the same.
        """
