"""Parts that a door does not have: a laptop has no pins, many doors have no keypad."""

from doorbell_client.door.parts import Mood, Notify, Photo, Shape
from doorbell_client.errors import CameraError, HardwareError


class NoSource:
    """No button, no keypad: never notices anything."""

    def start(self, notify: Notify) -> None:
        """Nothing will be told."""

    def close(self) -> None:
        """Nothing to let go."""


class NoLights:
    """No lights: every mood looks the same."""

    def show(self, mood: Mood) -> None:
        """Nobody sees it."""

    def close(self) -> None:
        """Nothing to let go."""


class NoBell:
    """No bell on this side of the door."""

    def ring(self) -> None:
        """Nobody hears it."""

    def beep(self) -> None:
        """Nobody hears it."""

    def close(self) -> None:
        """Nothing to let go."""


class NoCamera:
    """No camera: every press goes without a photo."""

    def start(self) -> None:
        """Nothing to open."""

    async def capture(self) -> Photo:
        """Raises CameraError: the cloud then rings through with reason `no_photo`."""
        raise CameraError("This door has no camera.")

    async def frame(self, shape: Shape) -> bytes:
        """Raises CameraError."""
        raise CameraError("This door has no camera.")

    def close(self) -> None:
        """Nothing to let go."""


class NoStrike:
    """No strike: the door is opened by hand."""

    def energise(self, seconds: float) -> None:
        """Raises HardwareError: nobody may be told that this door opened."""
        raise HardwareError("This door has no strike; name its pin in the configuration.")

    def close(self) -> None:
        """Nothing to let go."""
