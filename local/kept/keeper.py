"""Writes down what has changed of the home, a second later, and puts it back where it is made anew.

It looks on the server's event loop, where the emulator's requests are answered one after the other:
so a transaction is seen whole or not at all. Writing is done in a thread of its own. What is held
is never changed in place, only replaced, so an object that is still the same one is unchanged.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple, Protocol

from local.errors import LocalError
from local.kept.store import Change, Content, Name, Owner, Store

log = logging.getLogger(__name__)

PERIOD: Final = 1.0
"""Seconds between two looks: what is lost at most when everything is killed, beside the writing."""


class Place(Protocol):
    """One thing of the emulator whose contents are kept."""

    @property
    def owner(self) -> Owner:
        """What it is called, the same at every start."""
        ...

    def held(self) -> Mapping[Name, Any]:
        """What it holds now; the very same object for as long as that does not change."""
        ...

    def packed(self, thing: Any) -> Content:
        """One thing that `held` gave, as a record."""
        ...

    def put_back(self, records: Mapping[Name, Content]) -> None:
        """Fill it, without anything that follows from a change."""
        ...


class _Seen(NamedTuple):
    """A place, and of what it holds all that is written."""

    place: Place
    written: dict[Name, Any]


class _Difference(NamedTuple):
    """What is to be written of a place."""

    seen: _Seen
    put: dict[Name, Any]
    gone: list[Name]


class Keeper:
    """Keeps places in a store."""

    def __init__(self, store: Store, warn: Callable[[str], None]) -> None:
        """`warn` is told, once each, that the home cannot be kept, and that it is again."""
        self._store = store
        self._warn = warn
        self._seen: dict[Owner, _Seen] = {}
        self._saving = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="keeper")
        self._failing = False

    def adopt(self, place: Place) -> None:
        """Put back what was kept of a place that was just made, and keep it from now on.

        Raises KeptDamaged, NotKept.
        """
        records = self._store.read(place.owner)
        place.put_back(records)
        held = place.held()
        # What is new, and what was not put back, is for the next look to write.
        self._seen[place.owner] = _Seen(place, {name: held.get(name) for name in records})

    def keeps(self, owner: Owner) -> bool:
        """Whether it has this place already."""
        return owner in self._seen

    def start(self) -> None:
        """Keep, for as long as the running event loop runs."""
        self._running = asyncio.create_task(self._run())

    async def save(self) -> None:
        """Write what has changed. If that fails it is tried again at the next call."""
        async with self._saving:
            try:
                await self._write_differences()
            except LocalError as error:
                self._report(failing=True, text=f"The home is not kept now: {error}")
            except Exception as error:
                # Rows and faces stay out of the log; where it happened is enough to find it.
                log.exception("Keeping failed: %s", type(error).__name__)
                self._report(failing=True, text="The home is not kept now: the log says why.")
            else:
                self._report(failing=False, text="The home is kept again.")

    async def save_last(self) -> None:
        """Write what has changed, and then, with the loop held up, what has changed meanwhile:
        when this returns, nobody was told of anything that is not written.
        """
        await self.save()
        found = (_difference(seen) for seen in list(self._seen.values()))
        if differences := [each for each in found if each.put or each.gone]:
            self._thread.submit(self._write, differences).result()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(PERIOD)
            await self.save()

    async def _write_differences(self) -> None:
        found = (_difference(seen) for seen in list(self._seen.values()))
        differences = [each for each in found if each.put or each.gone]
        if differences:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thread, self._write, differences)

    def _write(self, differences: list[_Difference]) -> None:
        self._store.write(_change(each) for each in differences)
        for (_, written), put, gone in differences:
            written.update(put)
            for name in gone:
                del written[name]

    def _report(self, *, failing: bool, text: str) -> None:
        if failing is not self._failing:
            self._failing = failing
            self._warn(text)


def _difference(seen: _Seen) -> _Difference:
    held, written = seen.place.held(), seen.written
    put = {name: it for name, it in held.items() if written.get(name) is not it}
    return _Difference(seen, put, [name for name in written if name not in held])


def _change(difference: _Difference) -> Change:
    place = difference.seen.place
    put = {name: place.packed(it) for name, it in difference.put.items()}
    return Change(place.owner, put, difference.gone)
