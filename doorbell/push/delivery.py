"""Sending a notice to the browsers of a home: side by side, so that one that hangs delays none."""

from __future__ import annotations

import json
import logging
from base64 import urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor, as_completed
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from doorbell.errors import BadEndpoint, NotDelivered
from doorbell.household.quiet import is_quiet
from doorbell.push.model import AT_ONCE, Notice, Sending, Taken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from doorbell.household.model import Subscription
    from doorbell.push.services import Pushing

_log = logging.getLogger(__name__)

MOST_BYTES: Final = 3800
"""Of a message before encryption. Push services take 4,096 bytes after it (RFC 8291, section 4)."""
SIDE_BY_SIDE: Final = 16
POST_SECONDS: Final = 10.0
"""The longest wait for one answer."""
FIRST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 10.0
AT_MOST: Final = 45.0
"""Seconds for which a notice is tried; the function that sends it ends soon after."""

GONE: Final = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
"""The browser is not subscribed any more (RFC 8030, section 7.3)."""


def push_to_home(pushing: Pushing, notice: Notice, besides: frozenset[str] = frozenset()) -> int:
    """Send a notice to all phones of its home but these; how many push services took it."""
    subscriptions = [
        each for each in pushing.subscriptions.of_home(notice.home) if each.device not in besides
    ]
    silent = _silent(pushing, notice.home)
    jobs = [(each, notice, silent(each.device)) for each in subscriptions]
    return sum(taken for _, taken in push_each(pushing, jobs, AT_MOST))


def push_each(
    pushing: Pushing, jobs: Sequence[tuple[Subscription, Notice, bool]], within: float
) -> Iterator[tuple[str, bool]]:
    """Send each notice to its browser, silently or not; as they come, the phone and whether its
    push service took it.

    A service that answers 429 or 5xx, or not at all, is asked again while the notice is news and
    until `within` seconds have passed. One that answers 404 or 410 is forgotten.
    """
    if not jobs:
        return
    until = pushing.clock() + within
    with ThreadPoolExecutor(min(len(jobs), SIDE_BY_SIDE)) as threads:
        running = {threads.submit(_deliver, pushing, *job, until): job[0].device for job in jobs}
        for ended in as_completed(running):
            yield running[ended], ended.result()


def _deliver(
    pushing: Pushing, to: Subscription, notice: Notice, silent: bool, until: float
) -> bool:
    until = min(until, notice.news_until)
    pause = FIRST_PAUSE
    while (left := until - pushing.clock()) > 0:
        taken = _post(pushing, to, notice, silent, min(left, POST_SECONDS))
        if taken.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and notice.photo:
            notice = notice._replace(photo=None)
            continue
        if not _is_worth_another_try(taken.status):
            return _settle(pushing, to, taken.status)
        # A service may say when (RFC 9110, section 10.2.3), but not beyond the ring's time.
        wait = taken.retry_after if taken.retry_after is not None else pause * pushing.jitter()
        if pushing.clock() + wait >= until:
            break
        pushing.sleep(wait)
        pause = min(2 * pause, LONGEST_PAUSE)
    _log.warning("a push service did not take a notice in time")
    return False


def _post(pushing: Pushing, to: Subscription, notice: Notice, silent: bool, within: float) -> Taken:
    """One try; no answer counts as 503, and an address that may not be used as one that is gone."""
    try:
        return pushing.push.post(_sending(to, notice, silent, pushing.clock()), within)
    except NotDelivered:
        return Taken(HTTPStatus.SERVICE_UNAVAILABLE)
    except BadEndpoint:
        return Taken(HTTPStatus.GONE)


def _settle(pushing: Pushing, to: Subscription, status: int) -> bool:
    """Whether it was taken; a subscription that is none any more is forgotten."""
    if 200 <= status < 300:
        return True
    _log.warning("a push service refused a notice: %d", status)
    if status in GONE:
        # Only this one: the phone may have subscribed anew meanwhile.
        pushing.subscriptions.remove(to.home, to.device, to.endpoint)
    return False


def _is_worth_another_try(status: int) -> bool:
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500


def _sending(to: Subscription, notice: Notice, silent: bool, now: float) -> Sending:
    return Sending(
        endpoint=to.endpoint,
        p256dh=to.p256dh,
        auth=to.auth,
        content=content(notice, silent=silent, on_lock_screen=to.code_on_lock_screen),
        seconds_to_live=max(0, int(notice.news_until - now)),
        urgent=notice.type in AT_ONCE,
        topic=_topic(notice),
    )


def content(notice: Notice, *, silent: bool, on_lock_screen: bool) -> bytes:
    """The message as the service worker reads it: JSON, without what is not known.

    A photo's link is left out if the message would be too long with it.
    """
    said = {name: value for name, value in notice._asdict().items() if value is not None}
    said = {name: value for name, value in said.items() if name not in ("home", "news_until")}
    said |= {"ring": notice.ring, "silent": silent}
    if notice.code is not None:
        said["on_lock_screen"] = on_lock_screen
    text = _json(said)
    if len(text) > MOST_BYTES:
        text = _json({name: value for name, value in said.items() if name != "photo"})
    return text


def _json(said: dict[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _topic(notice: Notice) -> str | None:
    """What became of a ring replaces an earlier end of it that still waits for the browser.

    Notices for the moment have none: they live a minute, and one that is tried again must not
    replace what came after it. At most 32 characters of base64url (RFC 8030, section 5.4), which
    tell the service no ring.
    """
    if notice.ring is None or notice.type in AT_ONCE:
        return None
    return urlsafe_b64encode(sha256(notice.ring.encode()).digest())[:32].decode()


def _silent(pushing: Pushing, home: str) -> Callable[[str], bool]:
    """Whether a phone of this home stays silent now, by its own settings or the home's."""
    now = pushing.clock()
    if is_quiet(pushing.settings.of_home(home).quiet, now):
        return lambda _device: True
    quiet = {each.device for each in pushing.settings.phones(home) if is_quiet(each.quiet, now)}
    return lambda device: device in quiet
