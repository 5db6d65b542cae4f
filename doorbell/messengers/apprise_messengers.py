"""Messengers such as ntfy, Telegram, Pushover or e-mail, by way of Apprise."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorbell.messengers.apprise_services import attachment, send, service_of

if TYPE_CHECKING:
    from doorbell.push.model import Messenger

SECONDS: Final = 15.0
"""For one messenger."""


class AppriseMessengers:
    """`doorbell.push.ports.Messengers`."""

    def send(self, messenger: Messenger, title: str, text: str, photo: bytes | None) -> None:
        """The photo goes along where the service takes one. Raises NotDelivered."""
        service = service_of(messenger.url, SECONDS)
        with tempfile.TemporaryDirectory() as name:
            file = Path(name, "photo.jpeg")
            attached = None
            if photo:
                file.write_bytes(photo)
                attached = attachment(file, "image/jpeg")
            send(service, title=title, text=text, attached=attached)
