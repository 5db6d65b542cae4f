"""Where a configuration may be."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import platformdirs

FILE_NAME: Final = "doorbell.toml"
SYSTEM_FOLDER: Final = Path("/etc/doorbell")


def config_folder() -> Path:
    """Where `doorbell init` writes: the machine's folder for root, else the user's own."""
    if is_root():
        return SYSTEM_FOLDER
    return platformdirs.user_config_path("doorbell")


def find_config(
    named: Path | None,
    environment: Mapping[str, str] = os.environ,
    of_service: Path | None = None,
) -> Path | None:
    """The configuration that counts: named, by DOORBELL_CONFIG, the user's, the machine's.

    `of_service` is the configuration of the installed service. For root it comes before the
    user's: who types `sudo doorbell doctor` asks about the door, not about root.
    """
    if named is not None:
        return named
    if by_environment := environment.get("DOORBELL_CONFIG"):
        return Path(by_environment)
    usual = [platformdirs.user_config_path("doorbell") / FILE_NAME, SYSTEM_FOLDER / FILE_NAME]
    if of_service is not None:
        usual.insert(0 if is_root() else 1, of_service)
    return next((file for file in usual if _exists(file)), None)


def is_root() -> bool:
    """Whether this process may change the whole machine."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:
        return True  # in a folder that is closed to us: reading it will say so
