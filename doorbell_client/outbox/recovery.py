"""What a crash, a full disk or somebody else has left in the spool's folder.

Nothing that lies there stops a door from starting: what cannot be read is named in the log and
moved aside.
"""

import logging
from collections.abc import Container, Iterator
from pathlib import Path
from typing import Final

from doorbell_client.clock import Moment
from doorbell_client.outbox.disk import keep, part_of
from doorbell_client.outbox.files import Files, press_file
from doorbell_client.outbox.record import Record, read_record, record_bytes

_log = logging.getLogger(__name__)

ASIDE: Final = "aside"
"""The folder below the spool's for files that are not ours or not whole."""

MOST_ASIDE: Final = 20
"""More of them are a nuisance and no help; the oldest go."""


def recover(files: Files, live: Container[str], now: Moment) -> Iterator[Record]:
    """The presses that former processes left; `live` are those of this one. Raises OSError."""
    presses = {file.press for file in files.of_presses() if not file.is_photo}
    for press in sorted(press for press in presses if press not in live):
        record = read_record(files.record(press))
        yield record if record is not None else _salvaged(files, press, now)


def sweep(files: Files, known: Container[str], live: Container[str], own: Container[str]) -> None:
    """Remove what belongs to no `known` press, and move what is not ours aside.

    Files of `live` presses are being written, and `own` names are the spool's. Raises OSError.
    """
    for name in files.names():
        file = press_file(name)
        if file is None:
            if name not in own and name != ASIDE:
                _move_aside(files, files.folder / name)
        elif file.press not in live and _is_leftover(files, name, known):
            files.try_remove(files.folder / name)


def _is_leftover(files: Files, name: str, known: Container[str]) -> bool:
    file = press_file(name)
    assert file is not None
    if file.press not in known:
        # A photo alone is no press. A record that is not known could not be salvaged: it stays.
        return file.is_photo
    return file.is_part and (file.is_photo or files.record(file.press).exists())


def _salvaged(files: Files, press: str, now: Moment) -> Record:
    """A press whose record is torn, damaged or not yet named; with a full disk, too."""
    file = files.record(press)
    record = read_record(part_of(file))
    try:
        if record is not None:
            keep(files.disk, file)
            return record
        torn = file if file.exists() else part_of(file)
        # The name and the file's own time still say that somebody was there, and when.
        record = Record(press, now.at_wall(torn.stat().st_mtime))
        files.disk.write(part_of(file), record_bytes(record))
        if torn == file:
            _move_aside(files, file)
        keep(files.disk, file)
    except OSError as error:
        _log.warning("press %s is kept in memory only: %s", press, error.strerror)
    return record or Record(press, Moment(0.0, "", 0.0))


def _move_aside(files: Files, file: Path) -> None:
    aside = files.folder / ASIDE
    try:
        aside.mkdir(mode=0o700, exist_ok=True)
        file.replace(aside / f"{_first_free(aside)}-{file.name[-80:]}")
        _log.warning("%r in the spool is damaged or not ours; it lies in %s", file.name, aside)
        for old in sorted(each for each in aside.iterdir() if each.is_file())[:-MOST_ASIDE]:
            files.try_remove(old)
    except OSError as error:
        _log.warning("%r in the spool stays where it is: %s", file.name, error.strerror)


def _first_free(folder: Path) -> str:
    numbers = [int(each.name[:6]) for each in folder.iterdir() if each.name[:6].isdigit()]
    return f"{max(numbers, default=0) + 1:06d}"
