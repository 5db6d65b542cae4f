"""A camera that may be missing now and there later: no camera must never keep the bell silent."""

import asyncio
import logging
from collections.abc import Callable

from doorbell_client.door.parts import Camera, Photo
from doorbell_client.errors import CameraError

_log = logging.getLogger(__name__)


class ReopeningCamera:
    """Opens a camera; when that fails, or a capture does, opens it again at the next press."""

    def __init__(self, open_camera: Callable[[], Camera]) -> None:
        """`open_camera` raises CameraError when there is none; that is logged, not raised."""
        self._open = open_camera
        self._camera: Camera | None = None
        self._opening = asyncio.Lock()
        try:
            self._camera = open_camera()
        except CameraError as error:
            _log.warning("no camera yet: %s", error)

    async def capture(self) -> Photo:
        """A picture of this press. Raises CameraError."""
        camera = await self._ready()
        try:
            return await camera.capture()
        except CameraError:
            if self._camera is camera:
                self.close()
            raise

    def close(self) -> None:
        """Let go of the camera."""
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()

    async def _ready(self) -> Camera:
        async with self._opening:
            if self._camera is None:
                self._camera = await asyncio.to_thread(self._open)
            return self._camera
