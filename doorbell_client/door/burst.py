"""Takes pictures one after another, for a film."""

import asyncio
import logging
from typing import Final, NamedTuple

from doorbell_client.door.parts import Camera, Shape
from doorbell_client.errors import CameraError

_log = logging.getLogger(__name__)

MOST_FRAMES: Final = 32
"""The cloud makes no film of more."""

FRAME_SECONDS: Final = 3.0
"""A camera that gives no frame for so long gives no film."""


class BurstPlan(NamedTuple):
    """How many frames, how far apart, how large."""

    frames: int = 8
    between: float = 3.0 / 8
    """Seconds from frame to frame; a camera that is slower gives them as it can."""
    shape: Shape = Shape(640, 640)


async def take_burst(camera: Camera, plan: BurstPlan) -> list[bytes]:
    """The frames, the first one now; those before the camera failed, if it does."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    frames: list[bytes] = []
    for number in range(min(plan.frames, MOST_FRAMES)):
        await asyncio.sleep(began + number * plan.between - loop.time())
        try:
            async with asyncio.timeout(FRAME_SECONDS):
                frames.append(await camera.frame(plan.shape))
        except (TimeoutError, CameraError) as error:
            _log.info("the camera gave %d of %d frames: %s", len(frames), plan.frames, error)
            break
        except Exception:
            _log.exception("the camera failed")
            break
    return frames
