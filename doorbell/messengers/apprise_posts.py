"""Films on Mastodon and other services, by way of Apprise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from doorbell.errors import FilmNotPublished, NotDelivered
from doorbell.messengers.apprise_services import attachment, send, service_of
from doorbell.publishing.model import Limits

if TYPE_CHECKING:
    from typing import Any

    from doorbell.publishing.model import AppriseAddress, FilmFile

SECONDS: Final = 180.0
"""For one post."""
READ_SECONDS: Final = 90.0
"""For one answer: Mastodon works the film over before it gives one. Apprise waits 4 s by itself."""

MB: Final = 1_000_000
USUAL: Final = Limits(mp4=0, gif=8 * MB)
"""A GIF is taken wherever pictures are."""
LIMITS: Final = {
    "mastodon": Limits(40 * MB, 8 * MB),
    "tgram": Limits(40 * MB, 40 * MB),
    "discord": Limits(10 * MB, 10 * MB),
    "ntfy": Limits(15 * MB, 15 * MB),
    "slack": Limits(40 * MB, 40 * MB),
    "mailto": Limits(20 * MB, 20 * MB),
    "json": Limits(20 * MB, 20 * MB),
}
"""What services take that take films, by one of their schemes; Mastodon's before its version 4.2.
None is larger than 40 MB: Apprise has a file in memory twice while it sends it.
"""


PICTURES_ALONE: Final = frozenset({"twitter"})
"""X: Apprise uploads in one request there, as X takes pictures that stand still."""


class ApprisePosts:
    """`doorbell.publishing.ports.Accounts`, of the services that Apprise speaks to."""

    def limits(self, to: AppriseAddress) -> Limits:
        """Raises FilmNotPublished for an address of none, or of one that takes no files."""
        schemes = _schemes(_service(to))
        if PICTURES_ALONE & schemes:
            raise FilmNotPublished("takes_no_film")
        return next((taken for scheme, taken in LIMITS.items() if scheme in schemes), USUAL)

    def post(self, to: AppriseAddress, text: str, film: FilmFile) -> None:
        """Once, whatever the address says of trying again: Apprise does not tell a message that was
        lost from one whose answer was. Raises FilmNotPublished.
        """
        service = _service(to)
        service.retry = 0
        service.socket_read_timeout = READ_SECONDS
        attached = attachment(film.path, film.media_type)
        try:
            send(service, title="", text=text, attached=attached)
        except NotDelivered:
            raise FilmNotPublished("not_taken") from None


def _schemes(service: Any) -> set[str]:
    """All that addresses of this service may begin with; one object says only which it was."""
    known = type(service)
    named = (known.protocol or (), known.secure_protocol or ())
    return {scheme for each in named for scheme in ([each] if isinstance(each, str) else each)}


def _service(to: AppriseAddress) -> Any:
    try:
        service = service_of(to.url, SECONDS)
    except NotDelivered:
        raise FilmNotPublished("bad_address") from None
    if not service.attachment_support:
        raise FilmNotPublished("takes_no_film")
    return service
