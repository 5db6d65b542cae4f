"""Something happened at a door: the phones are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.push.codes import push_anew
from doorbell.push.delivery import push_to_home
from doorbell.push.notice import notice_of

if TYPE_CHECKING:
    from doorbell.push.services import Pushing


def handle(pushing: Pushing, name: str, detail: dict[str, Any], at: float) -> None:
    """`name` and `detail` are the event's, `at` is when the bus took it (epoch seconds)."""
    notice = notice_of(pushing, name, detail, at)
    if notice is None:
        return
    served: frozenset[str] = frozenset()
    if notice.reason == "no_phone" and notice.type == "visitor":
        found = pushing.services.rings.find(notice.home, notice.ring or "")
        served = push_anew(pushing, found) if found else served
    push_to_home(pushing, notice, besides=served)
