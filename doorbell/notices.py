"""What is told of a visitor: the bell at the door, and what phones are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.homes import guest_photo_key
from doorbell.protocol import Missed, Reason, RingThrough, Visitor

if TYPE_CHECKING:
    from doorbell.model import Ring
    from doorbell.services import Services

PHOTO_LINK_LIFE: Final = 3600
"""Seconds for which a phone may fetch the visitor's photo."""


def missed_notice(services: Services, found: Ring, reason: Reason) -> Missed:
    """Somebody was there, and it is too late to answer."""
    link = None if reason == "no_photo" else photo_link(services, found)
    return Missed(found.id, found.door_name, reason, link)


def visitor_notice(services: Services, asked: Ring) -> Visitor:
    """This is who stands there; how long the phones may still answer."""
    reason = asked.reason or "unavailable"
    link = None if reason == "no_photo" else photo_link(services, asked)
    return Visitor(asked.id, asked.door_name, reason, _answer_within(services, asked), link)


def bell_notice(services: Services, asked: Ring) -> RingThrough:
    """Sound the bell; how long the phones may still answer."""
    return RingThrough(asked.id, asked.reason or "unavailable", _answer_within(services, asked))


def photo_link(services: Services, found: Ring) -> str:
    """Where the photo of a ring can be fetched."""
    return services.photos.link(guest_photo_key(found.home, found.id), PHOTO_LINK_LIFE)


def _answer_within(services: Services, asked: Ring) -> int:
    return max(0, round(asked.answer_until - services.clock()))
