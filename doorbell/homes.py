"""Homes, what lives in them, and where their objects stand in the bucket."""

import re
from contextlib import suppress
from typing import Final

from doorbell.errors import BadName
from doorbell.model import ResidentPhoto

_ID: Final = r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?"
_RESIDENT: Final = r"[^/\x00-\x1f\x7f\ud800-\udfff]{1,64}"

MAX_KEY_BYTES: Final = 800
"""The table keeps a photo's key within a sort key of 1,024 bytes."""

OWNER_PHOTO: Final = "source."
"""How the name begins that enrols the default home's owner at the bucket's root: `source.jpeg`, as
project-doorbell has it, or another picture.
"""


def check_id(value: str, what: str) -> str:
    """A home's or a device's id: it stands in tokens, keys and collection names.

    Raises BadName.
    """
    if not re.fullmatch(_ID, value):
        raise BadName(
            f"A {what} is named by 1 to 32 small letters, digits and hyphens, not {value!r}."
        )
    return value


def check_resident(value: str) -> str:
    """A resident's name: it is a folder in the bucket. Raises BadName."""
    if not re.fullmatch(_RESIDENT, value):
        raise BadName(f"A resident's name has 1 to 64 letters and no slash, unlike {value!r}.")
    return value


def id_from_name(name: str) -> str:
    """`Front door` → `front-door`. Raises BadName if nothing usable is left."""
    return check_id(re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"), "device")


def guest_photo_key(home: str, ring: str) -> str:
    """Where the photo of one ring is put. A lifecycle rule expires all of `guest/`."""
    return f"guest/{home}/{ring}/photo.jpeg"


def guest_burst_key(home: str, ring: str) -> str:
    """Where the pictures after a ring's photo are put: JPEGs, one after another."""
    return f"guest/{home}/{ring}/burst.mjpeg"


def ring_of_photo(key: str) -> tuple[str, str] | None:
    """Home and ring of a visitor's photo, or None if the object is something else."""
    match key.split("/"):
        case ["guest", home, ring, "photo.jpeg"] if home and ring:
            return home, ring
    return None


def resident_photo(key: str, *, default_home: str, owner: str) -> ResidentPhoto | None:
    """Whom the object `key` enrols, or None if it does not lie where residents' photos do.

    Whether it is a picture does not show by its name: Rekognition looks.
    """
    if len(key.encode("utf-8", "surrogatepass")) > MAX_KEY_BYTES:
        return None
    if re.fullmatch(re.escape(OWNER_PHOTO) + r"[^/\x00-\x1f\x7f]+", key):
        return ResidentPhoto(default_home, owner, key)
    match key.split("/"):
        case ["residents", home, resident, name] if (
            re.fullmatch(_ID, home) and re.fullmatch(_RESIDENT, resident) and "." in name
        ):
            return ResidentPhoto(home, resident, key)
    return None


def misplaced(key: str, default_home: str) -> tuple[str, str]:
    """Home and resident that an object in no resident's place may be meant for: the home whose
    name its folder resembles, else the default one.
    """
    match key.split("/"):
        case [_, home, resident, _, *_]:
            with suppress(BadName):
                return id_from_name(home), resident
            return default_home, resident
        case [_, resident, _]:
            return default_home, resident
    return default_home, key


def resident_photo_key(home: str, resident: str, name: str) -> str:
    """Where a resident's photo of this name is put; see `photo_name`."""
    return f"residents/{home}/{resident}/{name}" + ("" if "." in name else ".jpeg")


def resident_name(key: str) -> str:
    """Whose photo `residents/{home}/{resident}/{name}` is."""
    return key.split("/")[2]


def photo_name(key: str) -> str:
    """A photo of a resident by its file name alone: without `.jpeg`, unless a dot remains."""
    name = key.rpartition("/")[2]
    stem = name.removesuffix(".jpeg")
    return name if "." in stem else stem


def collection_id(prefix: str, home: str) -> str:
    """The Rekognition collection that holds the faces of one home, and of no other.

    A stack's name holds no dot, so `doorbell.*` is not `doorbell-test.*`.
    """
    return f"{prefix}.{home}"
