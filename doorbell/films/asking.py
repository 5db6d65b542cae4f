"""What the machine `film` is asked for: a camera, and a period that is over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from doorbell.errors import BadSetting
from doorbell.films.model import Period
from doorbell.homes import check_id

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY: Final = 86_400
MINUTE: Final = 60
SLOWEST: Final = 1.0
"""Pictures a second."""
USUAL: Final = 12.0
FASTEST: Final = 30.0


def period_asked(asked: Mapping[str, Any], now: float) -> Period:
    """From `start` to `end`, or the last so many `days`, to the minute: so the film of each day
    begins where the last one has ended. Raises BadSetting, BadName.
    """
    home, camera = check_id(asked["home"], "home"), check_id(asked["camera"], "camera")
    if "days" in asked:
        end = float(now // MINUTE * MINUTE)
        start = end - asked["days"] * DAY
    else:
        start, end = float(asked["start"]), float(asked["end"])
    if not start < end:
        raise BadSetting("A film ends after it has begun.")
    return Period(home, camera, start, end)


def fps_asked(asked: Mapping[str, Any]) -> float:
    """Pictures a second. Raises BadSetting."""
    fps = float(asked.get("fps") or USUAL)
    if not SLOWEST <= fps <= FASTEST:
        raise BadSetting(f"A film has {SLOWEST:g} to {FASTEST:g} pictures a second.")
    return fps
