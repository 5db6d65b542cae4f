"""Files whose camera may not have heard that they are kept: it will send them again.

The answer may be lost with the network, or with this program between the last byte and its `201`.
A file with the same camera, name and bytes is then the same file.
"""

from collections import OrderedDict
from typing import Final

from doorbell_client.relay.kept import Kept

REMEMBERED_SECONDS: Final = 86400.0
"""A camera that has not sent it again by then has given up."""

MOST: Final = 10_000


class Unanswered:
    """Those of one folder."""

    def __init__(self) -> None:
        self._files: OrderedDict[tuple[str, str, int, str], Kept] = OrderedDict()

    def add(self, kept: Kept) -> None:
        """The answer for this one may be lost."""
        self._files[kept.same_as] = kept

    def take(self, same_as: tuple[str, str, int, str]) -> Kept | None:
        """The file that this one is, if it was sent before; it is about to be answered again."""
        return self._files.pop(same_as, None)

    def old_ones(self, now: float) -> list[Kept]:
        """Forget those that nobody will send again, and say which they were."""
        old = []
        for kept in list(self._files.values()):
            if len(self._files) <= MOST and abs(now - kept.about.taken_at) < REMEMBERED_SECONDS:
                break
            old.append(self._files.pop(kept.same_as))
        return old
