"""Writes `phone/shell.js`: which files the app keeps for when there is no network.

`make shell` after a change in `phone/`; a test fails until then. The version is made
from the files themselves, so browsers take a new one exactly when something changed. It stands in
`worker.js` too: Chromium finds a change of what a worker imports, and cannot start it then.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Final

PHONE: Final = Path(__file__).resolve().parents[1] / "phone"
SHELL: Final = PHONE / "shell.js"
WORKER: Final = PHONE / "worker.js"
KEPT: Final = ("*.html", "*.webmanifest", "styles/*.css", "scripts/**/*.js", "icons/*.*")
"""What is kept."""
LEFT_OUT: Final = (
    "scripts/types.js",
    "icons/icon-512.png",
    "icons/maskable-512.png",
    "icons/apple-touch-icon.png",
)
"""What no page loads: types, and icons that a phone reads once, when the app is installed."""
_RELEASE: Final = re.compile(r"^// Release .*\n", re.M)


def files(phone: Path = PHONE) -> list[str]:
    """The kept files below `phone`, by name."""
    found = {path.relative_to(phone).as_posix() for each in KEPT for path in phone.glob(each)}
    return sorted(found.difference(LEFT_OUT))


def version(phone: Path = PHONE) -> str:
    """Of the files as they are."""
    digest = hashlib.sha256()
    for name in files(phone):
        digest.update(name.encode() + b"\0" + (phone / name).read_bytes() + b"\0")
    digest.update(_RELEASE.sub("", (phone / "worker.js").read_text()).encode())
    return digest.hexdigest()[:12]


def worker(phone: Path = PHONE) -> str:
    """The text of `worker.js` with the version of the files as they are."""
    line = f"// Release {version(phone)}, written by `make shell`.\n"
    return _RELEASE.sub(line, (phone / "worker.js").read_text())


def shell(phone: Path = PHONE) -> str:
    """The text of `shell.js` for the files as they are."""
    names = files(phone)
    addresses = ["/" if name == "index.html" else f"/{name}" for name in names]
    return (
        "// @ts-check\n"
        "// Written by `make shell`: what the app keeps for when there is no network.\n\n"
        f'export const VERSION = "{version(phone)}";\n\n'
        f"export const FILES = {json.dumps(addresses, indent=2)};\n"
    )


if __name__ == "__main__":
    SHELL.write_text(shell())
    WORKER.write_text(worker())
