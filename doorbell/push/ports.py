"""What notices need from the world, as Protocols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from doorbell.household.model import HomeSettings, PhoneSettings
    from doorbell.model import Device
    from doorbell.push.model import Messenger, Sending, Taken


class DevicesOfHome(Protocol):
    """The devices of a home."""

    def find(self, home: str, device: str) -> Device | None:
        """The device, or None if there is none (any more)."""

    def all(self, home: str) -> list[Device]:
        """All of them."""


class QuietTimes(Protocol):
    """When phones and homes stay silent."""

    def of_home(self, home: str) -> HomeSettings:
        """What holds for all phones of this home."""

    def phones(self, home: str) -> list[PhoneSettings]:
        """Those of all phones that have any."""


class PushServices(Protocol):
    """The push services of browsers."""

    def post(self, sending: Sending, within: float) -> Taken:
        """Encrypt, sign and send, within so many seconds.

        Raises NotDelivered if there is no answer, BadEndpoint if nothing may be sent there.
        """


class MessengerSecrets(Protocol):
    """Which messengers a home has; their addresses hold passwords, so they are a secret."""

    def of_home(self, home: str) -> list[Messenger]:
        """All of them; none if the home has none."""


class Messengers(Protocol):
    """Services such as ntfy, Telegram or e-mail."""

    def send(self, messenger: Messenger, title: str, text: str, photo: bytes | None) -> None:
        """Raises NotDelivered."""


class Topic(Protocol):
    """A topic that anybody may subscribe to: plain text, without photo or code."""

    def publish(self, text: str) -> None:
        """Raises ServiceError."""


class VisitorPhotos(Protocol):
    """The bucket's photos of visitors."""

    def read(self, key: str) -> bytes | None:
        """The photo; None if it is not there."""
