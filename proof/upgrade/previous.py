"""The release before this one, from the history of the repository."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent.parent
PREVIOUS: Final = "be92edacba4570d659d41ec6c3f8a391c344d641"
"""What people have who update to this. Set anew with each release."""


def previous_release(into: Path) -> Path:
    """Its files, in the folder `into`. Fails where the clone has no history."""
    archive = into / "previous.tar"
    subprocess.run(
        ["git", "-C", ROOT, "archive", "--output", archive, PREVIOUS], check=True, timeout=60
    )
    files = into / "previous"
    files.mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", files], check=True, timeout=60)
    return files
