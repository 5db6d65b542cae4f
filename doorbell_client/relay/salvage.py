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


def salvage(places: Places, disk: Disk) -> None:
    """Make whole files of them; what cannot be saved is left to be cleared. Raises OSError."""
    known = set(places.ids("json"))
    for kept in places.ids("live"):
        if kept not in known:
            try:
                _salvage(places, disk, kept)
            except (OSError, msgspec.DecodeError) as error:
                _log.warning("what was fetched of a stream before is lost: %s", error)
        disk.remove(places.live(kept))


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
