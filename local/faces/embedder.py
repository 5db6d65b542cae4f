"""Faces in a picture: where they are, how they stand, and 128 numbers that tell them apart.

dlib's HOG detector finds them, its 5-point file places the eyes, its ResNet gives the numbers.
The 68-point file is never opened: it was trained on data that excludes commercial use. An
`Embedder` belongs to one thread: a HOG detector shared by two crashes the process.
"""

import importlib.util
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

import dlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from local.faces.detector import Detector, Found
from local.faces.face import MAX_FACES, Box, Face, Landmark, Pose, Quality
from local.faces.network import CHIP_SIDE, Network
from local.faces.picture import Photo

PADDING: Final = 0.25
"""How much is cut out round a face, as a share of it: what the network was trained on."""

_SHARP: Final = 150
"""Pixels of a face's width: what is cut out of it is then larger than `CHIP_SIDE` already."""

_WARM_UP: Final = (240, 320, 3)
"""The grey picture's shape; one of a door's size would take four times as long."""


class Embedder:
    """The loaded models: about 0.3 s and 120 MB."""

    def __init__(self) -> None:
        files = models()
        self._detector = Detector()
        self._predictor = dlib.shape_predictor(str(files / "shape_predictor_5_face_landmarks.dat"))
        self._network = Network(files / "dlib_face_recognition_resnet_model_v1.dat")

    def faces(self, content: bytes, limit: int = MAX_FACES) -> list[Face]:
        """The faces in a JPEG or PNG, largest first, at most `limit`; [] when there is none.

        Raises UnreadablePicture, PictureTooLarge, PictureTooSmall.
        """
        photo = Photo(content)
        found = self._detector.largest(photo) if limit == 1 else self._detector.every(photo)[:limit]
        if not found:
            return []
        pixels = np.asarray(_sharp(photo, found))
        return [self._face(pixels, each) for each in found]

    def warm_up(self) -> None:
        """Do everything once on a grey picture, for the first time takes 20 ms longer."""
        pixels = np.full(_WARM_UP, 128, np.uint8)
        content = io.BytesIO()
        Image.fromarray(pixels).save(content, "JPEG")
        self.faces(content.getvalue(), 1)
        self._face(pixels, Found(0.3, 0.3, 0.7, 0.7, 1.0))

    def _face(self, pixels: NDArray[np.uint8], found: Found) -> Face:
        height, width = pixels.shape[:2]
        rectangle = found.rectangle(width, height)
        shape = self._predictor(pixels, rectangle)
        points = [(shape.part(i).x, shape.part(i).y) for i in range(5)]
        chip = dlib.get_face_chip(pixels, shape, CHIP_SIDE, PADDING)
        return Face(
            box=Box(
                rectangle.left() / width,
                rectangle.top() / height,
                rectangle.width() / width,
                rectangle.height() / height,
            ),
            confidence=_confidence(found.score),
            landmarks=tuple(
                Landmark(name, x / width, y / height) for name, (x, y) in _named(points).items()
            ),
            pose=_pose(points),
            quality=_quality(pixels, rectangle),
            vector=self._network.vector(chip),
        )


def models() -> Path:
    """Where the installed files of weights are. Raises ModuleNotFoundError."""
    # Importing the package itself asks for setuptools' pkg_resources; its place is enough.
    spec = importlib.util.find_spec("face_recognition_models")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("face_recognition_models is not installed")
    return Path(spec.submodule_search_locations[0]) / "models"


def _sharp(photo: Photo, found: Sequence[Found]) -> Image.Image:
    """The photo decoded so that each of these faces is `_SHARP` pixels wide, if it can be."""
    narrowest = min(each.right - each.left for each in found)
    return photo.at(min(photo.side, math.ceil(_SHARP / narrowest)))


def _confidence(score: float) -> float:
    """A detector score as Rekognition's percentage: 0.2 is 90 %, 1.0 is 99.9 %."""
    return 100 / (1 + math.exp(-(1 + 6 * score)))


Point: TypeAlias = tuple[float, float]


def _named(points: list[Point]) -> dict[str, Point]:
    """dlib's five points under Rekognition's names, left and right as the picture shows them."""
    right_outer, right_inner, left_outer, left_inner, nose = points
    return {
        "eyeLeft": _middle(left_outer, left_inner),
        "eyeRight": _middle(right_outer, right_inner),
        "nose": nose,
        "leftEyeLeft": left_outer,
        "leftEyeRight": left_inner,
        "rightEyeLeft": right_inner,
        "rightEyeRight": right_outer,
    }


def _middle(a: Point, b: Point) -> Point:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _pose(points: list[Point]) -> Pose:
    named = _named(points)
    (left_x, left_y), (right_x, right_y) = named["eyeLeft"], named["eyeRight"]
    across = np.array([right_x - left_x, right_y - left_y])
    apart = float(np.hypot(*across)) or 1.0
    nose = np.array(named["nose"]) - _middle(named["eyeLeft"], named["eyeRight"])
    sideways = float(nose @ across) / apart**2
    down = float(across[0] * nose[1] - across[1] * nose[0]) / apart**2
    return Pose(
        roll=math.degrees(math.atan2(across[1], across[0])),
        yaw=_degrees(sideways),
        # On a face seen straight the nose's base stands 0.7 eye distances below the eyes.
        pitch=_degrees(0.7 - down),
    )


def _degrees(offset: float) -> float:
    return math.degrees(math.asin(max(-1.0, min(1.0, offset))))


def _quality(pixels: NDArray[np.uint8], rectangle: Any) -> Quality:
    top, left = max(0, rectangle.top()), max(0, rectangle.left())
    face = pixels[top : rectangle.bottom() + 1, left : rectangle.right() + 1].mean(axis=2)
    across, down = np.abs(np.diff(face, axis=1)).mean(), np.abs(np.diff(face, axis=0)).mean()
    return Quality(
        brightness=float(face.mean()) / 2.55, sharpness=min(100.0, 10 * float(across + down))
    )
