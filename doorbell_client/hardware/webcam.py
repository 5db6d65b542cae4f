"""A USB webcam through PyAV (requirements/webcam.txt), on any machine.

A thread reads all the time, so that no old frame waits in the driver's queue. Webcams send
frames that stand alone (MJPEG or raw), so a frame is decoded only when somebody presses.
"""

import logging
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from doorbell_client.door.parts import Photo, Shape
from doorbell_client.errors import CameraError
from doorbell_client.hardware import jpeg
from doorbell_client.hardware.rotation import Rotation, turned

if TYPE_CHECKING:
    from PIL.Image import Image

_log = logging.getLogger(__name__)

CAPTURE_SECONDS: Final = 3.0
"""A webcam that gives no frame for so long is unplugged or stuck."""

REOPEN_SECONDS: Final = 1.0
"""Until the next try after the webcam was lost."""

FORMATS: Final = {"linux": "v4l2", "darwin": "avfoundation"}
"""FFmpeg's name for the system's webcams; None lets FFmpeg look at the device (a file, say)."""

STANDALONE: Final = frozenset({"mjpeg", "rawvideo"})
"""Codecs whose every packet is a whole picture."""


class Webcam:
    """The newest picture of a video device, never one from before the call."""

    def __init__(
        self,
        device: str = "/dev/video0",
        video_format: str | None = FORMATS.get(sys.platform),
        timeout: float = CAPTURE_SECONDS,
        size: tuple[int, int] | None = None,
        rotation: Rotation = 0,
    ) -> None:
        """Opens the device now, and again whenever it was lost. Raises CameraError.

        `size` is the width and height that is asked for; a picture that is larger is made smaller.
        """
        self._size = size
        self._rotation = rotation
        self._device = device
        self._format = video_format
        self._timeout = timeout
        self._frames = threading.Condition()
        self._wanted = 0
        self._image: Image | None = None
        self._closed = False
        self._container = self._open()
        self._thread = threading.Thread(target=self._run, name="webcam", daemon=True)
        self._thread.start()

    def take(self) -> Photo:
        """A picture taken after this call. Raises CameraError."""
        # The first frame to arrive was being exposed already; the second began after it.
        return Photo(self._encoded(self._next_image(2)), "webcam")

    def frame(self, shape: Shape) -> bytes:
        """The next picture to arrive. Raises CameraError."""
        return jpeg.frame(turned(self._next_image(1), self._rotation), shape)

    def close(self) -> None:
        """Let go of the device."""
        with self._frames:
            self._closed = True
            self._frames.notify_all()
        self._thread.join(timeout=self._timeout + REOPEN_SECONDS)

    def _encoded(self, image: "Image") -> bytes:
        if self._size is not None:
            image.thumbnail(self._size)
        return jpeg.encoded(turned(image, self._rotation))

    def _next_image(self, wanted: int) -> "Image":
        with self._frames:
            self._image = None
            self._wanted = wanted
            self._frames.wait_for(lambda: self._image is not None or self._closed, self._timeout)
            if self._image is None:
                raise CameraError(
                    f"The webcam {self._device} gave no picture in {self._timeout:g} s."
                )
            return self._image

    def _run(self) -> None:
        while not self._closed:
            try:
                with self._container:
                    self._read()
            except Exception as error:
                _log.warning("the webcam %s was lost: %s", self._device, error)
            self._reopen()

    def _reopen(self) -> None:
        while not self._closed:
            with self._frames:
                self._frames.wait_for(lambda: self._closed, REOPEN_SECONDS)
            try:
                self._container = self._open()
            except CameraError as error:
                _log.warning("%s", error)
            else:
                return

    def _read(self) -> None:
        stream = self._container.streams.video[0]
        standalone = stream.codec_context.name in STANDALONE
        for packet in self._container.demux(stream):
            if self._closed:
                return
            if self._wanted or not standalone:
                for frame in packet.decode():
                    self._offer(frame)

    def _offer(self, frame: Any) -> None:
        with self._frames:
            if not self._wanted:
                return
            self._wanted -= 1
            if not self._wanted:
                self._image = frame.to_image()
                self._frames.notify_all()

    def _open(self) -> Any:
        try:
            import av
        except ImportError as error:
            raise CameraError(
                "PyAV is not here: `pip install -r requirements/webcam.txt`."
            ) from error
        started = time.monotonic()
        container = self._opened(av)
        _log.info("webcam %s open after %.1f s", self._device, time.monotonic() - started)
        if not container.streams.video:
            container.close()
            raise CameraError(f"{self._device} has no pictures in it.")
        return container

    def _opened(self, av: Any) -> Any:
        refusal: Exception | None = None
        for options in _wishes(self._format, self._size):
            try:
                return av.open(self._device, format=self._format, options=options, timeout=5)
            except (av.FFmpegError, OSError, ValueError) as error:
                refusal = error
        raise CameraError(f"The webcam {self._device} cannot be opened: {refusal}") from refusal


def _wishes(video_format: str | None, size: tuple[int, int] | None) -> list[dict[str, str]]:
    """What to ask the device for, the best first; at last nothing, which every device can do.

    These are options of FFmpeg's devices v4l2 and avfoundation. MJPEG, because raw pictures of
    more than 640x480 come through USB 2 only a few times a second.
    """
    if size is None or video_format not in FORMATS.values():
        return [{}]
    sized = {"video_size": f"{size[0]}x{size[1]}"}
    small = [{**sized, "input_format": "mjpeg"}] if video_format == "v4l2" else []
    return [*small, sized, {}]
