"""A camera made of picture files: what a laptop has, and every test."""

import itertools
from pathlib import Path
from typing import Final

from doorbell_client.door.parts import Photo, Shape
from doorbell_client.errors import CameraError
from doorbell_client.hardware import jpeg

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp"})
"""Files that count as pictures; others in the folder are passed over."""


class StillsCamera:
    """Gives the pictures of a folder in turn, by name, or one file again and again."""

    def __init__(self, path: Path, *, moves: bool = False) -> None:
        """Raises CameraError if there is no picture at `path`.

        `moves`: the frames of a film come in turn, too. Without it they show the latest picture:
        the film of a ring must not show other people than its photo.
        """
        self._moves = moves
        self._pictures = _pictures(path)
        self._latest = self._pictures[0]
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
        self._latest = self.upcoming
        self.skip()
        return Photo(jpeg.bounded(_read(self._latest)), self._latest.name)

    def frame(self, shape: Shape) -> bytes:
        """A picture as a frame of a film. Raises CameraError."""
        if self._moves:
            self._latest = self.upcoming
            self.skip()
        return jpeg.frame_of(_read(self._latest), shape)

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
        return picture.read_bytes()
    except OSError as error:
        raise CameraError(f"{picture} cannot be read: {error}") from error
