"""A pin that becomes an output with its level, so that no relay is on for a moment at the start."""

from gpiozero.pins.lgpio import LGPIOPin, lgpio


class SteadyPin(LGPIOPin):  # type: ignore[misc] # gpiozero has no types
    """As gpiozero's, but for `output_with_state`, which it leaves to its descendants to better."""

    def output_with_state(self, state: bool) -> None:
        """Become an output that shows `state` from the first moment."""
        lgpio.gpio_claim_output(self.factory._handle, self._number, int(state))
