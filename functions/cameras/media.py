"""`/` and `/camera`: the address that is typed into a camera's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.cameras.model import Delivery
from doorbell.cameras.receiving import receive
from functions.shared.http import Answer

if TYPE_CHECKING:
    from doorbell.cameras.services import Reception
    from functions.cameras.request import Request

HELLO: Final = "The doorbell takes pictures and clips here, by POST or PUT with a camera's token.\n"


def hello(_reception: Reception, request: Request) -> Answer:
    """What the button of a camera's page asks for, to test the address: no token is needed."""
    return Answer(200, HELLO if request.method == "GET" else None)


def take(reception: Reception, request: Request) -> Answer:
    """A picture or a clip."""
    disposition = request.headers.get("content-disposition", "")
    received = receive(
        reception, request.camera, Delivery(request.media, request.body, disposition)
    )
    return Answer(201, {"key": received.key})
