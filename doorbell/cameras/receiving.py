"""A picture or a clip in one request: looked at, rung with if it shall, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, cast

from doorbell.cameras import ringing
from doorbell.cameras.clips import check_clip
from doorbell.cameras.jpeg import repair
from doorbell.cameras.keys import file_name, key_of, safe_name
from doorbell.cameras.model import KINDS, OPENED, Delivery, MediaType
from doorbell.cameras.problems import Problem, too_large
from doorbell.protocol import Ring as Press

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.cameras.services import Reception
    from doorbell.events import RingPressed
    from doorbell.model import Device

LARGEST: Final = 4_500_000
"""Bytes of a body. Lambda takes 6,291,556 in an event (AWS Lambda quotas); in base64 a body grows
by a third, and its headers come along."""

ALSO_CALLED: Final[dict[str, MediaType]] = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg"}
TAKEN: Final = ("image/jpeg", "video/x-matroska", "video/mp4")
"""A burst is uploaded by its device itself."""

_TRIES: Final = 100
"""So many milliseconds of one camera may be taken already."""


class Received(NamedTuple):
    """Where it is kept, and what was rung with it."""

    key: str
    pressed: RingPressed | None


class _Item(NamedTuple):
    """What is to be kept."""

    media: MediaType
    content: bytes
    name: str
    arrived: float


def receive(reception: Reception, camera: Device, delivery: Delivery) -> Received:
    """Keep what a camera has sent. Raises Problem; then nothing of it is kept.

    The bell comes before the shelf. If ringing fails the picture is kept all the same, and the
    camera hears that it should try again.
    """
    item = _looked_at(reception, delivery)
    if KINDS[item.media] == "clip":
        return Received(_keep(reception, camera, item, {}), None)
    pressed, trouble = None, None
    try:
        pressed = ringing.ring(reception, camera, lambda: item.content, Press())
    except Exception as error:
        trouble = error
    facts = {OPENED: "yes"} | ({"door": pressed.door, "ring": pressed.ring} if pressed else {})
    key = _keep(reception, camera, item, facts)
    if trouble:
        raise trouble
    return Received(key, pressed)


def _looked_at(reception: Reception, delivery: Delivery) -> _Item:
    """What is to be kept of a delivery. Raises Problem."""
    arrived = reception.clock()
    media = _media(delivery.media)
    body = delivery.body
    if not body:
        raise Problem("empty", "There is no body.")
    if len(body) > LARGEST:
        raise too_large(LARGEST)
    if KINDS[media] == "clip":
        check_clip(media, body)
    else:
        body = repair(body)
        reception.check_picture(body)
    name = safe_name(file_name(delivery.disposition), KINDS[media])
    return _Item(media, body, name, arrived)


def _media(said: str) -> MediaType:
    media = ALSO_CALLED.get(said, said)
    if media not in TAKEN:
        raise Problem("wrong_type", f"The body must be one of {', '.join(TAKEN)}.")
    return cast("MediaType", media)


def _keep(reception: Reception, camera: Device, item: _Item, facts: Mapping[str, str]) -> str:
    """Write it under the first key that is free; two of one millisecond are both kept."""
    for later in range(_TRIES):
        key = key_of(camera, item.media, item.arrived + later / 1000, item.name)
        if reception.objects.put(key, item.content, item.media, facts):
            return key
    raise Problem("try_again", "Too much of this camera came at once. Please try again.")
