"""The picture of *this* press from a Raspberry Pi's camera, and all that its lens shows.

picamera2 runs on a Raspberry Pi alone, so its camera is proved against `fake_picamera2.py`.
"""

import sys
import time
from collections.abc import Iterator
from types import ModuleType

import pytest

from doorbell_client.door.parts import Shape
from doorbell_client.errors import CameraError
from doorbell_client.hardware.picamera import PiCamera
from doorbell_client.hardware.rotation import Rotation
from doorbell_client.hardware.sensor_modes import full_view_mode
from tests.doorbell_client.hardware.fake_picamera2 import FRAME, MODULES, FakePicamera2, modules
from tests.doorbell_client.hardware.pictures import opened


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[FakePicamera2]]:
    for name, module in modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    FakePicamera2.made = []
    yield FakePicamera2.made
    for camera in FakePicamera2.made:
        camera.running = False


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("size", [(1280, 720), (1280, 960), (640, 480), (1920, 1080)])
def test_the_picture_shows_the_whole_width_on_every_module(
    fake: list[FakePicamera2],
    monkeypatch: pytest.MonkeyPatch,
    module: str,
    size: tuple[int, int],
) -> None:
    monkeypatch.setattr(FakePicamera2, "modes", MODULES[module])
    PiCamera(size).close()
    assert fake[0].seen_width == 1
    assert fake[0].mode["fps"] >= 15


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("module")])
def test_left_to_itself_three_modules_would_show_less(
    fake: list[FakePicamera2], monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    monkeypatch.setattr(FakePicamera2, "modes", MODULES[module])
    monkeypatch.setattr(PiCamera, "_sensor", lambda self, size: {})
    PiCamera((1280, 720)).close()
    assert 0.58 < fake[0].seen_width < 0.75


def test_a_small_fast_mode_is_read_rather_than_the_largest() -> None:
    modes = MODULES["module 2 (IMX219)"]
    small = full_view_mode(modes, (1280, 720), 15)
    assert small is not None
    assert (small["size"], small["bit_depth"]) == ((1640, 1232), 10)
    large = full_view_mode(modes, (1920, 1080), 15)
    assert large is not None
    assert large["size"] == (3280, 2464)


def test_a_mode_that_is_too_slow_is_read_only_where_there_is_no_other() -> None:
    slow = MODULES["HQ (IMX477)"][-1:]
    assert full_view_mode(slow, (1280, 720), 15) is slow[0]


def test_a_usb_camera_has_no_modes_to_choose_from(
    fake: list[FakePicamera2], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PiCamera, "_run", lambda self, size: None)
    camera = PiCamera()
    monkeypatch.setattr(FakePicamera2, "modes", [{"format": "MJPEG"}])
    assert camera._sensor((640, 480)) == {}


def test_modes_that_cannot_be_read_cost_width_and_not_the_picture(
    fake: list[FakePicamera2], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("lost")

    monkeypatch.setattr(FakePicamera2, "sensor_modes", property(broken))
    camera = PiCamera((64, 48))
    assert opened(camera.take().jpeg).size == (64, 48)
    camera.close()


@pytest.mark.parametrize("autofocus", [True, False])
def test_a_lens_that_moves_focuses_all_the_time(
    fake: list[FakePicamera2], monkeypatch: pytest.MonkeyPatch, autofocus: bool
) -> None:
    monkeypatch.setattr(FakePicamera2, "autofocus", autofocus)
    PiCamera((64, 48)).close()
    assert fake[0].controls.get("AfMode") == (2 if autofocus else None)


@pytest.mark.parametrize(("rotation", "size"), [(0, (64, 48)), (180, (64, 48)), (90, (48, 64))])
def test_a_camera_that_is_mounted_on_its_side_gives_upright_pictures(
    fake: list[FakePicamera2], rotation: Rotation, size: tuple[int, int]
) -> None:
    camera = PiCamera((64, 48), rotation=rotation)
    assert opened(camera.take().jpeg).size == size
    camera.close()


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


def test_a_frame_of_a_film_is_the_next_to_be_over_and_small(fake: list[FakePicamera2]) -> None:
    """A press that comes meanwhile waits for one period at the most."""
    camera = PiCamera((1280, 720), rotation=90)
    frames = [camera.frame(Shape(640, 640)) for _ in range(8)]
    assert {opened(frame).size for frame in frames} == {(360, 640)}
    began = time.monotonic()
    for _ in range(5):
        camera.frame(Shape(64, 48, exact=True))
    assert time.monotonic() - began < 5 * 2 * FRAME, "a flush would take two periods each"
    camera.close()
    assert fake[0].buffers == 6


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
