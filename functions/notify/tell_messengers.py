"""Something happened at a door: the home's messengers and the topic are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.push.messages import tell
from doorbell.push.notice import notice_of

if TYPE_CHECKING:
    from doorbell.push.services import Notifying


def handle(notifying: Notifying, name: str, detail: dict[str, Any], at: float) -> None:
    """`name` and `detail` are the event's, `at` is when the bus took it (epoch seconds)."""
    notice = notice_of(notifying, name, detail, at)
    if notice:
        tell(notifying, notice)
