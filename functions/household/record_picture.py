"""A camera's picture is in the bucket: it may be the last one that the phones show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.films.names import moment
from doorbell.household import cameras
from doorbell.household.model import LastPicture

if TYPE_CHECKING:
    from doorbell.household.services import Household


def handle(household: Household, _name: str, detail: dict[str, Any]) -> None:
    """`detail` is that of PictureReceived, of a picture."""
    home, camera, key = detail["home"], detail["camera"], detail["key"]
    came_at = moment(key)
    if came_at is not None:
        cameras.picture_came(household, LastPicture(home, camera, key, came_at))
