"""A resident is forgotten: phones, photos, rings, faces, rows, in an order that can break off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from doorbell.household.forgetting import Memory, forget
from tests.fakes import ADA, BOB, KITCHEN
from tests.household_fakes import FakeHousehold, make_household

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYS: Final = {
    "residents/home/Ada/1.jpeg",
    "residents/home/Ada/2.png",
    "source.jpeg",
    "guest/home/r1/photo.jpeg",
    "guest/home/r1/burst.mjpeg",
    "guest/home/r1/film.mp4",
}
OTHERS: Final = {
    "residents/home/Adam/1.jpeg",
    "residents/away/Ada/1.jpeg",
    "guest/home/r2/photo.jpeg",
    "guest/away/r1/photo.jpeg",
    "guest/home/r11/photo.jpeg",
}


class FakeTraces:
    """`doorbell.household.ports.Traces` of Ada, who lives in `home`; `left` until removed."""

    def __init__(self) -> None:
        self.left = 3
        self.breaks = False

    def rings(self, home: str, resident: str) -> list[str]:
        return ["r1"] if self._knows(home, resident) else []

    def photos(self, home: str, resident: str) -> list[str]:
        return ["source.jpeg"] if self._knows(home, resident) else []

    def faces(self, home: str, resident: str) -> list[str]:
        return ["f1"] if self._knows(home, resident) else []

    def remove(self, home: str, resident: str) -> int:
        if self.breaks:
            raise ConnectionError
        left, self.left = self.left if self._knows(home, resident) else 0, 0
        return left

    def _knows(self, home: str, resident: str) -> bool:
        return bool(self.left) and (home, resident) == ("home", "Ada")


class FakeFaces:
    """`doorbell.ports.Faces`."""

    def __init__(self) -> None:
        self.removed: list[tuple[str, list[str]]] = []

    def remove(self, home: str, faces: list[str]) -> None:
        self.removed.append((home, faces))


class Bucket:
    """`doorbell.household.ports.PhotoStore` and `StoredKeys`."""

    def __init__(self) -> None:
        self.there = KEYS | OTHERS

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        yield from sorted(key for key in self.there if key.startswith(prefix) and key > after)

    def copy(self, source: str, target: str) -> bool:
        raise AssertionError("nothing is copied")

    def delete(self, key: str) -> None:
        self.there = self.there - {key}


class World:
    """A household whose memory can be looked into."""

    def __init__(self) -> None:
        self.made: FakeHousehold = make_household()
        self.traces, self.faces, self.bucket = FakeTraces(), FakeFaces(), Bucket()
        self.memory = Memory(
            devices=self.made.devices,
            connections=self.made.made.connections,
            sockets=self.made.made.sockets,
            traces=self.traces,
            store=self.bucket,
            stored=self.bucket,
            faces=self.faces,
        )

    def phones(self) -> set[str]:
        return {each.id for each in self.made.devices.all("home") if each.role == "phone"}


def test_photos_films_faces_and_phones_of_the_resident_go_and_no_others() -> None:
    """Also the last manager's phone: the household's tablet stays, and the operator can add one."""
    world = World()
    assert forget(world.memory, "home", "Ada") == len(KEYS) + 1 + 3
    assert world.bucket.there == OTHERS
    assert world.faces.removed == [("home", ["f1"])]
    assert world.phones() == {BOB.id, KITCHEN.id}
    assert world.made.settings.phones("home") == []


def test_their_open_sockets_are_closed() -> None:
    world = World()
    socket = world.made.made.connect(ADA)
    forget(world.memory, "home", "Ada")
    assert world.made.made.sockets.closed == [socket.id]


def test_done_again_after_it_broke_off_it_does_the_rest() -> None:
    """The rows go last: they tell whose rings and faces those were."""
    world = World()
    world.traces.breaks = True
    with pytest.raises(ConnectionError):
        forget(world.memory, "home", "Ada")
    world.traces.breaks = False
    assert forget(world.memory, "home", "Ada") == 3 + 1  # `source.jpeg` is named again by its row
    assert forget(world.memory, "home", "Ada") == 0
    assert world.bucket.there == OTHERS


def test_a_film_that_is_written_a_moment_later_goes_too() -> None:
    """By then no row says any more whose ring it was; whoever forgets remembers."""
    world = World()
    forget(world.memory, "home", "Ada")
    world.bucket.there |= {"guest/home/r1/film.gif"}
    assert forget(world.memory, "home", "Ada", {"r1"}) == 1
    assert world.bucket.there == OTHERS
