"""A resident is forgotten: afterwards nothing of the home bears the name, and nothing shows them.

More than `residents.remove`, which is for somebody who stays and shall not be known by face.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from doorbell.household.devices import close_sockets

if TYPE_CHECKING:
    from collections.abc import Collection

    from doorbell.household.ports import HomeDevices, PhotoStore, StoredKeys, Traces
    from doorbell.ports import Connections, Faces, Sockets


class Memory(NamedTuple):
    """Where a home remembers its residents."""

    devices: HomeDevices
    connections: Connections
    sockets: Sockets
    traces: Traces
    store: PhotoStore
    stored: StoredKeys
    faces: Faces


def forget(memory: Memory, home: str, resident: str, rings: Collection[str] = ()) -> int:
    """How much there was; done again after it broke off in between, it does the rest.

    `rings` were found to be theirs before, when there were rows that say so: a film of one may be
    written a moment later.

    Their phones first: from then on nobody answers in their name, and no code goes to them. The
    rows last, for they say whose photos, films and faces these were.
    """
    phones = _revoke_phones(memory, home, resident)
    objects = _forget_objects(memory, home, resident, rings)
    memory.faces.remove(home, memory.traces.faces(home, resident))
    return phones + objects + memory.traces.remove(home, resident)


def _revoke_phones(memory: Memory, home: str, resident: str) -> int:
    """A household's phone stays. The last manager goes, too: the operator can add another."""
    theirs = [each for each in memory.devices.all(home) if each.resident == resident]
    for phone in theirs:
        memory.devices.remove(home, phone.id)
        close_sockets(memory.connections, memory.sockets, home, phone.id)
    return len(theirs)


def _forget_objects(memory: Memory, home: str, resident: str, rings: Collection[str]) -> int:
    """Photos that enrolled them, and what their rings left: photo, burst, films."""
    prefixes = [f"residents/{home}/{resident}/"]
    theirs = {*rings, *memory.traces.rings(home, resident)}
    prefixes += [f"guest/{home}/{ring}/" for ring in sorted(theirs)]
    keys = {key for prefix in prefixes for key in memory.stored.keys(prefix)}
    keys.update(memory.traces.photos(home, resident))
    for key in sorted(keys):
        memory.store.delete(key)
    return len(keys)
