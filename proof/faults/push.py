"""A push service that answers as badly as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.push_service import Answer, Browser

if TYPE_CHECKING:
    from tests.push_service import PushService

_ANSWERS: Final = {
    "throttle": Answer(429, {"Retry-After": "60"}),
    "5xx": Answer(503),
    "hang": Answer(201, {}, 30.0),
    "gone": Answer(410),
    "cut": Answer(0),
}


def subscribed(service: PushService, home: str, mode: str) -> Browser:
    """A browser that is subscribed at a service that answers so."""
    browser = Browser(service, f"{home}-{len(service.answers)}")
    service.answers[browser.path] = [_ANSWERS[mode]]
    return browser
