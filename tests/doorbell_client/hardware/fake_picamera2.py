"""A Raspberry Pi's camera for tests, which keeps to what picamera2 0.3.36 does.

Frames complete at a rhythm; `flush=True` passes over frames whose exposure began before the call;
requests must be released; a timed-out job stays in the queue. `sensor_modes` and `configure` need
a camera that is not running. Without `sensor` the mode is the nearest to the picture in size and
shape; keys of `sensor` and controls that are not known are refused.
"""

import threading
import time
from concurrent.futures import Future
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar, Final

from PIL import Image

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


def _mode(size: tuple[int, int], crop: tuple[int, int, int, int], fps: float, bits: int) -> Any:
    return {"size": size, "crop_limits": crop, "fps": fps, "bit_depth": bits}


MODULES: Final = {
    "module 1 (OV5647)": [
        _mode((640, 480), (16, 0, 2560, 1920), 58.9, 10),
        _mode((1296, 972), (0, 0, 2592, 1944), 46.3, 10),
        _mode((1920, 1080), (348, 434, 1928, 1080), 32.8, 10),
        _mode((2592, 1944), (0, 0, 2592, 1944), 15.6, 10),
    ],
    "module 2 (IMX219)": [
        _mode(size, crop, fps, bits)
        for bits in (10, 8)
        for size, crop, fps in (
            ((640, 480), (1000, 752, 1280, 960), 206.7),
            ((1640, 1232), (0, 0, 3280, 2464), 41.9),
            ((1920, 1080), (680, 692, 1920, 1080), 47.6),
            ((3280, 2464), (0, 0, 3280, 2464), 21.2),
        )
    ],
    "module 3 (IMX708)": [
        _mode((1536, 864), (768, 432, 3072, 1728), 120.1, 10),
        _mode((2304, 1296), (0, 0, 4608, 2592), 56.0, 10),
        _mode((4608, 2592), (0, 0, 4608, 2592), 14.4, 10),
    ],
    "HQ (IMX477)": [
        _mode((1332, 990), (696, 528, 2664, 1980), 120.1, 10),
        _mode((2028, 1080), (0, 440, 4056, 2160), 50.0, 12),
        _mode((2028, 1520), (0, 0, 4056, 3040), 40.0, 12),
        _mode((4056, 3040), (0, 0, 4056, 3040), 10.0, 12),
    ],
}
"""What `sensor_modes` says of Raspberry Pi's own modules."""


class FakePicamera2:
    """Completes a frame every 20 ms in a thread of its own, as long as it has buffers."""

    made: ClassVar[list["FakePicamera2"]] = []
    modes: ClassVar[list[Any]] = MODULES["module 2 (IMX219)"]
    autofocus: ClassVar[bool] = False

    def __init__(self) -> None:
        self.buffers = 6
        self.frames = 0
        self.jobs: list[tuple[float, Future[FakeRequest]]] = []
        self.running = self.stuck = self.broken = False
        self.calls: list[str] = []
        self.mode: Any = None
        self.controls: dict[str, Any] = {}
        FakePicamera2.made.append(self)

    @property
    def sensor_modes(self) -> list[Any]:
        assert not self.running
        return self.modes

    @property
    def camera_controls(self) -> dict[str, tuple[Any, Any, Any]]:
        known: dict[str, tuple[Any, Any, Any]] = {"FrameRate": (1, 120, 30)}
        return known | ({"AfMode": (0, 2, 0)} if self.autofocus else {})

    def create_video_configuration(
        self, main: Any, controls: Any, sensor: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        assert main["format"] == "RGB888"
        assert controls["FrameRate"] > 0
        return {"main": main, "controls": controls, "sensor": sensor or {}}

    def configure(self, configuration: dict[str, Any]) -> None:
        if self.running:
            raise RuntimeError("Camera must be stopped before configuring")
        if bad := configuration["sensor"].keys() - {"bit_depth", "output_size"}:
            raise RuntimeError(f"Unexpected keys {bad} in sensor configuration")
        if unknown := configuration["controls"].keys() - self.camera_controls.keys():
            raise RuntimeError(f"Control {unknown} is not advertised by libcamera")
        self.size: tuple[int, int] = configuration["main"]["size"]
        self.controls = configuration["controls"]
        wanted = configuration["sensor"].get("output_size", self.size)
        self.mode = min(self.modes, key=lambda mode: _distance(wanted, mode["size"]))

    @property
    def seen_width(self) -> float:
        """How much of the sensor's width the picture shows, from 0 to 1."""
        whole = max(mode["crop_limits"][2] for mode in self.modes)
        return float(self.mode["crop_limits"][2] / whole)

    def start(self) -> None:
        self.running = True
        threading.Thread(target=self._run, daemon=True).start()

    def capture_request(self, wait: float, flush: bool | None = None) -> FakeRequest:
        future: Future[FakeRequest] = Future()
        self.jobs.append((time.monotonic() if flush else 0.0, future))
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


def _distance(wanted: tuple[int, int], size: tuple[int, int]) -> float:
    """As picamera2 counts: too small is worse than too large, and another shape is worst."""
    width, height = (_off(want, is_) for want, is_ in zip(wanted, size, strict=True))
    return width + height + 1500 * _off(wanted[0] / wanted[1], size[0] / size[1])


def _off(wanted: float, given: float) -> float:
    return 2 * (wanted - given) if wanted > given else (given - wanted) / 4


def modules() -> dict[str, ModuleType]:
    """What `import picamera2` and `import libcamera` give."""
    picamera2, libcamera = ModuleType("picamera2"), ModuleType("libcamera")
    picamera2.Picamera2 = FakePicamera2  # type: ignore[attr-defined]
    focus = SimpleNamespace(Manual=0, Auto=1, Continuous=2)
    libcamera.controls = SimpleNamespace(AfModeEnum=focus)  # type: ignore[attr-defined]
    return {"picamera2": picamera2, "libcamera": libcamera}
