"""Which notice an event of the bus gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from doorbell.household.model import DAY
from doorbell.notices import photo_link
from doorbell.push.model import Notice

if TYPE_CHECKING:
    from doorbell.model import Ring
    from doorbell.push.ports import DevicesOfHome
    from doorbell.services import Services

WORTH_KNOWING: Final = DAY
"""Seconds for which it is news how a ring ended, or that a door is away."""


class Knows(Protocol):
    """What must be known to say what happened."""

    @property
    def services(self) -> Services:
        """The ring path's."""

    @property
    def devices(self) -> DevicesOfHome:
        """The devices of a home."""


def notice_of(knows: Knows, name: str, detail: dict[str, Any], at: float) -> Notice | None:
    """What phones are told of an event that the bus took at `at`; None if nothing.

    `name` is its detail-type. A repeat is none: the phones have a notice of that ring already.
    """
    if name in ("DoorOffline", "DoorOnline"):
        return _of_presence(knows, name, detail, at)
    if name == "CameraTrouble":
        return _of_camera(knows, detail, at)
    if name == "DoorOpened" and not detail.get("ring"):
        return _of_guest(knows, detail, at)
    found = knows.services.rings.find(detail["home"], detail["ring"])
    return _of_ring(knows, found, name, detail, at) if found else None


def _of_ring(
    knows: Knows, found: Ring, name: str, detail: dict[str, Any], at: float
) -> Notice | None:
    match name:
        case "RingPressed":
            return _of_press(knows, found, detail["kind"])
        case "RingDecided":
            return _of_decision(knows, found)
        case "DoorOpened":
            return _of_end(found, at)._replace(type="opened", by=detail["by"])
        case "RingEnded":
            ended = _of_end(found, at)._replace(type=detail["outcome"], by=detail.get("by"))
            return _missed(knows, ended, found) if ended.type == "missed" else ended
    return None


def _of_guest(knows: Knows, detail: dict[str, Any], at: float) -> Notice:
    door = _door_name(knows, detail)
    return Notice("opened", detail["home"], door, at, at + WORTH_KNOWING, by=detail["by"])


def _of_press(knows: Knows, ring: Ring, kind: str) -> Notice | None:
    if kind == "repeat":
        return None
    if kind == "late":
        return _of_end(ring, ring.pressed_at)._replace(reason="late")
    until = ring.pressed_at + knows.services.settings.late_after
    return Notice("pressed", ring.home, ring.door_name, ring.pressed_at, until, ring.id)


def _of_decision(knows: Knows, ring: Ring) -> Notice | None:
    """The ring as it is now counts, not as it was when the event was sent."""
    settings = knows.services.settings
    if ring.reason and not ring.answer:
        asked = Notice(
            type="visitor",
            home=ring.home,
            door=ring.door_name,
            at=ring.pressed_at,
            news_until=ring.answer_until,
            ring=ring.id,
            reason=ring.reason,
            answer_until=ring.answer_until,
        )
        return _with_photo(knows, asked, ring)
    if ring.reason or not ring.code_for:
        return None
    until = ring.pressed_at + settings.code_life
    said = Notice("resident", ring.home, ring.door_name, ring.pressed_at, until, ring.id)
    return said._replace(resident=ring.code_for)


def _of_end(ring: Ring, at: float) -> Notice:
    """`missed`, until somebody says what it was."""
    until = at + WORTH_KNOWING
    return Notice("missed", ring.home, ring.door_name, at, until, ring.id, reason=ring.reason)


def _missed(knows: Knows, ended: Notice, ring: Ring) -> Notice:
    """A ring that nobody was ever asked about was too late to ask."""
    return _with_photo(knows, ended._replace(reason=ended.reason or "late"), ring)


def _of_presence(knows: Knows, name: str, detail: dict[str, Any], at: float) -> Notice:
    return Notice(
        type="door_offline" if name == "DoorOffline" else "door_online",
        home=detail["home"],
        door=_door_name(knows, detail),
        at=at,
        news_until=at + WORTH_KNOWING,
        since=detail["since"],
    )


def _of_camera(knows: Knows, detail: dict[str, Any], at: float) -> Notice:
    known = knows.devices.find(detail["home"], detail["camera"])
    return Notice(
        type="camera_trouble",
        home=detail["home"],
        door=known.name if known else detail["camera"],
        at=at,
        news_until=at + WORTH_KNOWING,
        since=detail["since"],
        trouble=detail["what"],
        dropped=detail["dropped"],
    )


def _with_photo(knows: Knows, notice: Notice, ring: Ring) -> Notice:
    if notice.reason == "no_photo":
        return notice
    return notice._replace(photo=photo_link(knows.services, ring))


def _door_name(knows: Knows, detail: dict[str, Any]) -> str:
    known = knows.devices.find(detail["home"], detail["door"])
    return known.name if known else detail["door"]
