"""`python -m packing.sizes FOLDER`: how large each built function is, as a table."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

NOT_COMPILED = """
Not compiled: Lambda's Python was not found here, so every cold start compiles what it imports,
which takes about a second. `.venv/bin/uv python install 3.13` brings it; then build again."""


class Size(NamedTuple):
    """One package, in bytes."""

    function: str
    zipped: int
    unpacked: int
    compiled: bool


def size(package: Path) -> Size:
    """The size of the function whose package lies in this folder."""
    files = [file for file in sorted(package.rglob("*")) if file.is_file()]
    return Size(
        package.name,
        _zipped(package, files),
        sum(file.stat().st_size for file in files),
        any(file.suffix == ".pyc" for file in files),
    )


def _zipped(package: Path, files: list[Path]) -> int:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.relative_to(package))
    return len(content.getvalue())


def table(sizes: list[Size]) -> str:
    """The sizes for people to read, and what it means if something was not compiled."""
    rows = [
        f"{name:12}{zipped / 1e6:6.2f} MB zipped{unpacked / 1e6:8.2f} MB unpacked"
        for name, zipped, unpacked, _ in sizes
    ]
    notes = [] if all(each.compiled for each in sizes) else [NOT_COMPILED]
    return "\n".join(rows + notes)


def main() -> None:
    """Every function in the folder that `sam build` filled."""
    packages = sorted(folder for folder in Path(sys.argv[1]).iterdir() if folder.is_dir())
    print(table([size(package) for package in packages]))


if __name__ == "__main__":
    main()
