"""A home's cameras, and the last picture of each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.errors import BadName
from doorbell.homes import check_id
from doorbell.household import camera_films
from doorbell.household.model import DAY, LastPicture
from doorbell.household.problems import not_found
from doorbell.parallel import side_by_side

if TYPE_CHECKING:
    from doorbell.household.services import Household
    from doorbell.model import Device

COUNTED: Final = 100
"""Films of a camera that are counted, at most."""


class ShownCamera(NamedTuple):
    """A camera as the phones see it."""

    device: Device
    door: str | None
    """The name of the door where its pictures ring."""
    picture: LastPicture | None
    films: int
    """How many are kept, up to `COUNTED`."""


def show_all(household: Household, home: str) -> list[ShownCamera]:
    """The cameras of a home, by name."""
    devices = {each.id: each for each in household.devices.all(home)}
    cameras = [each for each in devices.values() if each.role == "camera"]
    cameras.sort(key=lambda each: each.name.casefold())
    if not cameras:
        return []
    now = household.clock()
    pictures, *films = side_by_side(
        partial(household.last_pictures.of_home, home),
        *(partial(camera_films.count, household, home, each.id, COUNTED) for each in cameras),
    )
    shown = []
    for camera, count in zip(cameras, films, strict=True):
        picture = pictures.get(camera.id)
        if picture and picture.came_at + household.picture_days * DAY <= now:
            picture = None
        door = devices.get(camera.door or "")
        shown.append(ShownCamera(camera, door and door.name, picture, count))
    return shown


def picture_came(household: Household, picture: LastPicture) -> None:
    """A camera's picture is in the bucket."""
    household.last_pictures.came(picture, picture.came_at + household.picture_days * DAY)


def known_camera(household: Household, home: str, camera: str) -> str:
    """The id of a camera of this home. Raises Problem `not_found`."""
    try:
        found = household.devices.find(home, check_id(camera, "camera"))
    except BadName:
        found = None
    if found is None or found.role != "camera":
        raise not_found()
    return found.id
