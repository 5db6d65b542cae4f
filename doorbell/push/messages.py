"""Telling messengers and the topic what phones are told: text, a photo, and codes where chosen."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from doorbell import resident as residents
from doorbell.errors import Conflict, NotDelivered
from doorbell.homes import guest_photo_key
from doorbell.household.quiet import is_quiet
from doorbell.model import HOUR
from doorbell.push.codes import code_notice, fresh_code
from doorbell.push.words import Words, code_words, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.model import Passcode
    from doorbell.push.model import Messenger, Notice
    from doorbell.push.services import Notifying

_log = logging.getLogger(__name__)

SIDE_BY_SIDE: Final = 8


def tell(notifying: Notifying, notice: Notice) -> int:
    """Tell the home's messengers and the topic; how many took it.

    In quiet hours of the home they stay silent, but for codes. Each is told by itself: one that
    fails or hangs keeps nothing from another.
    """
    messengers = notifying.secrets.of_home(notice.home)
    jobs: list[Callable[[], bool]] = _code_jobs(notifying, notice, messengers)
    words = words_of(notice)
    quiet = is_quiet(notifying.settings.of_home(notice.home).quiet, notifying.clock())
    if words and not quiet and notifying.clock() < notice.news_until:
        jobs += _text_jobs(notifying, notice, words, messengers)
    if not jobs:
        return 0
    with ThreadPoolExecutor(min(len(jobs), SIDE_BY_SIDE)) as threads:
        return sum(threads.map(lambda job: job(), jobs))


def _text_jobs(
    notifying: Notifying, notice: Notice, words: Words, messengers: list[Messenger]
) -> list[Callable[[], bool]]:
    photo = _photo(notifying, notice) if messengers else None

    def send(to: Messenger) -> Callable[[], bool]:
        return lambda: _send(notifying, to, words, photo)

    def publish() -> bool:
        try:
            notifying.topic.publish(words.line)
        except Exception as error:
            _log.warning("the topic was not told: %s", type(error).__name__)
            return False
        return True

    return [publish, *(send(each) for each in messengers)]


def _code_jobs(
    notifying: Notifying, notice: Notice, messengers: list[Messenger]
) -> list[Callable[[], bool]]:
    """A code for those that shall have one: with the first word of a resident's ring."""
    to = [each for each in messengers if each.with_codes]
    drawn = _drawn(notifying, notice) if to else None
    if drawn is None:
        return []
    found = notifying.services.rings.find(notice.home, notice.ring or "")
    if found is None:
        return []
    words = code_words(code_notice(found, *drawn))

    def send(messenger: Messenger) -> Callable[[], bool]:
        return lambda: _send(notifying, messenger, words, None)

    return [send(each) for each in to]


def _drawn(notifying: Notifying, notice: Notice) -> tuple[Passcode, str] | None:
    """A code of this ring: one more while there is a live one; anew where nobody took the first."""
    services = notifying.services
    found = services.rings.find(notice.home, notice.ring) if notice.ring else None
    if found is None or not found.code_for:
        return None
    if notice.type == "resident":
        return fresh_code(services, found)
    late = services.clock() - found.pressed_at > services.settings.late_after
    if notice.type != "visitor" or notice.reason != "no_phone" or late:
        return None
    codes = services.passcodes.at_door(found.home, found.door, services.clock() - HOUR)
    if any(each.ring == found.id for each in codes):
        return None  # it was sent with `resident`
    try:
        issued, code, _ = residents.issue(services, found, found.code_for, codes)
    except Conflict:
        return None
    return issued, code


def _photo(notifying: Notifying, notice: Notice) -> bytes | None:
    """The visitor's photo; without one a message goes out all the same."""
    if notice.ring is None or notice.photo is None:
        return None
    try:
        return notifying.photos.read(guest_photo_key(notice.home, notice.ring))
    except Exception as error:
        _log.warning("a photo was not read: %s", type(error).__name__)
        return None


def _send(notifying: Notifying, to: Messenger, words: Words, photo: bytes | None) -> bool:
    try:
        notifying.messengers.send(to, words.title, words.text, photo)
    except NotDelivered as error:
        _log.warning("a messenger was not told: %s", error)
        return False
    return True
