"""The cameras' file is closed, each camera has its own secrets, and no error shows one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell_client.config.cameras import Camera, cameras_in, read_cameras
from doorbell_client.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = """
[garden]
token = " home.garden.s3cret "
user = "axis"
password = "rosebud"

["back yard"]
token = "home.yard.s3cret"
rtsp = "rtsp://relay:rosebud@192.0.2.1:8554/stream1"
container = "mp4"
"""


def test_a_camera_is_what_its_table_says_and_its_name_and_token_else() -> None:
    garden, yard = cameras_in(WHOLE, "the file")
    assert garden == Camera("garden", "home.garden.s3cret", "axis", "rosebud")
    assert (yard.name, yard.user, yard.password) == ("back yard", "back yard", "home.yard.s3cret")
    assert (yard.rtsp, yard.container) == ("rtsp://relay:rosebud@192.0.2.1:8554/stream1", "mp4")


def test_nothing_secret_is_in_what_is_printed_of_a_camera() -> None:
    for camera in cameras_in(WHOLE, "the file"):
        assert "s3cret" not in repr(camera)
        assert "rosebud" not in f"{camera}"


TOKEN = 'token = "home.garden.s3cret"'


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "names no camera"),
        ("[garden]\ntoken = rosebud\n", "not TOML: line 2, column"),
        ("[garden]\n[garden", "not TOML"),
        ('garden = "rosebud"', r"line 1: \[garden\] is no camera"),
        (f"\n[garden]\n{TOKEN}\ntokn = 1", r"line 2: \[garden\] is no camera"),
        ('[garden]\ntoken = "two words rosebud"', "no token"),
        ('[garden]\ntoken = ""', "is no camera"),
        (f'[garden]\n{TOKEN}\nuser = "a:rosebud"', "colon"),
        (f'[garden]\n{TOKEN}\npassword = ""', "is no camera"),
        (f'[garden]\n{TOKEN}\nrtsp = "http://rosebud@x"', "no stream in `rtsp`"),
        (f'[garden]\n{TOKEN}\nrtsp = "rtsp://"', "no stream in `rtsp`"),
        (f'[garden]\n{TOKEN}\nrtsp = "rtsp://x:port/"', "no stream in `rtsp`"),
        (f'[garden]\n{TOKEN}\ncontainer = "avi"', "is no camera"),
        (f'["../x"]\n{TOKEN}', "name cannot be"),
        (f"[a]\n{TOKEN}\n[b]\n{TOKEN}", "a and b have the same `token`"),
        (f'[a]\n{TOKEN}\nuser = "x"\n[b]\ntoken = "t"\nuser = "x"', "the same `user`"),
        ("[" * 40000, "not TOML|too deeply"),
    ],
)
def test_what_is_wrong_is_named_by_its_place_and_never_by_its_value(
    content: str, says: str
) -> None:
    with pytest.raises(ConfigError, match=says) as caught:
        cameras_in(content, "/etc/doorbell/cameras.toml")
    assert "/etc/doorbell/cameras.toml" in str(caught.value)
    for secret in ("rosebud", "s3cret"):
        assert secret not in str(caught.value)


def test_a_file_that_others_may_read_is_refused_with_the_mend(tmp_path: Path) -> None:
    file = tmp_path / "cameras.toml"
    file.write_text(WHOLE)
    file.chmod(0o644)
    with pytest.raises(ConfigError, match=f"chmod 600 {file}"):
        read_cameras({}, file)
    file.chmod(0o600)
    assert len(read_cameras({}, file)) == 2


def test_a_file_of_many_cameras_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "cameras.toml"
    file.write_text("".join(f'[camera-{n}]\ntoken = "home.c{n}.s3cret"\n' for n in range(500)))
    file.chmod(0o600)
    assert len(read_cameras({}, file)) == 500


def test_the_environment_and_systemd_may_hold_them(tmp_path: Path) -> None:
    (tmp_path / "cameras").write_text(WHOLE)
    assert len(read_cameras({"DOORBELL_CAMERAS": WHOLE}, tmp_path / "none")) == 2
    assert len(read_cameras({"CREDENTIALS_DIRECTORY": str(tmp_path)}, tmp_path / "none")) == 2
    with pytest.raises(ConfigError, match="cannot be read"):
        read_cameras({}, tmp_path / "none")
