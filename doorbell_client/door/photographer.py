"""Takes the picture of a press, or goes without one in time."""

import asyncio
import logging

from doorbell_client.door.parts import Camera, Photo
from doorbell_client.errors import CameraError

_log = logging.getLogger(__name__)


async def take_picture(camera: Camera, seconds: float) -> Photo | None:
    """A picture taken from now on, within so many seconds; None where the log says why not."""
    try:
        async with asyncio.timeout(seconds):
            return await camera.capture()
    except TimeoutError:
        _log.warning("the camera gave no picture within %g s", seconds)
    except CameraError as error:
        _log.warning("no picture: %s", error)
    except Exception:
        _log.exception("the camera failed")
    return None
