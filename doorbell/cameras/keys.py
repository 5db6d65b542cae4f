"""Where the things of a camera stand in the bucket, whatever names it gives them."""

from __future__ import annotations

import calendar
import hashlib
import re
import time
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple, get_args
from urllib.parse import unquote_to_bytes

from doorbell.cameras.model import KINDS, MediaKind

if TYPE_CHECKING:
    from doorbell.cameras.model import MediaType
    from doorbell.model import Device

LONGEST_NAME: Final = 64
_MARK: Final = 12
"""Hexadecimal digits that tell uploads of one name and moment apart."""

_FOLDERS: Final[dict[MediaKind, str]] = {"picture": "pictures", "clip": "clips", "burst": "bursts"}
_ENDINGS: Final[dict[MediaType, str]] = {
    "image/jpeg": "jpeg",
    "video/x-matroska": "mkv",
    "video/mp4": "mp4",
    "application/x-mjpeg": "mjpeg",
}

_KEY: Final = re.compile(
    r"(?P<folder>pictures|clips|bursts)/(?P<home>[a-z0-9-]{1,32})/(?P<camera>[a-z0-9-]{1,32})"
    r"/(?P<moment>\d{4}/\d{2}/\d{2}/\d{6})-(?P<millis>\d{3})-[A-Za-z0-9_-]{1,64}"
    r"\.(?:jpeg|mkv|mp4|mjpeg)",
    re.ASCII,
)
_MOMENT: Final = "%Y/%m/%d/%H%M%S"

_FILE_NAME: Final = re.compile(
    r"""(?:^|;)\s*filename(?P<coded>\*)?\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"?|(?P<bare>[^;]*))""",
    re.IGNORECASE,
)


class Place(NamedTuple):
    """What a key says of its object."""

    kind: MediaKind
    home: str
    camera: str
    at: float
    """When it arrived, or was taken if the device said so."""


def key_of(camera: Device, media: MediaType, at: float, name: str) -> str:
    """The key of something that arrived at this moment; `name` is safe already."""
    return f"{folder_of(camera, KINDS[media])}/{_moment(at)}-{name}.{_ENDINGS[media]}"


def upload_key(camera: Device, media: MediaType, at: float, name: str, upload: str) -> str:
    """The key of something that its device uploads; the same upload always has the same one."""
    if KINDS[media] == "burst":
        return key_of(camera, media, at, upload)
    mark = hashlib.sha256(upload.encode()).hexdigest()[:_MARK]
    start = name[: LONGEST_NAME - _MARK - 1].rstrip("-")
    return key_of(camera, media, at, f"{start}-{mark}")


def folder_of(camera: Device, kind: MediaKind) -> str:
    """The folder of a camera; no key of it stands anywhere else."""
    return f"{_FOLDERS[kind]}/{camera.home}/{camera.id}"


def is_of(camera: Device, key: str) -> bool:
    """Whether this is the key of something of this camera."""
    place = read_key(key)
    return place is not None and (place.home, place.camera) == (camera.home, camera.id)


def read_key(key: str) -> Place | None:
    """What a key says, or None if it is none of a camera's."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    try:
        moment = calendar.timegm(time.strptime(found["moment"], _MOMENT))
    except ValueError:
        return None
    (kind,) = (each for each in get_args(MediaKind) if _FOLDERS[each] == found["folder"])
    return Place(kind, found["home"], found["camera"], moment + int(found["millis"]) / 1000)


def file_name(disposition: str) -> str:
    """The file name in a Content-Disposition (RFC 6266), or what a camera takes for one."""
    found = {bool(each["coded"]): each for each in _FILE_NAME.finditer(disposition)}
    if True in found:
        # RFC 8187: character set, language, and the name in percent signs.
        coded = found[True]["quoted"] or found[True]["bare"] or ""
        return unquote_to_bytes(coded.rpartition("'")[2].strip()).decode("utf-8", "replace")
    if False in found:
        plain = found[False]["quoted"] or found[False]["bare"] or ""
        return _as_utf8(re.sub(r"\\(.)", r"\1", plain).strip())
    return ""


def safe_name(name: str, otherwise: str) -> str:
    """What is left of a file's name: 1 to 64 letters, digits, hyphens and underscores."""
    last = re.split(r"[/\\]", name)[-1]
    stem = last.rpartition(".")[0] or last
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-")
    return safe[:LONGEST_NAME].rstrip("-") or otherwise


def _moment(at: float) -> str:
    millis = round(at * 1000)
    return f"{time.strftime(_MOMENT, time.gmtime(millis // 1000))}-{millis % 1000:03d}"


def _as_utf8(text: str) -> str:
    """A header's bytes may have been read as Latin-1 on their way."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
