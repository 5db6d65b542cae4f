"""The picture of *this* press, from every kind of camera.

picamera2 runs on a Raspberry Pi alone, so its camera is proved against a small fake that keeps to
the behaviour of picamera2 0.3: frames complete at a rhythm, `flush=True` skips frames whose
exposure began before the call, requests must be released, a timed-out job stays in the queue.
"""

import io
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import av
import pytest
from PIL import Image

from doorbell_client.errors import CameraError
from doorbell_client.hardware import jpeg
from doorbell_client.hardware.picamera import PiCamera
from doorbell_client.hardware.stills import StillsCamera
from doorbell_client.hardware.webcam import Webcam

# --- JPEGs ----------------------------------------------------------------------------------


def picture(size: tuple[int, int] = (64, 48), kind: str = "JPEG", **options: object) -> bytes:
    output = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(output, kind, **options)
    return output.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.format == "JPEG"
    return image


def test_a_small_jpeg_is_left_as_it_is() -> None:
    data = picture()
    assert jpeg.bounded(data) is data


def test_a_large_picture_is_made_smaller() -> None:
    data = picture((1600, 1200), quality=95)
    smaller = jpeg.bounded(data, max_bytes=200_000)
    assert len(smaller) <= 200_000
    width, height = opened(smaller).size
    assert width / height == pytest.approx(4 / 3, abs=0.02)


def test_other_formats_and_modes_become_jpeg() -> None:
    output = io.BytesIO()
    Image.new("RGBA", (50, 40), (255, 0, 0, 128)).save(output, "PNG")
    assert opened(jpeg.bounded(output.getvalue())).size == (50, 40)


def test_a_photo_that_lies_down_is_put_upright_before_its_exif_is_lost() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90°
    data = picture((1600, 1200), quality=95, exif=exif)
    width, height = opened(jpeg.bounded(data, max_bytes=300_000)).size
    assert height > width


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(CameraError, match="no picture"):
        jpeg.bounded(data)


def test_a_picture_that_cannot_fit_is_refused() -> None:
    with pytest.raises(CameraError, match="does not fit"):
        jpeg.encoded(Image.effect_noise((64, 64), 90), max_bytes=10)


def test_without_pillow_a_large_picture_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(CameraError, match="install Pillow"):
        jpeg.bounded(b"\xff\xd8\xff" + bytes(100), max_bytes=10)


# --- stills ---------------------------------------------------------------------------------


def test_stills_come_in_turn_by_name(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.JPG", "c.png"):
        (tmp_path / name).write_bytes(picture(kind="PNG" if name.endswith("png") else "JPEG"))
    (tmp_path / "notes.txt").write_text("no picture")
    camera = StillsCamera(tmp_path)

    def names(count: int) -> list[str]:
        return [camera.take().name for _ in range(count)]

    assert names(4) == ["a.JPG", "b.jpg", "c.png", "a.JPG"]
    assert camera.upcoming.name == "b.jpg"
    camera.skip()
    assert names(1) == ["c.png"]
    camera.close()


def test_one_file_is_given_again_and_again(tmp_path: Path) -> None:
    file = tmp_path / "me.jpg"
    file.write_bytes(picture())
    camera = StillsCamera(file)
    for _ in range(2):
        photo = camera.take()
        assert photo.jpeg == file.read_bytes()


def test_a_folder_without_pictures_and_no_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match=r"no picture \(\.jpeg"):
        StillsCamera(tmp_path)
    with pytest.raises(CameraError, match="No such file"):
        StillsCamera(tmp_path / "absent")


# --- the Raspberry Pi's camera --------------------------------------------------------------

FRAME = 0.02
EXPOSURE = 0.01


class FakeRequest:
    def __init__(self, camera: "FakePicamera2", exposed_at: float, number: int) -> None:
        self.camera, self.exposed_at, self.number = camera, exposed_at, number
        self.released = False

    def make_image(self, name: str) -> Image.Image:
        assert name == "main"
        assert not self.released
        if self.camera.broken:
            raise RuntimeError("Stream format NV12 not supported for PIL images")
        return Image.new("RGB", self.camera.size, (self.number % 256, 0, 0))

    def release(self) -> None:
        assert not self.released
        self.released = True
        self.camera.buffers += 1


