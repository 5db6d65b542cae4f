"""What of files lies in the relay's folder, as far as it can be read."""

import logging
from pathlib import Path

import msgspec

from doorbell_client.relay.kept import Kept, read_record
from doorbell_client.relay.places import Places

_log = logging.getLogger(__name__)


def whole_files(places: Places) -> list[Kept]:
    """The files that are all there, oldest first. Raises OSError."""
    found = (_read(places.record(kept)) for kept in places.ids("json"))
    whole = [each for each in found if each is not None and _is_whole(places, each)]
    return sorted(whole, key=lambda each: (each.about.taken_at, each.id))


def gone_files(places: Places) -> list[Kept]:
    """The files that are in the cloud while their camera may not know. Raises OSError."""
    found = (_read(places.gone(kept)) for kept in places.ids("gone"))
    return [each for each in found if each is not None]


def _read(file: Path) -> Kept | None:
    try:
        found = read_record(file.read_bytes())
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
        _log.error("%s cannot be read (%s); it stays where it is", file, type(error).__name__)
        return None
    return found if found.id == file.stem else None


def _is_whole(places: Places, file: Kept) -> bool:
    try:
        size = places.data(file.id).stat().st_size
    except OSError:
        size = -1
    if size != file.size:
        _log.error("the bytes of %s are not all there; it is not sent", file.id)
    return size == file.size
