"""One service that Apprise speaks to, by its address.

Apprise is imported with the first message: it takes a quarter of a second.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from doorbell.errors import NotDelivered

if TYPE_CHECKING:
    from pathlib import Path


def service_of(url: str, seconds: float) -> Any:
    """The service of this address, which has so many seconds for each message (Apprise gives it
    60 by itself). Raises NotDelivered if it is an address of none.
    """
    import apprise

    # Its own lines quote addresses, which hold passwords.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    # Keeps nothing on a disk: what it would keep there is secret.
    asset = apprise.AppriseAsset(
        storage_mode=apprise.PersistentStoreMode.MEMORY, service_timeout=seconds
    )
    service = apprise.Apprise.instantiate(url, asset=asset)
    if service is None:
        raise NotDelivered("this is no address of a service")
    return service


def send(service: Any, *, title: str, text: str, attached: Any = None) -> None:
    """Within the service's own time. Raises NotDelivered."""
    import apprise

    sender = apprise.Apprise()
    sender.add(service)
    try:
        # A body is needed: a title that says all stands there alone.
        taken = sender.notify(body=text or title, title=title if text else "", attach=attached)
    except Exception as error:
        raise NotDelivered(f"it failed: {type(error).__name__}") from None
    if not taken:
        raise NotDelivered("it did not take the message")


def attachment(file: Path, media_type: str) -> Any:
    """A file to send along. It is none in memory: some services, Mastodon and Telegram among them,
    open it by its path.
    """
    from apprise.attachment.file import AttachFile

    attach: Any = AttachFile  # it has no types
    return attach(str(file), mimetype=media_type)
