"""Where the faces in a photo are: dlib's HOG detector, at no more pixels than it needs.

Its window is 80 pixels and slides over a picture reduced again and again by 5/6. A look at a
smaller picture therefore tries the very windows that a look at a larger one tries last: large
faces are found in the small picture, at a fifteenth of the time, and small ones in the large.
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import dlib
import numpy as np
from PIL import Image

from local.faces.picture import KEPT_SIDE, Photo

_FIRST_LOOK: Final = 1280
"""Pixels of the longer side: a 40 px face is still found, at a third of the time of 1920."""

_MIN_SCORE: Final = 0.2
"""Detector scores below it were false alarms on the measured photos."""

_UPSAMPLE: Final = 1
"""Doublings of a whole look's picture: they bring a 40 px face up to the window."""

_STEP: Final = 5 / 6
"""How much smaller each picture of dlib's own pyramid is than the one before."""

_QUICK_STEPS: Final = (12, 8, 4)
"""The quick looks, in steps below the whole one: each has four times the pixels of the last."""

_SMALLEST_LOOK: Final = 240
"""Pixels; a smaller picture shows only faces over a third of its width, and is not looked at."""

_DECODED: Final = 640
"""Pixels of the longer side that a photo is decoded to at least: a small look's face is sharp."""


class Found(NamedTuple):
    """A face's edges as ratios of the picture's sides, and the detector's score, 0.2 and more."""

    left: float
    top: float
    right: float
    bottom: float
    score: float

    @property
    def area(self) -> float:
        """As a share of the picture."""
        return (self.right - self.left) * (self.bottom - self.top)

    def rectangle(self, width: int, height: int) -> Any:
        """dlib's rectangle in a picture of this size."""
        return dlib.rectangle(
            round(self.left * width),
            round(self.top * height),
            round(self.right * width),
            round(self.bottom * height),
        )


class Detector:
    """One detector for one thread: shared by two, it crashes the process."""

    def __init__(self) -> None:
        self._detector = dlib.get_frontal_face_detector()

    def largest(self, photo: Photo) -> list[Found]:
        """The largest face alone, or []: looked for in small pictures first, in the whole last.

        It is [] only where `every` gives [], and raises UnreadablePicture as that does.
        """
        for side in _quick_sides(photo.side):
            found = self._look(photo.at(max(side, _DECODED)), side, 0)
            if found and _is_clear(found):
                return found[:1]
        return self.every(photo)[:1]

    def every(self, photo: Photo) -> list[Found]:
        """All faces from 40 px on (of 1280 px, in a larger picture), the largest first."""
        found = self._look(photo.at(_FIRST_LOOK), _FIRST_LOOK, _UPSAMPLE)
        if found or photo.side <= _FIRST_LOOK:
            return found
        return self._look(photo.at(KEPT_SIDE), KEPT_SIDE, _UPSAMPLE)

    def _look(self, picture: Image.Image, side: int, upsample: int) -> list[Found]:
        """The faces in the picture reduced to `side` pixels, the largest first."""
        scale = min(1.0, side / max(picture.size))
        if scale < 1.0:
            size = (round(picture.width * scale), round(picture.height * scale))
            picture = picture.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        rectangles, scores, _ = self._detector.run(np.asarray(picture), upsample, _MIN_SCORE)
        both = sorted(
            zip(rectangles, scores, strict=True),
            key=lambda each: (-each[0].area(), each[0].left(), each[0].top()),
        )
        return [_found(rectangle, score, picture) for rectangle, score in both]


def _is_clear(found: list[Found]) -> bool:
    """Whether the first is the largest beyond doubt: twice any other, two of dlib's own steps.

    A window is taken for its neighbours now and then, so faces nearer than that may change places.
    """
    return all(2 * other.area <= found[0].area for other in found[1:])


def _quick_sides(whole: int) -> Iterator[int]:
    """The longer sides of the pictures to look at before the whole one, the smallest first."""
    looked_at = min(whole, _FIRST_LOOK) * 2**_UPSAMPLE
    for steps in _QUICK_STEPS:
        side = round(looked_at * _STEP**steps)
        if side >= _SMALLEST_LOOK:
            yield side


def _found(rectangle: Any, score: float, picture: Image.Image) -> Found:
    width, height = picture.size
    return Found(
        rectangle.left() / width,
        rectangle.top() / height,
        rectangle.right() / width,
        rectangle.bottom() / height,
        score,
    )
