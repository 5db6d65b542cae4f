"""A relay on a pin: off from the first moment, and held off when the program is done with it."""

from gpiozero import Device, OutputDevice


class Relay(OutputDevice):  # type: ignore[misc] # gpiozero has no types
    """Never on unless told: neither while the pin is claimed nor after it was closed.

    No DigitalOutputDevice: that one joins a thread before it is off, which fails where the thread
    could not be started, and leaves the relay on.
    """

    def __init__(self, pin: int, *, active_high: bool) -> None:
        """`pin` is a BCM number; `active_high=False` for boards that close on low."""
        _claim_with_level()
        super().__init__(pin, active_high=active_high, initial_value=False)

    def close(self) -> None:
        """Off; and the pin goes on saying so, because a floating input may close a relay."""
        pin = self.pin
        if pin is not None:
            self.off()
            # When the program ends, gpiozero resets the pins that its factory knows: not this one.
            self.pin_factory.pins.pop(pin.info, None)
            self.pin_factory.release_pins(self, pin.info.name)
            self._pin = None


def _claim_with_level() -> None:
    """Have lgpio claim an output with its level.

    gpiozero's own way is to claim it low and then to set it, and low is *on* for many boards.
    """
    Device.ensure_pin_factory()
    if type(Device.pin_factory).__name__ == "LGPIOFactory":
        from doorbell_client.hardware.steady_pin import SteadyPin

        Device.pin_factory.pin_class = SteadyPin
