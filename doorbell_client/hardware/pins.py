"""GPIO pins, and what to do where there are none."""

from collections.abc import Iterator
from contextlib import contextmanager

from doorbell_client.errors import HardwareError

_NO_PINS = (
    "This machine has no GPIO pins that gpiozero can use. On a Raspberry Pi run "
    "`sudo apt install python3-lgpio`, make the virtual environment with --system-site-packages "
    "and join the group gpio; elsewhere leave the pins out of the configuration."
)


@contextmanager
def claimed(what: str) -> Iterator[None]:
    """Name the part and the remedy in whatever gpiozero raises while a part claims its pins.

    Raises HardwareError: no pins here, a pin in use, or no such pin.
    """
    try:
        import gpiozero
    except ImportError as error:
        raise HardwareError(f"{what}: {_NO_PINS}") from error
    try:
        yield
    except gpiozero.BadPinFactory as error:
        raise HardwareError(f"{what}: {_NO_PINS}") from error
    except gpiozero.GPIOPinInUse as error:
        raise HardwareError(f"{what}: this pin is used twice; give it its own.") from error
    except gpiozero.GPIOZeroError as error:
        raise HardwareError(f"{what}: {error}; see docs/hardware.md.") from error
    except Exception as error:
        # lgpio raises errors of its own (a pin that another program holds), and imports may fail.
        raise HardwareError(f"{what} cannot be used: {error}.") from error
