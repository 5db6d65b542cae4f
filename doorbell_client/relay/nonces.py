"""Nonces of Digest: each lives for some minutes, and each count is taken once.

A nonce proves by its own signature that it is ours and how old it is, so that whoever only asks for
one takes no memory. What is kept are the counts of those that were answered rightly.
"""

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

LIFE_SECONDS: Final = 300.0

WINDOW: Final = 64
"""Several connections of one camera may overtake each other by so many requests."""

MOST_KEPT: Final = 10_000
"""Nonces in use at once; beyond it the oldest one's camera must ask for another."""


class _Used(NamedTuple):
    """Which counts of a nonce were used: the highest, and a bit for each of those below it."""

    highest: int
    seen: int

    def with_count(self, count: int) -> "_Used | None":
        """With this one, too; None if it was used before, or is so far behind that it may be."""
        ahead = count - self.highest
        if ahead > 0:
            moved = self.seen << ahead if ahead < WINDOW else 0
            return _Used(count, (moved | 1) & (1 << WINDOW) - 1)
        if count < 1 or ahead <= -WINDOW or self.seen >> -ahead & 1:
            return None
        return _Used(self.highest, self.seen | 1 << -ahead)


class Nonces:
    """Gives nonces, and takes each count of each once."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[int], str] = secrets.token_hex,
        key: bytes | None = None,
    ) -> None:
        """Those of an earlier run are unknown: its key is gone."""
        self._clock = clock
        self._draw = draw
        self._key = key or secrets.token_bytes(32)
        self._used: OrderedDict[str, _Used] = OrderedDict()
        self._forgotten_until = float("-inf")

    def new(self) -> str:
        """One for a challenge."""
        body = f"{self._clock():.3f}-{self._draw(8)}"
        return f"{body}-{self._signature(body)}"

    def take(self, nonce: str, count: int) -> bool:
        """Use a count of a nonce. False: it was used before or is far behind, or the nonce is old.

        A nonce whose answer is wrong must not come here: it would take memory.
        """
        used = self._used.get(nonce, _Used(0, 0)).with_count(count)
        if used is None or not self._is_alive(nonce):
            return False
        self._used[nonce] = used
        self._forget_old()
        return True

    def _is_alive(self, nonce: str) -> bool:
        at = self._at(nonce)
        return at is not None and self._forgotten_until < at and self._clock() - at <= LIFE_SECONDS

    def _forget_old(self) -> None:
        while self._used and not self._is_alive(next(iter(self._used))):
            self._used.popitem(last=False)
        while len(self._used) > MOST_KEPT:
            nonce, _ = self._used.popitem(last=False)
            # Its counts are forgotten, so it may not be taken again, nor any that is older.
            self._forgotten_until = max(self._forgotten_until, self._at(nonce) or 0.0)

    def _at(self, nonce: str) -> float | None:
        """The moment in which one of ours was made."""
        body, _, signature = nonce.rpartition("-")
        if not hmac.compare_digest(self._signature(body).encode(), signature.encode()):
            return None
        return float(body.partition("-")[0])

    def _signature(self, body: str) -> str:
        return hmac.new(self._key, body.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]
