"""The domain's records as docs/openapi.yaml shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from doorbell.films.names import ring_film
from doorbell.homes import guest_photo_key, photo_name
from doorbell.household.history import has_film, has_photo

if TYPE_CHECKING:
    from doorbell.films.schedule import Schedule
    from doorbell.household.cameras import ShownCamera
    from doorbell.household.devices import ShownDevice
    from doorbell.household.model import CameraFilm, Consent, FilmUnderWay, Quiet, Visit
    from doorbell.household.residents import ShownResident
    from doorbell.household.services import Household
    from doorbell.model import Passcode

LINK_LIFE: Final = 900
"""Seconds for which a link to a photo serves."""


def device(shown: ShownDevice) -> dict[str, Any]:
    """`Device`."""
    known = shown.device
    return {
        "id": known.id,
        "role": known.role,
        "name": known.name,
        "resident": known.resident,
        "manager": shown.manager,
        "online": shown.online,
        "last_seen": shown.last_seen,
        "offline_since": shown.offline_since,
    }


def quiet(chosen: Quiet) -> dict[str, Any]:
    """`Quiet`."""
    return {"hours": chosen.hours._asdict() if chosen.hours else None, "until": chosen.until}


def visit(household: Household, each: Visit) -> dict[str, Any]:
    """`Visit`, with links to its photo and its film while they may be there."""
    photo, film, now = None, None, household.clock()
    if has_photo(each, now):
        photo = household.photos.link(guest_photo_key(each.home, each.id), LINK_LIFE)
    if has_film(each, now):
        keys = ring_film(each.home, each.id)
        film = {kind: household.photos.link(key, LINK_LIFE) for kind, key in keys._asdict().items()}
    return {
        "ring": each.id,
        "at": each.at,
        "door": each.door_name,
        "decision": each.decision,
        "resident": each.resident,
        "outcome": each.outcome,
        "by": each.by,
        "seconds": max(0.0, each.ended_at - each.at) if each.ended_at else None,
        "photo": photo,
        "film": film,
        "flat": bool(each.flat),
    }


def resident(household: Household, shown: ShownResident) -> dict[str, Any]:
    """`Resident`."""
    photos = [
        {
            "photo": photo_name(row.key),
            "url": household.photos.link(row.key, LINK_LIFE),
            "failure": row.failure,
        }
        for row in shown.photos
    ]
    return {
        "name": shown.name,
        "faces": shown.faces,
        "consent": _consent(shown.consent),
        "photos": photos,
    }


def guest(kept: Passcode) -> dict[str, Any]:
    """`Guest`: never the PIN."""
    return {
        "id": kept.id,
        "name": kept.whom,
        "doors": list(kept.doors),
        "start": kept.valid_from,
        "end": kept.valid_until,
        "uses_left": kept.uses_left,
        "used_at": kept.used_at or None,
    }


def camera(household: Household, shown: ShownCamera) -> dict[str, Any]:
    """`Camera`, with a link to its last picture."""
    last = shown.picture
    return {
        "id": shown.device.id,
        "name": shown.device.name,
        "door": shown.door,
        "picture": last and picture(household, last.key, last.came_at),
        "films": shown.films,
    }


def picture(household: Household, key: str, at: float) -> dict[str, Any]:
    """`Picture`."""
    return {"url": household.photos.link(key, LINK_LIFE), "at": at}


def film(household: Household, kept: CameraFilm) -> dict[str, Any]:
    """`Film`, with links to both of its files, or why there are none."""
    gif, mp4 = (key and household.photos.link(key, LINK_LIFE) for key in (kept.gif, kept.mp4))
    return {
        "id": kept.id,
        "start": kept.start,
        "end": kept.end,
        "frames": kept.frames,
        "skipped": kept.skipped,
        "gif": gif,
        "mp4": mp4,
        "reason": kept.reason,
    }


def making(film: FilmUnderWay | None) -> dict[str, Any] | None:
    """The film that is being made."""
    return film and {"id": film.id, "start": film.start, "end": film.end}


def schedule(found: Schedule | None) -> dict[str, Any]:
    """`Schedule`."""
    if found is None:
        return {"every": "never", "at": None, "zone": None}
    return {"every": found.every, "at": found.time, "zone": found.zone}


def _consent(given: Consent | None) -> dict[str, Any] | None:
    return {"by": given.by, "at": given.at} if given else None
