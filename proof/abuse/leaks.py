"""What no client may be told: stack traces, and names of our inside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from local.stack import Stack

SIGNED: Final = re.compile(r'https?://[^\s"]+[?&]X-Amz-[^\s"]+')
"""A link to one object, which must name the bucket."""

INSIDE: Final = re.compile(
    r"Traceback|File \"|\bline \d+, in |site-packages|/var/task|\.py\b|arn:aws"
    r"|\b[A-Z][A-Za-z]*(?:Error|Exception|Conflict)\b|\bConflict\b|JobFailed|DeviceGone"
    r"|\b(?:botocore|msgspec|functions|websocket|doorbell)\.[a-z_]"
)
"""Stack traces, our files, classes of errors, modules, and what AWS calls things."""


class Leaks:
    """Looks at everything that a client was told, and keeps what should not stand there."""

    def __init__(self, stack: Stack) -> None:
        names = {stack.bucket, stack.table.rings, stack.table.household}
        self._names = re.compile("|".join(map(re.escape, sorted(names))))
        self.looked_at = 0
        self.found: list[str] = []

    def look(self, said: str) -> None:
        """One answer, with its headers if it has some."""
        self.looked_at += 1
        rest = SIGNED.sub("", said)
        for pattern in (INSIDE, self._names):
            if hit := pattern.search(rest):
                self.found.append(rest[max(0, hit.start() - 60) : hit.end() + 60])
