"""The few things the device asks of a disk, so that tests can fail between any two."""

import io
import os
from pathlib import Path
from typing import Final


class Disk:
    """Plain system calls; each raises OSError. Nothing survives a power cut before `sync`."""

    def write(self, file: Path, content: bytes) -> None:
        """`content` alone in `file`, readable by this user only."""
        with self.create(file) as stream:
            write_all(stream, content)

    def create(self, file: Path) -> io.FileIO:
        """`file`, empty, to be written piece by piece; readable by this user only."""
        return io.FileIO(file, "w+", opener=_for_this_user)

    def sync(self, file: Path) -> None:
        """Until power may fail: what `file` holds, or, for a folder, which names it holds."""
        fd = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)

    def rename(self, file: Path, name: Path) -> None:
        """`file` is called `name` from now on, atomically; an older file of that name is gone."""
        file.replace(name)

    def remove(self, file: Path) -> None:
        """No such file any more; nothing happens if there was none."""
        file.unlink(missing_ok=True)


def write_all(stream: io.FileIO, content: bytes | memoryview) -> None:
    """Write all of it, in as many calls as the system wants. Raises OSError."""
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) :]


def _for_this_user(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CLOEXEC, 0o600)


PART: Final = ".part"
"""What a file's name ends with until all of it is there."""


def part_of(file: Path) -> Path:
    """The name of `file` while it is being written."""
    return file.with_name(file.name + PART)


def keep(disk: Disk, file: Path) -> None:
    """Give a written part its name for good: afterwards a power cut leaves all of it or nothing."""
    disk.sync(part_of(file))
    disk.rename(part_of(file), file)
    disk.sync(file.parent)


def store(disk: Disk, file: Path, content: bytes) -> None:
    """Write `file` so that a crash at any moment leaves the old content or the new."""
    disk.write(part_of(file), content)
    keep(disk, file)
