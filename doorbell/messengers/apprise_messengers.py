"""Messengers such as ntfy, Telegram, Pushover or e-mail, by way of Apprise.

Apprise is imported with the first message: it takes a quarter of a second.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from doorbell.errors import NotDelivered

if TYPE_CHECKING:
    from doorbell.push.model import Messenger

SECONDS: Final = 15.0
"""For one messenger."""


class AppriseMessengers:
    """`doorbell.push.ports.Messengers`."""

    def send(self, messenger: Messenger, title: str, text: str, photo: bytes | None) -> None:
        """The photo goes along where the service takes one. Raises NotDelivered."""
        import apprise

        # Its own lines quote addresses, which hold passwords.
        logging.getLogger("apprise").setLevel(logging.CRITICAL)
        # Keeps nothing on a disk: Lambda's may be read-only, and what is kept would be secret.
        asset = apprise.AppriseAsset(
            storage_mode=apprise.PersistentStoreMode.MEMORY, service_timeout=SECONDS
        )
        sender = apprise.Apprise(asset=asset)
        if not sender.add(messenger.url):
            raise NotDelivered("this is no address of a messenger")
        shown = _attachment(photo) if photo else None
        try:
            # A body is needed: a title that says all stands there alone.
            taken = sender.notify(
                body=text or title, title=title if text else "", attach=shown, timeout=SECONDS
            )
        except Exception as error:
            raise NotDelivered(f"it failed: {type(error).__name__}") from None
        if not taken:
            raise NotDelivered("it did not take the message")


def _attachment(photo: bytes) -> Any:
    from apprise.attachment.memory import AttachMemory

    attach: Any = AttachMemory  # it has no types
    return attach(photo, name="photo.jpeg", mimetype="image/jpeg")
