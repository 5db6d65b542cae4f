"""A bucket in memory, and a maker whose films say what they are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from doorbell.errors import NoFilm
from doorbell.films.services import Films
from tests.fakes import FakePhotos, FakeServices, make_services

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from doorbell.liveness.ports import Step, Tracker

BROKEN = b"broken"
"""A picture that the maker cannot open."""


class FakeStore:
    """`doorbell.films.ports.FilmStore`."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.listed: list[tuple[str, str]] = []

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        self.listed.append((prefix, after))
        found = sorted(key for key in self.objects if key.startswith(prefix) and key > after)
        return iter(found)

    def read(self, key: str, most: int) -> bytes:
        if key not in self.objects:
            raise NoFilm("no_pictures")
        if len(self.objects[key]) > most:
            raise NoFilm("too_large")
        return self.objects[key]

    def pictures(self, keys: Iterable[str]) -> Iterator[bytes]:
        return (self.objects.get(key, b"") for key in keys)

    def fetch(self, key: str, into: Path) -> None:
        into.write_bytes(self.objects[key])

    def put(self, key: str, file: Path) -> None:
        self.objects[key] = file.read_bytes()

    def delete(self, prefix: str) -> None:
        for key in [*self.keys(prefix)]:
            del self.objects[key]


class FakeFilm(tuple[int, int]):
    """`doorbell.films.ports.MadeFilm`."""

    __slots__ = ()

    @property
    def frames(self) -> int:
        return self[0]

    @property
    def skipped(self) -> int:
        return self[1]


class FakeMaker:
    """`doorbell.films.ports.Maker`: a film is a line of words, its pictures among them."""

    def make_gif(
        self, jpegs: Iterable[bytes], into: Path, *, fps: float, width: int, rebound: bool
    ) -> FakeFilm:
        return self._make(jpegs, into, f"gif {fps:g} {width}{' rebound' * rebound}")

    def make_mp4(
        self,
        jpegs: Iterable[bytes],
        into: Path,
        *,
        fps: float,
        width: int,
        size: tuple[int, int] | None,
        rebound: bool,
    ) -> FakeFilm:
        wide = f"{size[0]}x{size[1]}" if size else str(width)
        return self._make(jpegs, into, f"mp4 {fps:g} {wide}{' rebound' * rebound}")

    def join(self, parts: Iterable[Path], into: Path) -> int:
        read = [part.read_bytes() for part in parts]
        if not read:
            raise NoFilm("no_pictures")
        into.write_bytes(b" + ".join(read))
        return len(read)

    def size_of_first(self, jpegs: Iterable[bytes], width: int) -> tuple[int, int]:
        if not any(each not in (BROKEN, b"") for each in jpegs):
            raise NoFilm("no_pictures")
        return (width, 720)

    def _make(self, jpegs: Iterable[bytes], into: Path, how: str) -> FakeFilm:
        given = list(jpegs)
        good = [each for each in given if each not in (BROKEN, b"")]
        if not good:
            raise NoFilm("no_pictures")
        into.write_bytes(b" ".join([how.encode(), *good]))
        return FakeFilm((len(good), len(given) - len(good)))


class FakeTracker:
    """`doorbell.liveness.ports.Tracker`: nothing moves."""

    def steps(self, jpegs: Iterable[bytes]) -> Iterator[Step]:
        return iter(())


@dataclass
class Studio:
    """Films of a house in memory."""

    house: FakeServices = field(default_factory=make_services)
    store: FakeStore = field(default_factory=FakeStore)
    rebound: tuple[str, ...] = ()
    tracker: Tracker = field(default_factory=FakeTracker)

    @property
    def films(self) -> Films:
        """What jobs get."""
        return Films(
            store=self.store,
            maker=FakeMaker(),
            tracker=self.tracker,
            rings=self.house.rings,
            devices=self.house.devices,
            photos=FakePhotos(),
            connections=self.house.connections,
            sockets=self.house.sockets,
            bus=self.house.bus,
            rebound=self.rebound,
            clock=self.house.clock,
            sleep=self.house.clock.sleep,
        )
