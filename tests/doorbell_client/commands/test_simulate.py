"""`doorbell simulate`: which pictures it takes, and what it needs."""

import io
import sys
from pathlib import Path

import pytest

from doorbell_client.commands.simulate import find_camera, simulate
from doorbell_client.config.profile import Profile
from doorbell_client.config.schema import Camera, Config
from doorbell_client.errors import CameraError, ConfigError
from doorbell_client.hardware.absent import NoCamera
from doorbell_client.hardware.stills import StillsCamera


def profile(folder: Path) -> Profile:
    return Profile(Config(camera=Camera(folder=folder)), None, False, {})


def test_pictures_are_the_named_ones_else_the_configured_else_me(
    tmp_path: Path, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    absent = tmp_path / "absent"
    assert isinstance(find_camera(profile(absent), None), NoCamera)
    (pictures / "ann.jpeg").rename(tmp_path / "me.jpeg")
    found = find_camera(profile(absent), None)
    assert isinstance(found, StillsCamera)
    assert found.upcoming.name == "me.jpeg"
    found = find_camera(profile(pictures), None)
    assert isinstance(found, StillsCamera)
    assert found.upcoming.name == "bob.jpeg"
    with pytest.raises(CameraError):
        find_camera(profile(pictures), absent)


def test_without_a_terminal_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(ConfigError, match="no terminal"):
        simulate(profile(Path("absent")), None)
