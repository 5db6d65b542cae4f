"""The release before this one, from the history of the repository."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from proof.report import Lacking

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PREVIOUS: Final = "be92edacba4570d659d41ec6c3f8a391c344d641"
"""What people have who update to this. Set anew with each release."""


def previous_release(into: Path) -> Path:
    """Its files, in the folder `into`. Raises Lacking where the clone has no history."""
    _check_history()
    archive = into / "previous.tar"
    subprocess.run(
        ["git", "-C", ROOT, "archive", "--output", archive, PREVIOUS], check=True, timeout=60
    )
    files = into / "previous"
    files.mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", files], check=True, timeout=60)
    return files


def _check_history() -> None:
    asked = ["git", "-C", str(ROOT), "cat-file", "-e", f"{PREVIOUS}^{{commit}}"]
    try:
        has = subprocess.run(asked, check=False, capture_output=True, timeout=60).returncode == 0
    except FileNotFoundError:
        has = False
    if not has:
        raise Lacking(
            f"the release before, {PREVIOUS[:7]}, is not in this clone's history: "
            "git fetch --unshallow"
        )
