"""Homes, what lives in them, and where their objects stand in the bucket."""

import re
from typing import Final

from doorbell.errors import BadName
from doorbell.model import ResidentPhoto

_ID: Final = r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?"
_RESIDENT: Final = r"[^/\x00-\x1f\x7f\ud800-\udfff]{1,64}"

MAX_KEY_BYTES: Final = 800
"""The table keeps a photo's key within a sort key of 1,024 bytes."""

OWNER_PHOTO: Final = "source.jpeg"
"""At the bucket's root: enrols the default home's owner, as project-doorbell has it."""


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
    """Whom the object `key` enrols, or None if it is not a resident's photo."""
    if key == OWNER_PHOTO:
        return ResidentPhoto(default_home, owner, key)
    if len(key.encode("utf-8", "surrogatepass")) > MAX_KEY_BYTES:
        return None
    match key.split("/"):
        case ["residents", home, resident, name] if (
            re.fullmatch(_ID, home) and re.fullmatch(_RESIDENT, resident) and name.endswith(".jpeg")
        ):
            return ResidentPhoto(home, resident, key)
    return None


def resident_photo_key(home: str, resident: str, name: str) -> str:
    """Where a resident's photo of this name is put."""
    return f"residents/{home}/{resident}/{name}.jpeg"


def resident_name(key: str) -> str:
    """Whose photo `residents/{home}/{resident}/{name}.jpeg` is."""
    return key.split("/")[2]


def photo_name(key: str) -> str:
    """A photo of a resident by its file name alone, without `.jpeg`."""
    return key.rpartition("/")[2].removesuffix(".jpeg")


def collection_id(prefix: str, home: str) -> str:
    """The Rekognition collection that holds the faces of one home, and of no other.

    A stack's name holds no dot, so `doorbell.*` is not `doorbell-test.*`.
    """
    return f"{prefix}.{home}"
