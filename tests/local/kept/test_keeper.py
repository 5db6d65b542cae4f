"""Each change is written down once, whole, and tried again when it could not be."""

import asyncio
import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local.errors import NotKept
from local.kept import keeper as keeper_module
from local.kept.keeper import Keeper
from local.kept.store import Change, Content, Name, Owner, Store

SHELF, BOX = Owner("row", "shelf"), Owner("row", "box")


class Shelf:
    """A place of which a test says what it holds."""

    def __init__(self, owner: Owner = SHELF, **held: object) -> None:
        self.owner = owner
        self.things: dict[Name, Any] = {(name,): it for name, it in held.items()}
        self.refuses: frozenset[Name] = frozenset()

    def held(self) -> dict[Name, Any]:
        """By their names."""
        return dict(self.things)

    def packed(self, thing: Any) -> Content:
        """As it is."""
        return Content(thing)

    def put_back(self, records: Mapping[Name, Content]) -> None:
        """All but what it refuses."""
        for name, record in records.items():
            if name not in self.refuses:
                self.things[name] = record.fields


class Watched(Store):
    """A store that counts what is written, and whose disk may be full."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.full = False
        self.written: list[list[Change]] = []

    def write(self, changes: Iterable[Change]) -> None:
        """Unless the disk is full."""
        if self.full:
            raise NotKept("The disk is full.")
        self.written.append(list(changes))
        super().write(self.written[-1])


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Watched]:
    """An empty store."""
    with contextlib.closing(Watched(tmp_path / "home.sqlite")) as opened:
        yield opened


def test_what_is_new_changed_or_gone_is_written_and_nothing_else(store: Watched) -> None:
    shelf = Shelf(a=[1], b=[2], c=[3])

    async def story() -> None:
        keeper = Keeper(store, pytest.fail)
        keeper.adopt(shelf)
        await keeper.save()
        await keeper.save()
        shelf.things[("b",)] = [22]
        del shelf.things[("c",)]
        await keeper.save()

    asyncio.run(story())
    first, second = store.written
    assert first == [
        Change(SHELF, {("a",): Content([1]), ("b",): Content([2]), ("c",): Content([3])}, [])
    ]
    assert second == [Change(SHELF, {("b",): Content([22])}, [("c",)])]
    assert store.read(SHELF) == {("a",): Content([1]), ("b",): Content([22])}


def test_a_place_gets_back_what_it_held_and_what_it_refuses_is_forgotten(store: Watched) -> None:
    records: dict[Name, Content] = {("stays",): Content([1]), ("old",): Content([2])}
    store.write([Change(SHELF, records, ()), Change(BOX, records, ())])
    store.written.clear()
    shelf = Shelf()
    shelf.refuses = frozenset({("old",)})

    async def story() -> None:
        keeper = Keeper(store, pytest.fail)
        keeper.adopt(shelf)
        await keeper.save()

    asyncio.run(story())
    assert shelf.things == {("stays",): [1]}
    assert store.written == [[Change(SHELF, {}, [("old",)])]]
    # Whatever is not deployed now is kept for the day on which it is.
    assert store.read(BOX) == records


def test_what_comes_while_the_last_is_written_is_written_too(
    store: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf(a=[1])

    async def story() -> None:
        keeper = Keeper(store, pytest.fail)
        keeper.adopt(shelf)
        save = keeper.save

        async def save_slowly() -> None:
            await save()
            shelf.things[("b",)] = ["answered meanwhile"]

        monkeypatch.setattr(keeper, "save", save_slowly)
        await keeper.save_last()

    asyncio.run(story())
    assert set(store.read(SHELF)) == {("a",), ("b",)}


def test_changes_of_several_places_are_written_at_once(store: Watched) -> None:
    shelf, box = Shelf(a=1), Shelf(BOX, b=2)

    async def story() -> None:
        keeper = Keeper(store, pytest.fail)
        keeper.adopt(shelf)
        keeper.adopt(box)
        await keeper.save()

    asyncio.run(story())
    assert [[change.owner for change in changes] for changes in store.written] == [[SHELF, BOX]]


def test_while_the_disk_is_full_it_is_said_once_and_tried_again(store: Watched) -> None:
    shelf, told = Shelf(a=1), list[str]()

    async def story() -> None:
        keeper = Keeper(store, told.append)
        keeper.adopt(shelf)
        store.full = True
        await keeper.save()
        await keeper.save()
        assert told == ["The home is not kept now: The disk is full."]
        store.full = False
        await keeper.save()

    asyncio.run(story())
    assert told[1:] == ["The home is kept again."]
    assert store.read(SHELF) == {("a",): Content(1)}


def test_what_cannot_be_written_down_is_said_and_the_rest_goes_on(
    store: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    shelf, told = Shelf(a=object()), list[str]()

    async def story() -> None:
        keeper = Keeper(store, told.append)
        keeper.adopt(shelf)
        await keeper.save()
        shelf.things[("a",)] = "text"
        await keeper.save()

    asyncio.run(story())
    assert told == ["The home is not kept now: the log says why.", "The home is kept again."]
    assert "Keeping failed: TypeError" in caplog.text
    assert store.read(SHELF) == {("a",): Content("text")}


def test_it_looks_by_itself_every_second(store: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keeper_module.PERIOD == 1.0
    monkeypatch.setattr(keeper_module, "PERIOD", 0.01)
    shelf = Shelf()

    async def story() -> None:
        keeper = Keeper(store, pytest.fail)
        keeper.adopt(shelf)
        keeper.start()
        shelf.things[("a",)] = 1
        async with asyncio.timeout(5):
            while not store.written:
                await asyncio.sleep(0.01)

    asyncio.run(story())
    assert store.read(SHELF) == {("a",): Content(1)}
