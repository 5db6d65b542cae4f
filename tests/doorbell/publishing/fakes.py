"""A home that publishes, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from doorbell.errors import Conflict, FilmNotPublished, NoFilm
from doorbell.events import FilmMade
from doorbell.publishing.model import AppriseAddress, Limits, Publication, XAccount
from doorbell.publishing.services import Publishing
from tests.fakes import CAMERA, DOOR, EVERYBODY, FakeDevices

if TYPE_CHECKING:
    from pathlib import Path

    from doorbell.errors import PublishFailure
    from doorbell.publishing.model import Account, FilmFile

TOOT: Final = AppriseAddress("mastodons://token@example.org")
X: Final = XAccount("a", "b", "c", "d")
GIF, MP4 = "films/home/camera/film.gif", "films/home/camera/film.mp4"

PARTY: Final = FilmMade("home", "party", None, CAMERA.id, None, GIF, MP4, 8, 0)
RING: Final = FilmMade("home", "ring", "ring-1", None, DOOR.id, GIF, MP4, 8, 0)


@dataclass
class FakeSecrets:
    """`doorbell.publishing.ports.PublicationSecrets`."""

    kept: dict[str, list[Publication]] = field(default_factory=dict)

    def of_home(self, home: str) -> list[Publication]:
        return self.kept.get(home, [])


@dataclass
class FakeFiles:
    """`doorbell.publishing.ports.FilmFiles`."""

    objects: dict[str, bytes] = field(default_factory=lambda: {GIF: b"gif", MP4: b"an mp4"})
    broken: Exception | None = None

    def fetch(self, key: str, into: Path, most: int) -> None:
        if self.broken:
            raise self.broken
        if key not in self.objects:
            raise NoFilm("no_pictures")
        if len(self.objects[key]) > most:
            raise NoFilm("too_large")
        into.write_bytes(self.objects[key])


@dataclass
class FakePublished:
    """`doorbell.publishing.ports.Published`."""

    claims: set[tuple[str, str, str]] = field(default_factory=set)

    def claim(self, home: str, film: str, publication: str) -> None:
        if (home, film, publication) in self.claims:
            raise Conflict
        self.claims.add((home, film, publication))


@dataclass
class FakeAccounts:
    """`doorbell.publishing.ports.Accounts`; `refusals` are asked once each."""

    taken: Limits = field(default_factory=lambda: Limits(1000, 1000))
    posts: list[tuple[Account, str, str, bytes]] = field(default_factory=list)
    refusals: dict[Account, PublishFailure] = field(default_factory=dict)
    unknown: set[Account] = field(default_factory=set)

    def limits(self, to: Account) -> Limits:
        if to in self.unknown:
            raise FilmNotPublished("bad_address")
        return self.taken

    def post(self, to: Account, text: str, film: FilmFile) -> None:
        if to in self.refusals:
            raise FilmNotPublished(self.refusals.pop(to))
        content = film.path.read_bytes()
        assert film.size == len(content)
        self.posts.append((to, text, film.media_type, content))


@dataclass
class World:
    """Everything in one hand."""

    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    devices: FakeDevices = field(default_factory=FakeDevices)
    files: FakeFiles = field(default_factory=FakeFiles)
    published: FakePublished = field(default_factory=FakePublished)
    accounts: FakeAccounts = field(default_factory=FakeAccounts)

    def __post_init__(self) -> None:
        for device in EVERYBODY:
            self.devices.add(device)

    @property
    def publishing(self) -> Publishing:
        """What jobs get."""
        return Publishing(self.secrets, self.devices, self.files, self.published, self.accounts)

    def say(self, *publications: Publication, home: str = "home") -> None:
        """The home has said so."""
        self.secrets.kept[home] = list(publications)


def of_camera(to: Account = TOOT, *, visitors: bool = False, text: str = "") -> Publication:
    return Publication("1", to, camera=CAMERA.id, visitors=visitors, text=text)


def of_door(to: Account = TOOT, *, visitors: bool = True) -> Publication:
    return Publication("2", to, door=DOOR.id, visitors=visitors)
