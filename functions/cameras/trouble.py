"""`/camera/trouble`: a device says what it cannot do, so that somebody hears of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.events import CameraTrouble
from functions.cameras.bodies import TroubleRequest
from functions.shared.http import Answer

if TYPE_CHECKING:
    from doorbell.cameras.services import Reception
    from functions.cameras.request import Request


def tell(reception: Reception, request: Request) -> Answer:
    """The bus hears of it."""
    asked = request.read(TroubleRequest)
    camera = request.camera
    event = CameraTrouble(camera.home, camera.id, asked.what, asked.since, asked.dropped)
    reception.bus.publish(event)
    return Answer(204)
