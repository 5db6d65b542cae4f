"""A film was made: it is published where the home has said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from doorbell.events import FilmMade
from doorbell.publishing.publish import publish

if TYPE_CHECKING:
    from doorbell.publishing.services import Publishing


def handle(publishing: Publishing, detail: dict[str, Any]) -> None:
    """`detail` is that of FilmMade; what is empty is left out there."""
    film = FilmMade(**{**dict.fromkeys(("ring", "camera", "door")), **detail})
    publish(publishing, film)
