"""The button at the door."""

import logging
import threading
import time

from doorbell_client.door.parts import Notify, Press
from doorbell_client.hardware.pins import claimed

_log = logging.getLogger(__name__)

BOUNCE_SECONDS = 0.05
"""Contacts of a push-button settle within some 10 ms; a finger needs 100 ms for a second press."""

CONFIRM_SECONDS = 0.003
"""Lightning, relays and fluorescent tubes make spikes of microseconds; a finger stays for 50 ms."""


class PushButton:
    """A push-button between a pin and ground; the pin's own resistor pulls it up.

    The first edge counts, as soon as the level is still there CONFIRM_SECONDS later: a spike on a
    long wire is no finger. gpiozero's `bounce_time` would have lgpio hold back every edge until the
    contact was still for that long, which is time that a visitor waits; so bouncing is taken out
    here, after the edge: the button must have been let go for `bounce` seconds before it rings
    again. Holding it down is one press.
    """

    def __init__(self, pin: int, bounce: float = BOUNCE_SECONDS) -> None:
        """`pin` is a BCM number. Raises HardwareError."""
        self._bounce = bounce
        self._released_at = float("-inf")
        self._spike = False
        self._lock = threading.Lock()
        self._notify: Notify | None = None
        with claimed(f"The button on GPIO {pin}"):
            from gpiozero import Button

            self._button = Button(pin, pull_up=True)

    def start(self, notify: Notify) -> None:
        """Begin to call `notify`. A button that is stuck already says nothing until let go."""
        self._notify = notify
        self._button.when_pressed = self._pressed
        self._button.when_released = self._released

    def close(self) -> None:
        """Let go of the pin."""
        self._button.close()

    def _pressed(self) -> None:
        now = time.monotonic()
        with self._lock:
            bounced = now - self._released_at < self._bounce
        if bounced or self._notify is None or not self._is_confirmed():
            return
        try:
            self._notify(Press(now))
        except Exception:
            # An error in gpiozero's thread would end it, and no press would ever ring again.
            _log.exception("a press could not be told")

    def _is_confirmed(self) -> bool:
        """Whether it is a finger; takes CONFIRM_SECONDS of gpiozero's thread."""
        before = self._released_at
        self._spike = False
        time.sleep(CONFIRM_SECONDS)
        if self._button.is_pressed:
            return True
        # Nobody let go of anything: a finger that comes now is no bouncing contact. The edge of
        # the spike's end was told already, or will be.
        with self._lock:
            self._spike = self._released_at == before
            self._released_at = before
        return False

    def _released(self) -> None:
        with self._lock:
            if not self._spike:
                self._released_at = time.monotonic()
            self._spike = False
