"""Which files the relay's folder holds, and what they are called.

`{id}.data` has the bytes; `{id}.json` says whose they are, and without it there is no file;
`{id}.upload` is how far its upload has come; `{id}.told` says that the camera knows of it; and
`{id}.gone` is what is left of a file that is in the cloud while its camera may not know;
`{id}.live` stands beside the part of a stream that is being fetched, and says whose it is.
"""

import re
from pathlib import Path
from typing import Final

from doorbell_client.outbox.disk import PART
from doorbell_client.outbox.folder_lock import LOCK

TROUBLES: Final = "troubles"
"""Beside them: what could not be kept, until that is told."""

OWN_NAMES: Final = (LOCK, TROUBLES, TROUBLES + PART)

_UUID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_OURS: Final = re.compile(rf"({_UUID})\.(data|json|upload|told|gone|live)({re.escape(PART)})?")


class Places:
    """The paths of one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def data(self, kept: str) -> Path:
        """The bytes."""
        return self.folder / f"{kept}.data"

    def record(self, kept: str) -> Path:
        """Whose they are."""
        return self.folder / f"{kept}.json"

    def upload(self, kept: str) -> Path:
        """How far its upload has come."""
        return self.folder / f"{kept}.upload"

    def told(self, kept: str) -> Path:
        """Empty: the camera has heard that it is kept."""
        return self.folder / f"{kept}.told"

    def gone(self, kept: str) -> Path:
        """It is in the cloud, and the camera may send it again."""
        return self.folder / f"{kept}.gone"

    def live(self, kept: str) -> Path:
        """Whose stream is being fetched."""
        return self.folder / f"{kept}.live"

    def ids(self, kind: str) -> list[str]:
        """The ids of all whole files of one kind, such as `json`. Raises OSError."""
        found = (_OURS.fullmatch(file.name) for file in self.folder.iterdir())
        return sorted(each[1] for each in found if each and each[2] == kind and not each[3])

    def leftovers(self, known: set[str], gone: set[str], unsaved: set[str]) -> list[Path]:
        """Ours, and of no file that is `known`, nor of one that is `gone`. Raises OSError.

        Of streams that are `unsaved` yet, all that was fetched stays.
        """
        return [
            file
            for file in self.folder.iterdir()
            if not _is_fetched(file.name, unsaved)
            and _is_leftover(file.name, known | unsaved, gone)
        ]

    def strangers(self) -> list[Path]:
        """What is not ours. Raises OSError."""
        return [
            file
            for file in self.folder.iterdir()
            if not _OURS.fullmatch(file.name) and file.name not in OWN_NAMES
        ]


def _is_fetched(name: str, unsaved: set[str]) -> bool:
    found = _OURS.fullmatch(name)
    return found is not None and found[1] in unsaved and found[2] == "data"


def _is_leftover(name: str, known: set[str], gone: set[str]) -> bool:
    found = _OURS.fullmatch(name)
    if found is None:
        return False
    kept, kind, is_part = found[1], found[2], found[3]
    if is_part:
        return True
    return kept not in gone if kind == "gone" else kept not in known
