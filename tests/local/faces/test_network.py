"""The face network run by numpy: dlib's own numbers, and no other file's."""

import io
from pathlib import Path
from typing import Any

import dlib
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from demo.people import Person, door_photo
from local.faces.embedder import models
from local.faces.errors import UnknownWeights
from local.faces.network import CHIP_SIDE, Network

FILE = models() / "dlib_face_recognition_resnet_model_v1.dat"


@pytest.fixture(scope="module")
def network() -> Network:
    """The network, in this process."""
    return Network(FILE)


@pytest.fixture(scope="module")
def reference() -> Any:
    """dlib's own network on the same weights."""
    return dlib.face_recognition_model_v1(str(FILE))


def middle_of(picture: bytes) -> NDArray[np.uint8]:
    """150 by 150 pixels around the picture's middle."""
    image = Image.open(io.BytesIO(picture))
    left, top = (image.width - CHIP_SIDE) // 2, (image.height - CHIP_SIDE) // 2
    return np.asarray(image.crop((left, top, left + CHIP_SIDE, top + CHIP_SIDE)))


CHIPS = {
    **{person.value: middle_of(door_photo(person, 2)) for person in Person},
    "black": np.zeros((CHIP_SIDE, CHIP_SIDE, 3), np.uint8),
    "white": np.full((CHIP_SIDE, CHIP_SIDE, 3), 255, np.uint8),
    "noise": np.random.default_rng(0).integers(0, 256, (CHIP_SIDE, CHIP_SIDE, 3), np.uint8),
}


@pytest.mark.parametrize("name", CHIPS)
def test_the_numbers_are_dlibs_own(network: Network, reference: Any, name: str) -> None:
    """Each of the 128 is dlib's within 1e-5; adding in another order moves them by 1e-6."""
    expected = np.array(reference.compute_face_descriptor(CHIPS[name]))
    vector = network.vector(CHIPS[name])
    assert vector.dtype == np.float32
    assert vector == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize("cut", [0, 100, 1_000_000, 22_400_000])
def test_a_file_cut_short_is_named(tmp_path: Path, cut: int) -> None:
    """Weights that are not all there are refused at once, not at the first face."""
    file = tmp_path / "weights.dat"
    file.write_bytes(FILE.read_bytes()[:cut])
    with pytest.raises(UnknownWeights, match=r"weights\.dat"):
        Network(file)


def test_another_networks_file_is_named() -> None:
    """The file of landmarks is no face network."""
    with pytest.raises(UnknownWeights, match="landmarks"):
        Network(FILE.with_name("shape_predictor_5_face_landmarks.dat"))
