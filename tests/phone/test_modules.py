"""The app's rules, without a browser: node's own test runs them, node comes with Playwright."""

import subprocess
from pathlib import Path

import playwright
import pytest

NODE = Path(playwright.__file__).parent / "driver" / "node"
FOLDER = Path(__file__).parent


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.test.mjs")), ids=lambda path: path.name)
def test_the_modules_keep_their_rules(file: Path) -> None:
    told = subprocess.run(
        [NODE, "--test", "--test-reporter=spec", file],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    assert "pass 0" not in told.stdout, "no test ran"
