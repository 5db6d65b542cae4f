"""Pack Lambda functions the way SAM does, and fit them with what this machine runs them by.

SAM calls `make build-<LogicalId> ARTIFACTS_DIR=…` for a function whose `Metadata` says
`BuildMethod: makefile`; so does this. The pinned packages are left out (`DEPENDENCIES=no`):
on this machine functions run on the very Python that runs this, which has them.
"""

import io
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from local.errors import BuildFailed, MissingTool

BUILD_SECONDS = 120.0


def pack(root: Path, function: str, scratch: Path) -> bytes:
    """The zip of `function`, built in the empty folder `scratch` by `root`'s Makefile.

    The same code gives the same bytes. Raises MissingTool, BuildFailed.
    """
    if shutil.which("make") is None:
        raise MissingTool("`make` packs the functions and is not installed here: install it first.")
    scratch.mkdir(parents=True)
    command = ["make", "--silent", f"build-{function}", f"ARTIFACTS_DIR={scratch}"]
    made = subprocess.run(
        [*command, "DEPENDENCIES=no", f"BUILD_PYTHON={sys.executable}"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=BUILD_SECONDS,
        check=False,
    )
    if made.returncode != 0:
        raise BuildFailed(f"Function {function} could not be packed.\n{made.stderr.strip()}")
    return _zipped(scratch)


def _zipped(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            # A ZipInfo made by name alone carries 1980 for its date: the same bytes every time.
            archive.writestr(_entry(str(path.relative_to(folder)), 0o644), path.read_bytes())
        archive.writestr(_entry("bootstrap", 0o755), _bootstrap())
    return content.getvalue()


def _entry(name: str, mode: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (0o100000 | mode) << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _bootstrap() -> str:
    """What `provided.al2023` starts: AWS's own runtime client, in the folder of the code."""
    # ministack's own Python worker loses exception names, so that no Catch by name ever matches.
    return f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m awslambdaric "$_HANDLER"\n'
