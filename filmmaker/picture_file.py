"""Pictures of one size on disk, so that a film of any length costs no memory."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING, Self

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class PictureFile:
    """RGB pictures, uncompressed, in a file that is gone when it is closed."""

    def __init__(self, pictures: Iterable[Image.Image]) -> None:
        """Takes all of them."""
        # Closed with this, and gone then: a name of its own it never had.
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._size = (0, 0)
        self._count = 0
        try:
            for picture in pictures:
                self._size = picture.size
                self._file.write(picture.tobytes())
                self._count += 1
        except BaseException:
            self._file.close()
            raise

    def __len__(self) -> int:
        return self._count

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getitem__(self, number: int) -> Image.Image:
        """The picture of this number, from 0. Raises IndexError."""
        if not 0 <= number < self._count:
            raise IndexError(number)
        length = self._size[0] * self._size[1] * 3
        self._file.seek(number * length)
        return Image.frombytes("RGB", self._size, self._file.read(length))

    def forwards(self) -> Iterator[Image.Image]:
        """All of them."""
        return (self[number] for number in range(self._count))

    def backwards(self) -> Iterator[Image.Image]:
        """From the last but one to the second: what follows `forwards` in a film that rebounds.

        Neither end is shown twice when it begins again.
        """
        return (self[number] for number in range(self._count - 2, 0, -1))
