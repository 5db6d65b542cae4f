"""The Raspberry Pi's camera through picamera2, which comes by apt and not by pip."""

import logging
from typing import TYPE_CHECKING, Any, Final

from doorbell_client.door.parts import Photo, Shape
from doorbell_client.errors import CameraError
from doorbell_client.hardware import jpeg
from doorbell_client.hardware.rotation import Rotation, turned
from doorbell_client.hardware.sensor_modes import full_view_mode

if TYPE_CHECKING:
    from PIL.Image import Image

_log = logging.getLogger(__name__)

SIZE: Final = (1280, 960)
"""Pixels; 4:3 is the whole sensor of every Pi camera, and small enough to upload in a moment."""

FRAMES_PER_SECOND: Final = 15
"""A frame that starts after the press is over within two periods, 133 ms."""

CAPTURE_SECONDS: Final = 3.0
"""A camera that gives no frame for so long is unplugged or stuck."""


class PiCamera:
    """Runs all the time, because starting a camera takes half a second and its exposure more."""

    def __init__(
        self,
        size: tuple[int, int] = SIZE,
        timeout: float = CAPTURE_SECONDS,
        rotation: Rotation = 0,
    ) -> None:
        """Opens the first camera and lets it run. `timeout` in seconds. Raises CameraError."""
        self._timeout = timeout
        self._rotation = rotation
        self._camera = _opened()
        try:
            self._run(size)
        except Exception as error:
            self.close()
            raise CameraError(f"The camera does not start: {error}") from error

    def take(self) -> Photo:
        """A frame whose exposure began after this call. Raises CameraError."""
        # `flush=True`: only a frame whose exposure began after this very moment will do.
        return Photo(jpeg.encoded(self._captured(flush=True)), "camera")

    def frame(self, shape: Shape) -> bytes:
        """The next frame to be over, which is soon: a press may be waiting. Raises CameraError."""
        return jpeg.frame(self._captured(), shape)

    def close(self) -> None:
        """Let go of the camera."""
        try:
            self._camera.close()
        except Exception:
            _log.exception("the camera does not close")

    def _run(self, size: tuple[int, int]) -> None:
        # A video configuration keeps frames coming through several buffers; a still one has a
        # single buffer and stalls after each. RGB888 is what picamera2 makes images of.
        configuration = self._camera.create_video_configuration(
            main={"size": size, "format": "RGB888"},
            sensor=self._sensor(size),
            controls={"FrameRate": FRAMES_PER_SECOND, **self._focus()},
        )
        self._camera.configure(configuration)
        self._camera.start()

    def _sensor(self, size: tuple[int, int]) -> dict[str, Any]:
        """How the sensor is to be read; nothing for a camera that is no sensor of a Pi."""
        try:
            mode = full_view_mode(self._camera.sensor_modes, size, FRAMES_PER_SECOND)
        except Exception:
            # A picture that shows less is better than none.
            _log.exception("the sensor's modes cannot be read; the picture may show less")
            return {}
        if mode is None:
            return {}
        return {"output_size": mode["size"], "bit_depth": mode["bit_depth"]}

    def _focus(self) -> dict[str, Any]:
        """Continuous autofocus, where the module has a lens that moves (Camera Module 3)."""
        if "AfMode" not in self._camera.camera_controls:
            return {}
        from libcamera import controls

        return {"AfMode": controls.AfModeEnum.Continuous}

    def _captured(self, **which: bool) -> "Image":
        try:
            request = self._camera.capture_request(wait=self._timeout, **which)
        except TimeoutError as error:
            # The job that waits in picamera2's queue would swallow the next press's frame.
            self._camera.cancel_all_and_flush()
            raise CameraError(
                f"The camera gave no frame in {self._timeout:g} s; is its ribbon seated?"
            ) from error
        except Exception as error:
            raise CameraError(f"The camera failed: {error}") from error
        return self._picture(request)

    def _picture(self, request: Any) -> "Image":
        try:
            image = request.make_image("main")
        except Exception as error:
            raise CameraError(f"The camera's frame cannot be read: {error}") from error
        finally:
            # Unreleased, a buffer is lost to the camera; after six it would stand still.
            request.release()
        return turned(image, self._rotation)


def _opened() -> Any:
    try:
        from picamera2 import Picamera2
    except (ImportError, OSError) as error:
        raise CameraError(
            "picamera2 is not here. On a Raspberry Pi run `sudo apt install python3-picamera2` and "
            "make the virtual environment with --system-site-packages; elsewhere choose another "
            "camera in the configuration."
        ) from error
    try:
        return Picamera2()
    except Exception as error:
        # picamera2 says "list index out of range" when no camera is plugged in.
        raise CameraError(
            f"No camera answers ({error}). Check the ribbon, then `rpicam-hello --list-cameras`."
        ) from error
