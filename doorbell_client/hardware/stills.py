"""A camera made of picture files: what a laptop has, and every test."""

import itertools
from pathlib import Path
from typing import Final

from doorbell_client.door.parts import Photo
from doorbell_client.errors import CameraError
from doorbell_client.hardware import jpeg

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp"})
"""Files that count as pictures; others in the folder are passed over."""


class StillsCamera:
    """Gives the pictures of a folder in turn, by name, or one file again and again."""

    def __init__(self, path: Path) -> None:
        """Raises CameraError if there is no picture at `path`."""
        self._pictures = _pictures(path)
        self._turn = itertools.cycle(range(len(self._pictures)))
        self._next = next(self._turn)

    @property
    def upcoming(self) -> Path:
        """The picture that the next `capture` gives."""
        return self._pictures[self._next]

    def skip(self) -> None:
        """Leave out the picture whose turn it is."""
        self._next = next(self._turn)

    def take(self) -> Photo:
        """The picture whose turn it is, read now. Raises CameraError."""
        picture = self.upcoming
        self.skip()
        return Photo(_read(picture), picture.name)

    def close(self) -> None:
        """Nothing is held open."""


def _pictures(path: Path) -> list[Path]:
    try:
        files = [path] if path.is_file() else sorted(path.iterdir())
    except OSError as error:
        raise CameraError(f"No pictures at {path}: {error.strerror}.") from error
    pictures = [file for file in files if file.is_file() and file.suffix.lower() in SUFFIXES]
    if not pictures:
        kinds = ", ".join(sorted(SUFFIXES))
        raise CameraError(f"There is no picture ({kinds}) at {path}.")
    return pictures


def _read(picture: Path) -> bytes:
    try:
        return jpeg.bounded(picture.read_bytes())
    except OSError as error:
        raise CameraError(f"{picture} cannot be read: {error}") from error
