"""The relay that lets the door be pushed open."""

import logging
import math
import threading
import time

from doorbell_client.errors import HardwareError
from doorbell_client.hardware.pins import claimed

_log = logging.getLogger(__name__)

MAX_SECONDS = 30.0
"""No answer from anywhere keeps the door open longer: a strike's coil is not made for it."""

REST_SECONDS = 3.0
"""Openings that follow one another sooner count as one: the coil does not cool in between."""


class RelayStrike:
    """An electric strike behind a relay; released except while told to open.

    The pulse is timed by a thread of its own, so it ends although the event loop hangs. After
    a kill -9 nobody is left to end it: the next start does so before anything else, and
    docs/hardware.md says how the Pi does it without us.
    """

    def __init__(
        self, pin: int, active_high: bool = True, max_seconds: float = MAX_SECONDS
    ) -> None:
        """`pin` is a BCM number; `active_high=False` for relay boards that close on low.

        Released from the first moment. Raises HardwareError.
        """
        self._lock = threading.Lock()
        self._began = self._until = float("-inf")
        self._closed = False
        self._timer: threading.Timer | None = None
        """Ends the pulse; one that was replaced ends nothing any more."""
        self._max_seconds = max_seconds
        with claimed(f"The strike on GPIO {pin}"):
            from doorbell_client.hardware.relay import Relay

            self._relay = Relay(pin, active_high=active_high)

    def energise(self, seconds: float) -> None:
        """Open for so many seconds; while it is open, the later end counts.

        It is never on for longer than `max_seconds` without a rest of REST_SECONDS. Raises
        ValueError for a time that is none, HardwareError while it rests or when the relay cannot
        be driven; either way the strike is released, at once or at the end of its time.
        """
        if not (math.isfinite(seconds) and seconds > 0):
            raise ValueError(f"The strike opens for a number of seconds above 0, not {seconds}.")
        with self._lock:
            if self._closed:
                raise HardwareError("The strike is closed: the door is shutting down.")
            now = time.monotonic()
            if now - self._until >= REST_SECONDS:
                self._began = now
            until = min(max(self._until, now + seconds), self._began + self._max_seconds)
            if until <= now:
                raise HardwareError(
                    f"The strike was on for {self._max_seconds:g} s and rests for a moment."
                )
            self._until = until
            self._pulse(until - now)

    def close(self) -> None:
        """Released, and held so."""
        with self._lock:
            self._closed = True
            self._replace_timer(None)
            self._relay.close()

    def _pulse(self, seconds: float) -> None:
        timer = threading.Timer(seconds, self._end)
        timer.daemon = True
        try:
            # Its end before its beginning: without a thread (none is left, say) there is no pulse.
            timer.start()
            self._replace_timer(timer)
            self._relay.on()
        except Exception as error:
            self._until = float("-inf")
            self._release()
            raise HardwareError(f"The strike cannot be driven: {error}") from error

    def _replace_timer(self, timer: threading.Timer | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = timer

    def _end(self) -> None:
        with self._lock:
            # By the timer, not by the time: two clocks that differ by a hair must not leave it on.
            if threading.current_thread() is self._timer:
                self._release()

    def _release(self) -> None:
        try:
            self._relay.off()
        except Exception:
            _log.exception("the strike could not be released")
