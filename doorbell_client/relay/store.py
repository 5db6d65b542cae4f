"""The files that wait for the cloud, in one folder: safe from kill -9, power cuts and full disks.

A file is there once its record is, and the record is written last and removed first. So at
whatever moment the power fails, a file is there whole, or is not there and was not acknowledged.
"""

import logging
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from doorbell_client.errors import SpoolError
from doorbell_client.outbox.disk import Disk, part_of, store
from doorbell_client.outbox.folder_lock import FolderLock
from doorbell_client.relay.contents import gone_files, whole_files
from doorbell_client.relay.incoming import Incoming
from doorbell_client.relay.kept import About, Kept, record_bytes
from doorbell_client.relay.places import Places
from doorbell_client.relay.progress import Progress, progress_bytes, read_progress
from doorbell_client.relay.room import Limits, Room
from doorbell_client.relay.salvage import salvage
from doorbell_client.relay.unanswered import Unanswered

_log = logging.getLogger(__name__)

_READ: Final = 256 * 1024


class Receipt(NamedTuple):
    """What became of a file that came in."""

    kept: Kept
    is_new: bool
    """False: it was there, its camera had only not heard so."""


class Store:
    """One folder, for one process at a time. All its work is for threads that may wait."""

    def __init__(
        self,
        folder: Path,
        limits: Limits = Limits(),  # noqa: B008 - immutable
        *,
        disk: Disk | None = None,
        room: Room | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.places = Places(folder)
        self.room = room or Room(folder, limits)
        self._disk = disk or Disk()
        self._now = now
        self._folder_lock = FolderLock(folder)
        self._lock = threading.Lock()
        self._untold: set[str] = set()
        self._unanswered = Unanswered()

    def open(self) -> list[Kept]:
        """Make the folder ours; what former processes left in it, oldest first.

        Raises SpoolError: no such right, or another process has it.
        """
        self._folder_lock.acquire()
        try:
            return self._load()
        except OSError as error:
            self._folder_lock.release()
            place = self.places.folder
            raise SpoolError(f"The spool {place} cannot be read: {error.strerror}.") from None

    def close(self) -> None:
        """Let another process have the folder."""
        self._folder_lock.release()

    # --- a file comes in -----------------------------------------------------------

    def begin(self, length: int | None = None) -> tuple[str, Incoming]:
        """A new file of so many bytes, if that is known. Raises SpoolFull, OSError."""
        kept = str(uuid.uuid4())
        return kept, Incoming(self.places.data(kept), self.room, self._disk, length)

    def begin_stream(self, about: About) -> tuple[str, Incoming]:
        """A file that no camera sends again: after a crash, what there is of it is kept.

        Raises SpoolFull, OSError.
        """
        kept, incoming = self.begin()
        try:
            self._disk.write(self.places.live(kept), msgspec.json.encode(about))
        except OSError:
            incoming.discard()
            raise
        return kept, incoming

    def discard(self, kept: str, incoming: Incoming) -> None:
        """Nothing of it is kept."""
        incoming.discard()
        self._try_remove(self.places.live(kept))

    def keep(self, kept: str, incoming: Incoming, about: About, *, told: bool = False) -> Receipt:
        """All of it is there: keep it for good. `told`: nobody waits for an answer.

        Raises OSError; then nothing of it is kept.
        """
        try:
            size, digests = incoming.finish()
            file = Kept(kept, about, size, tuple(digests))
            with self._lock:
                if not told and (earlier := self._unanswered.take(file.same_as)):
                    self._untold.add(earlier.id)
                    incoming.discard()
                    return Receipt(earlier, is_new=False)
                if told:
                    self._disk.write(self.places.told(kept), b"")
                else:
                    self._untold.add(kept)
            store(self._disk, self.places.record(kept), record_bytes(file))
        except OSError:
            self._untold.discard(kept)
            record = self.places.record(kept)
            for name in (record, part_of(record), self.places.told(kept)):
                self._try_remove(name)
            incoming.discard()
            raise
        self._try_remove(self.places.live(kept))
        return Receipt(file, is_new=True)

    def answered(self, kept: Kept) -> None:
        """Its camera has heard that it is kept. If that cannot be noted, it is only logged."""
        with self._lock:
            self._untold.discard(kept.id)
            try:
                if self.places.record(kept.id).exists():
                    self._disk.write(self.places.told(kept.id), b"")
                self._disk.remove(self.places.gone(kept.id))
            except OSError as error:
                _log.warning("the next run will not know that %s was told: %s", kept.id, error)

    def not_answered(self, kept: Kept) -> None:
        """The line to its camera broke before that."""
        with self._lock:
            self._unanswered.add(kept)
            for old in self._unanswered.old_ones(self._now()):
                self._untold.discard(old.id)
                self._try_remove(self.places.gone(old.id))

    # --- a file goes out -----------------------------------------------------------

    def read(self, kept: Kept, offset: int, size: int) -> bytes:
        """Some of its bytes. Raises OSError."""
        with self.places.data(kept.id).open("rb", buffering=0) as stream:
            stream.seek(offset)
            return stream.read(min(size, _READ))

    def progress(self, kept: Kept) -> Progress | None:
        """How far its upload had come. Raises OSError."""
        try:
            return read_progress(self.places.upload(kept.id).read_bytes())
        except FileNotFoundError:
            return None

    def save(self, kept: Kept, progress: Progress | None) -> None:
        """Write down how far its upload has come; None: it begins again. Raises OSError."""
        file = self.places.upload(kept.id)
        if progress is None:
            self._disk.remove(file)
        else:
            store(self._disk, file, progress_bytes(progress))

    def forget(self, kept: Kept) -> None:
        """It is in the cloud. Raises OSError."""
        places = self.places
        with self._lock:
            if kept.id in self._untold:
                self._disk.rename(places.record(kept.id), places.gone(kept.id))
            else:
                self._disk.remove(places.record(kept.id))
        # The record first: bytes alone are no file, and the next `open` removes them.
        self._disk.sync(places.folder)
        for file in (places.data(kept.id), places.upload(kept.id), places.told(kept.id)):
            self._disk.remove(file)
        self.room.give_back(kept.size)

    # --- what is there -------------------------------------------------------------

    def peek(self) -> list[Kept]:
        """What waits, without touching anything: for another process. Raises SpoolError."""
        folder = self.places.folder
        try:
            return whole_files(self.places) if folder.exists() else []
        except OSError as error:
            raise SpoolError(f"The spool {folder} cannot be read: {error.strerror}.") from None

    def _load(self) -> list[Kept]:
        unsaved = salvage(self.places, self._disk)
        files = whole_files(self.places)
        for file in files:
            self.room.fill(file.size)
            if not self.places.told(file.id).exists():
                self._untold.add(file.id)
                self._unanswered.add(file)
        gone = gone_files(self.places)
        for each in gone:
            self._untold.add(each.id)
            self._unanswered.add(each)
        # A record that cannot be read stays with its bytes: somebody may be able to.
        for leftover in self.places.leftovers(
            set(self.places.ids("json")), {each.id for each in gone}, unsaved
        ):
            self._try_remove(leftover)
        for stranger in self.places.strangers():
            _log.warning("%r in %s is not ours", stranger.name, self.places.folder)
        return files

    def _try_remove(self, file: Path) -> None:
        try:
            self._disk.remove(file)
        except OSError as error:
            _log.warning("%s cannot be removed: %s", file, error.strerror)
