"""Enrol a resident with a photo of this machine: put it into the bucket, say what came of it."""

from __future__ import annotations

import hashlib
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.aws.dynamodb.consents import ConsentTable
from doorbell.aws.dynamodb.table import Table
from doorbell.errors import BadName, DoorbellError
from doorbell.homes import check_id, check_resident, resident_photo_key
from doorbell.household.model import Consent
from doorbell.protocol.words import ENROLMENT_FAILURES
from operations.probe import wait_for_events

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.aws.dynamodb.values import Item
    from operations.stacks import Deployed

LARGEST: Final = 15 * 1024 * 1024
"""Bytes that Rekognition takes of an object in S3 (IndexFaces, Image)."""
OPERATOR: Final = "The operator"
"""Who says so of residents that `make enrol` enrols; as the phones show it."""
PATIENCE: Final = 120.0
LOOK_EVERY: Final = 0.5

HOW_TO: Final = (
    "A phone's settings have it (iPhone: Camera, Formats, Most Compatible), or export it as JPEG."
)
HELPS: Final = {
    "no_face": "look straight into the camera",
    "several_faces": "take one of one person alone",
    "too_small": "come closer",
    "too_dark": "find more light",
    "blurred": "hold still",
    "unavailable": "enrol it again",
}
_KINDS: Final = (
    (rb"\xff\xd8\xff", "jpeg"),
    (rb"\x89PNG\r\n\x1a\n", "png"),
    (rb"....ftyp(heic|heix|hevc|mif1|msf1|heim|heis)", "HEIC"),
    (rb"....ftypavi[fs]", "AVIF"),
    (rb"RIFF....WEBP", "WebP"),
    (rb"GIF8[79]a", "GIF"),
    (rb"II\*\x00|MM\x00\*", "TIFF or a raw picture"),
    (rb"%PDF", "PDF"),
)
"""How files of a kind begin. Rekognition reads JPEG and PNG alone."""


class NotEnrolled(DoorbellError, ValueError):
    """A photo enrols nobody; the text says why and what helps."""


class Photo(NamedTuple):
    """A picture that Rekognition can read."""

    content: bytes
    ending: str
    """`jpeg` or `png`."""


def enrol(
    stack: Deployed,
    file: str,
    resident: str,
    home: str,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """By how many faces the resident is known then. Whoever calls says that this person agrees:
    that is kept, with the time. Raises BadName, NotEnrolled, NoEvents.
    """
    if not file:
        raise BadName("Say which photo: PHOTO=…")
    if not resident:
        raise BadName("Say whose it is: RESIDENT=…")
    check_resident(resident)
    check_id(home, "home")
    photo = read_photo(Path(file))
    wait_for_events(stack, sleep)
    key = resident_photo_key(home, resident, f"{_name(Path(file), photo)}.{photo.ending}")
    table = Table(stack.client, stack.table)
    before = _happened(table, home, key)
    ConsentTable(table).add(Consent(home, resident, OPERATOR, time.time()))
    _put(stack, key, photo)
    after = _awaited(table, home, key, before, sleep)
    if reason := after.get("failure"):
        raise NotEnrolled(f"{file} enrols nobody: {_in_words(str(reason))}.")
    return sum(row["resident"] == resident for row in table.starting(home, "face#"))


def _in_words(reason: str) -> str:
    """Why, and what helps."""
    why = next((said for name, said in ENROLMENT_FAILURES.items() if name == reason), reason)
    return f"{why}; {HELPS[reason]}" if reason in HELPS else why


def read_photo(file: Path) -> Photo:
    """The picture, whatever its name. Raises NotEnrolled for what Rekognition would not read."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise NotEnrolled(f"{file} cannot be read: {error.strerror}.") from None
    kind = kind_of(content)
    if kind not in ("jpeg", "png"):
        what = f"is {kind}" if kind else "is no picture that is known here"
        raise NotEnrolled(f"{file} {what}; faces are found in JPEG and PNG. {HOW_TO}")
    if len(content) > LARGEST:
        raise NotEnrolled(f"{file} has {len(content) / 2**20:.0f} MB; 15 MB are allowed.")
    return Photo(content, kind)


def kind_of(content: bytes) -> str | None:
    """By how it begins, for its name may say anything; None if that tells nothing."""
    return next((kind for begin, kind in _KINDS if re.match(begin, content, re.DOTALL)), None)


def _name(file: Path, photo: Photo) -> str:
    """The file's name, and what tells it from another of that name."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", file.stem).strip("-") or "photo"
    return f"{stem}-{hashlib.sha256(photo.content).hexdigest()[:8]}"


def _put(stack: Deployed, key: str, photo: Photo) -> None:
    s3 = stack.client_of("s3")
    kind = f"image/{photo.ending}"
    s3.put_object(Bucket=stack.bucket, Key=key, Body=photo.content, ContentType=kind)


def _happened(table: Table, home: str, key: str) -> str:
    """S3's order of what happened last to a photo; empty: nothing yet."""
    row = table.get(home, f"object#{key}") or {}
    return str(row.get("happened", ""))


def _awaited(
    table: Table, home: str, key: str, before: str, sleep: Callable[[float], None]
) -> Item:
    """The row of the photo when it has been looked at. Raises NotEnrolled if it never is."""
    for _ in range(int(PATIENCE / LOOK_EVERY)):
        row = table.get(home, f"object#{key}") or {}
        if row.get("happened", "") != before and (
            row.get("failure") or _has_face(table, home, key)
        ):
            return row
        sleep(LOOK_EVERY)
    raise NotEnrolled(
        "Nothing came of it within two minutes: the log of the function Enrolment says why, or the"
        " state machine `enrol`."
    )


def _has_face(table: Table, home: str, key: str) -> bool:
    return bool(table.starting(home, f"photo#{key}#"))
