"""All that is made here: JPEGs into films, and parts into whole ones."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from filmmaker.errors import NoPictures
from filmmaker.gif import write_gif
from filmmaker.join import join as join
from filmmaker.mp4 import write_mp4
from filmmaker.picture_file import PictureFile
from filmmaker.pictures import Fitting, Size
from filmmaker.pictures import size_of_first as size_of_first

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Made(NamedTuple):
    """A film that was made."""

    frames: int
    """Pictures in it. One that rebounds shows most of them twice."""
    skipped: int
    """Frames that were no pictures."""
    fitted: int
    """Pictures of another shape than the film's, with black bars."""
    size: Size


def make_mp4(
    jpegs: Iterable[bytes],
    into: Path,
    *,
    fps: float,
    width: int = 1280,
    size: tuple[int, int] | None = None,
    rebound: bool = False,
) -> Made:
    """An MP4 (H.264, 4:2:0, its index in front), no wider than `width` or exactly of this `size`.

    Takes one picture after another, so that its memory does not grow with them; one that rebounds
    keeps them on disk until it is made. Raises NoPictures.
    """
    fitting = Fitting(width, even=True, size=Size(*size) if size else None)
    pictures = fitting.pictures(jpegs)
    if rebound:
        with PictureFile(pictures) as kept:
            write_mp4(chain(kept.forwards(), kept.backwards()), into, fps)
    else:
        write_mp4(pictures, into, fps)
    return _made(fitting)


def make_gif(
    jpegs: Iterable[bytes], into: Path, *, fps: float, width: int = 480, rebound: bool = False
) -> Made:
    """A GIF that goes round for ever, no wider than `width`.

    Its pictures are on disk until it is made: 600 KB each at 540 by 405. Raises NoPictures.
    """
    fitting = Fitting(width)
    with PictureFile(fitting.pictures(jpegs)) as kept:
        if not kept:
            raise NoPictures()
        write_gif(kept, into, fps, rebound=rebound)
    return _made(fitting)


def _made(fitting: Fitting) -> Made:
    if fitting.size is None or not fitting.taken:
        raise NoPictures()
    return Made(fitting.taken, fitting.skipped, fitting.fitted, fitting.size)
