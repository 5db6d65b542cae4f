"""What a home publishes, as it stands in its secret: JSON, checked when it is read and written."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlsplit

from doorbell.errors import BadName, BadSetting, SettingsError
from doorbell.homes import check_id
from doorbell.publishing.model import Account, AppriseAddress, Publication, XAccount

LONGEST_TEXT: Final = 140
"""Letters. X takes 280, and counts some twice (X API, "Counting characters")."""
LOOPBACK: Final = ("127.0.0.1", "localhost")


def checked(publication: Publication) -> Publication:
    """The same. Raises BadSetting or BadName, with a text for a person."""
    if (publication.camera is None) == (publication.door is None):
        raise BadSetting("Say which camera or which door: CAMERA=… or DOOR=…, one of both.")
    check_id(publication.camera or publication.door or "", "device")
    if publication.door and not publication.visitors:
        raise BadSetting(
            "A door's films show visitors. To publish them all the same, say VISITORS=yes."
        )
    if len(publication.text) > LONGEST_TEXT or not publication.text.isprintable():
        raise BadSetting(f"The text is one line of {LONGEST_TEXT} letters at most.")
    _check_account(publication.to)
    return publication


def _check_account(to: Account) -> None:
    if isinstance(to, AppriseAddress):
        if not to.service.isalnum() or "://" not in to.url or any(ord(c) <= 32 for c in to.url):
            raise BadSetting("Say where: an address in Apprise's form, such as mastodons://…")
        return
    if not all(each and each.isascii() and each.isprintable() for each in to[:4]):
        raise BadSetting("X has four keys, each a line of letters.")
    at = urlsplit(to.api)
    if at.scheme != "https" and not (at.scheme == "http" and at.hostname in LOOPBACK):
        raise BadSetting("X is spoken to over HTTPS.")


def write_publications(publications: list[Publication]) -> str:
    """To be kept."""
    return json.dumps({"publications": [_written(each) for each in publications]})


def read_publications(text: str) -> list[Publication]:
    """What was kept. Raises SettingsError: what cannot be read publishes nothing at all."""
    try:
        return [checked(_read(each)) for each in json.loads(text)["publications"]]
    except (AttributeError, BadName, BadSetting, KeyError, TypeError, ValueError):
        # Without its text and its cause: they may quote keys.
        raise SettingsError("What the home publishes cannot be read.") from None


def _written(publication: Publication) -> dict[str, Any]:
    to = publication.to
    kind = "x" if isinstance(to, XAccount) else "apprise"
    return {**publication._asdict(), "to": {"kind": kind, **to._asdict()}}


def _read(record: dict[str, Any]) -> Publication:
    to = {name: _text(value) for name, value in record["to"].items()}
    account: Account = XAccount(**to) if to.pop("kind") == "x" else AppriseAddress(**to)
    return Publication(
        id=check_id(_text(record["id"]), "publication"),
        to=account,
        camera=_text_or_none(record.get("camera")),
        door=_text_or_none(record.get("door")),
        # Nothing but a plain yes is one.
        visitors=record.get("visitors") is True,
        text=_text(record.get("text", "")),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)
