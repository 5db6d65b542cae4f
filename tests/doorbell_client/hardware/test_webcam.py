"""The picture of *this* press from a webcam, in the size that was asked for."""

import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import pytest
from PIL import Image

from doorbell_client.door.parts import Shape
from doorbell_client.errors import CameraError
from doorbell_client.hardware.rotation import Rotation
from doorbell_client.hardware.webcam import Webcam
from tests.doorbell_client.hardware.pictures import opened

LIVE = "testsrc=size=320x240:rate=25,realtime"
"""FFmpeg's own moving picture at 25 frames a second: a webcam for every machine."""


def test_a_webcam_gives_a_picture_from_after_the_press() -> None:
    webcam = Webcam(LIVE, video_format="lavfi")
    time.sleep(0.3)
    started = time.monotonic()
    first = webcam.take()
    assert 0.03 < time.monotonic() - started < 10  # one whole period at the least
    second = webcam.take()
    webcam.close()
    assert opened(first.jpeg).size == (320, 240)
    assert first.jpeg != second.jpeg


def test_a_webcam_gives_frames_of_a_film_as_they_come() -> None:
    webcam = Webcam(LIVE, video_format="lavfi", rotation=90)
    frames = [webcam.frame(Shape(160, 160)) for _ in range(3)]
    webcam.close()
    assert len(set(frames)) == 3
    assert {opened(frame).size for frame in frames} == {(120, 160)}


def video(path: Path, codec: str) -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(0, 250, 5):
            frame = av.VideoFrame.from_image(  # type: ignore[no-untyped-call]
                Image.new("RGB", (64, 48), (shade, 0, 0))
            )
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def test_a_stream_whose_frames_build_on_one_another_is_decoded_throughout(tmp_path: Path) -> None:
    file = video(tmp_path / "film.mkv", "mpeg4")
    webcam = Webcam(str(file), video_format=None, timeout=5)
    photo = webcam.take()  # the file ends at once and is opened again
    webcam.close()
    assert opened(photo.jpeg).size == (64, 48)


def test_a_webcam_that_is_lost_comes_back(tmp_path: Path) -> None:
    file = video(tmp_path / "film.avi", "mpeg4")
    webcam = Webcam(str(file), video_format=None, timeout=0.3)
    content = file.read_bytes()
    file.unlink()
    time.sleep(0.2)
    with pytest.raises(CameraError, match="no picture in"):
        webcam.take()
    file.write_bytes(content)
    deadline = time.monotonic() + 10
    while True:
        try:
            photo = webcam.take()
            break
        except CameraError:
            assert time.monotonic() < deadline
    webcam.close()
    assert opened(photo.jpeg).size == (64, 48)


def test_no_device_no_pictures_and_no_pyav_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CameraError, match="cannot be opened"):
        Webcam(str(tmp_path / "absent"))
    with pytest.raises(CameraError, match="no pictures in it"):
        Webcam("sine=frequency=440", video_format="lavfi")
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(CameraError, match=r"requirements/webcam\.txt"):
        Webcam(str(tmp_path / "absent"))


class Device:
    """A webcam as FFmpeg sees it, which refuses what it cannot do."""

    def __init__(self, refuses: set[str]) -> None:
        self.refuses = refuses
        self.asked: list[dict[str, str]] = []

    def open(self, device: str, format: str, options: dict[str, str], timeout: int) -> Any:  # noqa: A002
        self.asked.append(options)
        if self.refuses & options.keys():
            raise OSError("Invalid argument")
        return av.open(LIVE, format="lavfi", timeout=timeout)


MJPEG = {"video_size": "1280x720", "input_format": "mjpeg"}
SIZED = {"video_size": "1280x720"}


@pytest.mark.parametrize(
    ("video_format", "refuses", "asked"),
    [
        ("v4l2", set(), [MJPEG]),
        ("v4l2", {"input_format"}, [MJPEG, SIZED]),
        ("v4l2", {"video_size"}, [MJPEG, SIZED, {}]),
        ("avfoundation", {"video_size"}, [SIZED, {}]),
    ],
)
def test_a_webcam_is_asked_for_the_size_and_for_less_if_it_refuses(
    monkeypatch: pytest.MonkeyPatch,
    video_format: str,
    refuses: set[str],
    asked: list[dict[str, str]],
) -> None:
    device = Device(refuses)
    fake = SimpleNamespace(open=device.open, FFmpegError=av.FFmpegError)
    monkeypatch.setitem(sys.modules, "av", fake)
    Webcam("/dev/video0", video_format=video_format, size=(1280, 720)).close()
    assert device.asked == asked


@pytest.mark.parametrize(("rotation", "size"), [(0, (160, 120)), (90, (120, 160))])
def test_a_webcam_that_gives_more_than_was_asked_for_is_made_smaller(
    rotation: Rotation, size: tuple[int, int]
) -> None:
    webcam = Webcam(LIVE, video_format="lavfi", size=(160, 160), rotation=rotation)
    photo = webcam.take()
    webcam.close()
    assert opened(photo.jpeg).size == size
