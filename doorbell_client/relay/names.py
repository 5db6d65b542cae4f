"""What a camera calls its file: from Content-Disposition, else from the path that it is put to.

The name is told to the cloud and to people, and names nothing on this machine's disk.
"""

import re
from email.message import Message
from typing import Final
from urllib.parse import unquote

MOST_CHARACTERS: Final = 200

_BEFORE: Final = re.compile(r"^.*[/\\]", re.DOTALL)
"""Folders, as this system or another one writes them."""


def name_of(disposition: str | None, path: str) -> str:
    """One line of printable text without folders; empty if the camera does not say."""
    said = _filename(disposition) if disposition else None
    plain = _plain(said or "")
    return plain or _plain(unquote(path, errors="replace"))


def _filename(disposition: str) -> str | None:
    """`filename*` or `filename`, with whatever quotes and encoding (RFC 6266, RFC 2231)."""
    message = Message()
    # A camera may leave out the kind, and begin with the name.
    if re.match(r"\s*filename\*?\s*=", disposition, re.IGNORECASE):
        disposition = f"attachment; {disposition}"
    message["Content-Disposition"] = disposition.replace("\r", " ").replace("\n", " ")
    try:
        return message.get_filename()
    except (LookupError, ValueError):
        return None  # an encoding that does not exist


def _plain(name: str) -> str:
    name = _BEFORE.sub("", name.encode("utf-8", "replace").decode())
    name = "".join(each if each.isprintable() else " " for each in name).strip()
    return "" if name in (".", "..") else name[:MOST_CHARACTERS]
