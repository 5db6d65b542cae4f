"""A stream that was being fetched when the program or the machine died: what there is, is kept.

Nobody will send it again. A Matroska file that ends in the middle opens up to there; an MP4 does
not, so of that nothing is left.
"""

import io
import logging
from typing import Final

import msgspec

from doorbell_client.outbox.disk import Disk, keep, part_of, store
from doorbell_client.relay.kept import About, Kept, record_bytes
from doorbell_client.relay.parts import hashed
from doorbell_client.relay.places import Places

_log = logging.getLogger(__name__)

LEAST_BYTES: Final = 4096
"""Less is a head without a picture."""


def salvage(places: Places, disk: Disk) -> set[str]:
    """Make whole files of them; what nobody can open is left to be cleared. Raises OSError.

    Returns the ids of those that the disk, a full one say, does not let us save now: they must
    stay, and the next start tries again.
    """
    known = set(places.ids("json"))
    unsaved = set()
    for kept in places.ids("live"):
        if kept not in known:
            try:
                _salvage(places, disk, kept)
            except (FileNotFoundError, msgspec.DecodeError) as error:
                _log.warning("what was fetched of a stream before is lost: %s", error)
            except OSError as error:
                _log.error("what was fetched of a stream waits for the next start: %s", error)
                unsaved.add(kept)
                continue
        disk.remove(places.live(kept))
    return unsaved


def _salvage(places: Places, disk: Disk, kept: str) -> None:
    about = msgspec.json.decode(places.live(kept).read_bytes(), type=About)
    data = places.data(kept)
    if not data.exists():
        size = part_of(data).stat().st_size
        if about.type != "video/x-matroska" or size < LEAST_BYTES:
            return
        keep(disk, data)
    with io.FileIO(data) as stream:
        hasher = hashed(stream)
    disk.write(places.told(kept), b"")
    file = Kept(kept, about, hasher.size, tuple(hasher.digests()))
    store(disk, places.record(kept), record_bytes(file))
    _log.info("a stream of %s that was cut off is kept as far as it came", about.camera)
