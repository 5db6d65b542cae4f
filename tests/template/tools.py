"""The SAM CLI and cfn-lint, from the environment of their own that the Makefile makes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.template.sources import ROOT

SAM: Final = Path(os.environ.get("SAM") or ROOT / ".venv-sam/bin/sam")


def run(tool: str, *arguments: str | Path, **variables: str) -> tuple[int, str]:
    """Run `sam` or `cfn-lint` in the repository: its status, and all it said."""
    program = SAM.with_name(tool)
    if not program.exists():
        pytest.fail(f"There is no {program}: `make test` makes it, or `make .venv-sam/.ready`.")
    ended = subprocess.run(
        [program, *arguments],
        cwd=ROOT,
        env=_nobodys_account() | variables,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr


def _nobodys_account() -> dict[str, str]:
    """This environment without anything by which an AWS account could be reached."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return others | {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "SAM_CLI_TELEMETRY": "0",
    }
