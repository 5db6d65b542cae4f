"""What films need from the world, as Protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from doorbell.films.model import Period


class FilmStore(Protocol):
    """The bucket, as films see it."""

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """The keys that begin so and stand behind `after`, in order."""

    def read(self, key: str, most: int) -> bytes:
        """An object. Raises NoFilm: `no_pictures` if there is none, `too_large` over `most`."""

    def pictures(self, keys: Iterable[str]) -> Iterator[bytes]:
        """These objects in order, a few of them ahead; empty for one that is gone or too large."""

    def fetch(self, key: str, into: Path) -> None:
        """An object as a file."""

    def put(self, key: str, file: Path) -> None:
        """A film, of the kind that its key says."""

    def delete(self, prefix: str) -> None:
        """Everything whose key begins so."""


class MadeFilm(Protocol):
    """A film that was made."""

    @property
    def frames(self) -> int:
        """Pictures in it."""

    @property
    def skipped(self) -> int:
        """Pictures that could not be opened."""


class Maker(Protocol):
    """Makes films of JPEGs. All but `join` raise NoFilm (`no_pictures`) if none can be opened."""

    def make_gif(
        self, jpegs: Iterable[bytes], into: Path, *, fps: float, width: int, rebound: bool
    ) -> MadeFilm:
        """A GIF, no wider than `width`; forwards and then backwards if it rebounds."""

    def make_mp4(
        self,
        jpegs: Iterable[bytes],
        into: Path,
        *,
        fps: float,
        width: int,
        size: tuple[int, int] | None,
        rebound: bool,
    ) -> MadeFilm:
        """An MP4, no wider than `width`, or of this `size`."""

    def join(self, parts: Iterable[Path], into: Path) -> int:
        """MP4s of one size and rate, one after another; how many frames they have."""

    def size_of_first(self, jpegs: Iterable[bytes], width: int) -> tuple[int, int]:
        """How large an MP4 of these is."""


class Machine(Protocol):
    """The state machine that makes the film of a period."""

    def start(self, period: Period, fps: float | None = None, name: str | None = None) -> str:
        """Begin; where its execution can be asked after. The name is its own, if one is given."""


class Schedules(Protocol):
    """What happens again and again."""

    def set(self, home: str, camera: str, when: str, zone: str, asked: dict[str, object]) -> None:
        """Have a film made at these times (a cron expression in an IANA zone); a former schedule of
        this camera is replaced.
        """

    def find(self, home: str, camera: str) -> tuple[str, str] | None:
        """The cron expression of a camera's films, and its zone; None if it has no schedule."""

    def remove(self, home: str, camera: str) -> None:
        """No more films of this camera; none there is no error."""