class FakePicamera2:
    """Completes a frame every 20 ms in a thread of its own, as long as it has buffers."""

    made: ClassVar[list["FakePicamera2"]] = []

    def __init__(self) -> None:
        self.buffers = 6
        self.frames = 0
        self.jobs: list[tuple[float, Future[FakeRequest]]] = []
        self.running = self.stuck = self.broken = False
        self.calls: list[str] = []
        FakePicamera2.made.append(self)

    def create_video_configuration(self, main: Any, controls: Any) -> dict[str, Any]:
        assert main["format"] == "RGB888"
        assert controls["FrameRate"] > 0
        return {"main": main}

    def configure(self, configuration: dict[str, Any]) -> None:
        self.size: tuple[int, int] = configuration["main"]["size"]

    def start(self) -> None:
        self.running = True
        threading.Thread(target=self._run, daemon=True).start()

    def capture_request(self, wait: float, flush: bool) -> FakeRequest:
        assert flush is True
        future: Future[FakeRequest] = Future()
        self.jobs.append((time.monotonic(), future))
        return future.result(timeout=wait)

    def cancel_all_and_flush(self) -> None:
        self.calls.append("cancel_all_and_flush")
        self.jobs.clear()

    def close(self) -> None:
        self.running = False
        self.calls.append("close")

    def _run(self) -> None:
        while self.running:
            exposed_at = time.monotonic()
            time.sleep(FRAME)
            if self.stuck or not self.buffers:
                continue
            self.frames += 1
            if self.jobs and exposed_at >= self.jobs[0][0]:
                self.buffers -= 1
                self.jobs.pop(0)[1].set_result(FakeRequest(self, exposed_at, self.frames))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FakePicamera2]]:
    module = ModuleType("picamera2")
    module.Picamera2 = FakePicamera2  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "picamera2", module)
    FakePicamera2.made = []
    yield FakePicamera2.made
    for camera in FakePicamera2.made:
        camera.running = False


def test_the_pi_camera_gives_a_frame_from_after_the_press(fake: list[FakePicamera2]) -> None:
    camera = PiCamera((320, 240))
    time.sleep(0.1)
    before = fake[0].frames
    photo = camera.take()
    assert photo.name == "camera"
    image = opened(photo.jpeg)
    assert image.size == (320, 240)
    # The frame that was being exposed at the call is number before + 1: not that one.
    assert image.getpixel((0, 0))[0] >= before + 2 - 1  # type: ignore[index]
    camera.close()
    assert fake[0].calls == ["close"]


def test_twenty_presses_lose_no_buffer(fake: list[FakePicamera2]) -> None:
    camera = PiCamera((64, 48))
    for _ in range(20):
        camera.take()
    camera.close()
    assert fake[0].buffers == 6


def test_a_stuck_camera_times_out_and_its_job_does_not_swallow_the_next_frame(
    fake: list[FakePicamera2],
) -> None:
    camera = PiCamera((64, 48), timeout=0.2)
    fake[0].stuck = True
    with pytest.raises(CameraError, match="ribbon"):
        camera.take()
    fake[0].stuck = False
    camera.take()
    camera.close()
    assert fake[0].calls == ["cancel_all_and_flush", "close"]


def test_a_frame_that_cannot_be_read_gives_its_buffer_back(fake: list[FakePicamera2]) -> None:
    camera = PiCamera((64, 48))
    fake[0].broken = True
    with pytest.raises(CameraError, match="NV12"):
        camera.take()
    camera.close()
    assert fake[0].buffers == 6


def test_a_capture_that_fails_otherwise_is_a_camera_error(
    fake: list[FakePicamera2], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise RuntimeError("Camera frontend has timed out!")

    camera = PiCamera((64, 48))
    monkeypatch.setattr(fake[0], "capture_request", lost)
    with pytest.raises(CameraError, match="frontend"):
        camera.take()
    camera.close()


def test_a_camera_that_does_not_start_is_let_go(
    fake: list[FakePicamera2], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: object) -> None:
        raise RuntimeError("Device or resource busy")

    monkeypatch.setattr(FakePicamera2, "start", busy)
    with pytest.raises(CameraError, match="busy"):
        PiCamera()
    assert fake[0].calls == ["close"]


def test_no_picamera2_and_no_camera_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "picamera2", None)
    with pytest.raises(CameraError, match="apt install python3-picamera2"):
        PiCamera()
    module = ModuleType("picamera2")

    def no_camera() -> None:
        raise IndexError("list index out of range")

    module.Picamera2 = no_camera  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "picamera2", module)
    with pytest.raises(CameraError, match="ribbon"):
        PiCamera()


# --- webcams --------------------------------------------------------------------------------

LIVE = "testsrc=size=320x240:rate=25,realtime"
"""FFmpeg's own moving picture at 25 frames a second: a webcam for every machine."""


def test_a_webcam_gives_a_picture_from_after_the_press() -> None:
    webcam = Webcam(LIVE, video_format="lavfi")
    time.sleep(0.3)
    started = time.monotonic()
    first = webcam.take()
    assert 0.03 < time.monotonic() - started < 1.5  # one whole period at the least
    second = webcam.take()
    webcam.close()
    assert opened(first.jpeg).size == (320, 240)
    assert first.jpeg != second.jpeg


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
