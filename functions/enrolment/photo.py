"""Whom a photo enrols, given who owns the default home of this deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.homes import resident_photo
from doorbell.settings import required

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.model import ResidentPhoto


def enrols(key: str, sequencer: str, environment: Mapping[str, str]) -> ResidentPhoto | None:
    """None if the object is no resident's photo."""
    photo = resident_photo(
        key,
        default_home=required(environment, "DEFAULT_HOME"),
        owner=required(environment, "OWNER"),
    )
    return photo and photo._replace(sequencer=sequencer)
