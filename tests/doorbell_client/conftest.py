"""Pictures for the camera of the terminal door."""

from pathlib import Path

import pytest
from PIL import Image


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, colour in (("ann.jpeg", "red"), ("bob.jpeg", "blue")):
        Image.new("RGB", (640, 480), colour).save(folder / name)
    return folder
