"""The house's own gong, rung through a relay across its old push-button."""

from doorbell_client.hardware.pins import claimed
from doorbell_client.hardware.sequence import Pattern, Sequencer, Step

PULSE_SECONDS = 0.4
"""A two-tone gong strikes *ding* when its coil is energised and *dong* when it is let go."""

REST_SECONDS = 0.2
"""How long the plunger takes to come back before it can strike again."""


class RelayGong:
    """A relay whose contact stands in for the push-button of a mains-transformer gong."""

    def __init__(self, pin: int, active_high: bool = True, pulse: float = PULSE_SECONDS) -> None:
        """`pin` is a BCM number, `pulse` in seconds. Silent at first. Raises HardwareError."""
        self._pulse = pulse
        with claimed(f"The gong on GPIO {pin}"):
            from doorbell_client.hardware.relay import Relay

            self._relay = Relay(pin, active_high=active_high)
        self._sequencer: Sequencer[bool] = Sequencer("gong", self._set)

    def ring(self) -> None:
        """One stroke. While it sounds: let go first, or the plunger would not strike anew."""
        stroke = [Step(True, self._pulse), Step(False, 0)]
        rest = [Step(False, REST_SECONDS)] if self._sequencer.playing else []
        self._sequencer.play(Pattern([*rest, *stroke]))

    def beep(self) -> None:
        """A gong has no voice for a key."""

    def close(self) -> None:
        """Silent, and held so."""
        self._sequencer.close()
        self._relay.close()

    def _set(self, on: bool) -> None:
        self._relay.value = on
