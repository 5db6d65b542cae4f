"""A secret that stands alone in a file that nobody else may read."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from doorbell_client.errors import ConfigError

MOST_BYTES: Final = 1024
"""No single secret is longer; a file that is, is something else."""


class Place(NamedTuple):
    """Where one secret may be."""

    variable: str
    """The environment variable that counts most."""
    credential: str
    """The name under which systemd hands it to the service."""
    what: str
    """What the file is called, such as `token file`."""
    most_bytes: int = MOST_BYTES
    """What is longer is cut off, and so is no secret."""


def read_secret(environment: Mapping[str, str], place: Place, file: Path) -> tuple[str, str]:
    """The secret, and where it was found. Raises ConfigError.

    The variable counts more than the file; so does the credential that systemd hands to the
    service, which need not be able to read the file itself.
    """
    named = f"The {place.what} {file}"
    if (told := environment.get(place.variable)) is not None:
        return told, place.variable
    if folder := environment.get("CREDENTIALS_DIRECTORY"):
        # systemd opens this copy to the service by an access list, which looks like mode 0440.
        return _read(Path(folder) / place.credential, named, place.most_bytes)[0], named
    return read_closed(file, place.what, place.most_bytes), named


def read_closed(file: Path, what: str, most_bytes: int = MOST_BYTES) -> str:
    """What `file` holds. Raises ConfigError, also when others may read it."""
    content, mode = _read(file, f"The {what} {file}", most_bytes)
    if mode & 0o077:
        raise ConfigError(f"The {what} {file} is open to others; run `chmod 600 {file}`.")
    return content


def _read(file: Path, named: str, most_bytes: int) -> tuple[str, int]:
    try:
        with file.open("rb") as stream:
            mode = stat.S_IMODE(os.fstat(stream.fileno()).st_mode)
            return stream.read(most_bytes).decode("utf-8", "replace"), mode
    except OSError as error:
        hint = " Run this with sudo." if isinstance(error, PermissionError) else ""
        raise ConfigError(f"{named} cannot be read: {error.strerror}.{hint}") from None
