"""The state machine `visitor` reached no open phone: push the code."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from doorbell.errors import NotResumed
from doorbell.homes import ring_of_photo
from doorbell.push import codes

if TYPE_CHECKING:
    from doorbell.push.services import Pushing


def handle(pushing: Pushing, event: dict[str, Any]) -> None:
    """`event` has the photo's `key`, the `door` and the `face`; `token` is where the machine waits
    for the word that a push service has the code, or why the bell must ring.

    Raises ValueError if the key is no visitor's photo.
    """
    ring = ring_of_photo(event["key"])
    if ring is None:
        raise ValueError("this is no photo of a ring")
    pushed = codes.push_code(pushing, ring[0], event["door"], ring[1], event["face"])
    with suppress(NotResumed):  # it waits no longer, and has rung
        if pushed == "quiet":
            pushing.services.waits.resume(event["token"], {"answer": "pushed", "by": ""})
        else:
            pushing.services.waits.fail(event["token"], pushed)
