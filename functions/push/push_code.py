"""The state machine `visitor` reached no open phone: push the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.homes import ring_of_photo
from doorbell.push import codes

if TYPE_CHECKING:
    from doorbell.push.codes import Pushed
    from doorbell.push.services import Pushing


def handle(pushing: Pushing, event: dict[str, Any]) -> dict[str, Pushed]:
    """`event` has the photo's `key`, the `door` and the `face`. The answer holds no code.

    Raises ValueError if the key is no visitor's photo.
    """
    ring = ring_of_photo(event["key"])
    if ring is None:
        raise ValueError("this is no photo of a ring")
    return {"pushed": codes.push_code(pushing, ring[0], event["door"], ring[1], event["face"])}
