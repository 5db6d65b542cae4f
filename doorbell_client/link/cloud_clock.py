"""How old a message can be at most, whatever held it back on its way.

TCP may deliver a message minutes after it was sent. Two things bound its age. Messages arrive in
the order in which they were sent: one that comes after the answer to a ping was sent after that
ping. And the cloud says what its clock shows: when a message says the cloud's time at which it was
sent, its age follows from how far the two clocks are apart. All times are seconds; `now` is of a
clock that never jumps.
"""

from collections import deque
from typing import Final

SAMPLES: Final = 8
"""So many answers are remembered; over more time than that, clocks drift apart."""


class CloudClock:
    """What the answers to `hello` and `ping` say of the cloud's clock and of the line."""

    def __init__(self) -> None:
        self._asked: dict[type, deque[float]] = {}
        self._in_order_since = float("-inf")
        # The cloud's clock is ahead of ours by no more than each of these.
        self._ahead: deque[float] = deque(maxlen=SAMPLES)

    def connecting(self, now: float) -> None:
        """A new connection is being made: what comes over it is sent from now on."""
        self._asked.clear()
        self._in_order_since = now

    def asked(self, question: type, now: float) -> None:
        """A question was sent that is answered once, in order."""
        self._asked.setdefault(question, deque()).append(now)

    def answered(self, question: type, cloud_time: float | None) -> None:
        """The answer has come; `cloud_time` is what the cloud's clock showed, if it said so."""
        waiting = self._asked.get(question)
        if not waiting:
            return
        asked_at = waiting.popleft()
        self._in_order_since = max(self._in_order_since, asked_at)
        if cloud_time is not None:
            # The cloud read its clock at some moment after the question was sent.
            self._ahead.append(cloud_time - asked_at)

    def age_at_most(self, now: float, sent: float | None) -> float:
        """How old a message that arrives now can be; `sent` is the cloud's time, if it says so."""
        by_order = now - self._in_order_since
        if sent is None or not self._ahead:
            return by_order
        return max(0.0, min(by_order, now + min(self._ahead) - sent))
