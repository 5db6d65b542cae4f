"""A copy of this repository in which `make up` may keep a home: the developer's own stays alone."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.processes import descendants
from local.server import ROOT
from operations import devices, stacks
from operations.stacks import Deployed

FOLDERS = ("demo", "doorbell", "functions", "local", "operations", "packing", "statemachines",
           "websocket")  # fmt: skip
FILES = ("Makefile", "template.yaml")
PATIENCE = 60.0


class Up:
    """A running `make up`."""

    def __init__(self, process: subprocess.Popen[str], file: Path, others: set[int]) -> None:
        self.process = process
        self._others = others
        self.stack: dict[str, Any] = json.loads(file.read_text())
        self.tokens: dict[str, str] = self.stack["tokens"]
        self.websocket: str = self.stack["websocket"]

    @property
    def deployed(self) -> Deployed:
        """For what an operator does."""
        return stacks.deployed_at(self.stack)

    def add_phone(self, name: str, resident: str) -> str:
        """As `make add-phone` does; its token."""
        return devices.add_device(self.deployed, "phone", name, self.stack["home"], resident)

    def objects(self, prefix: str) -> dict[str, bytes]:
        """What the bucket holds."""
        s3 = self.deployed.session.client("s3", endpoint_url=self.stack["endpoint"])
        listed = s3.list_objects_v2(Bucket=self.stack["bucket"], Prefix=prefix).get("Contents", [])
        keys = [found["Key"] for found in listed]
        return {
            key: s3.get_object(Bucket=self.stack["bucket"], Key=key)["Body"].read() for key in keys
        }

    def stop(self) -> str:
        """As Ctrl-C does; what it printed."""
        self.process.send_signal(signal.SIGINT)
        told, errors = self.process.communicate(timeout=15)
        assert (self.process.returncode, errors) == (0, "")
        return told

    def kill(self) -> None:
        """Everything at once: nothing has time for anything."""
        # What is stopped cannot see the others end.
        self.process.send_signal(signal.SIGSTOP)
        for pid in set(descendants()) - self._others - {self.process.pid}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.kill()
        self.process.communicate(timeout=15)


class Clone:
    """The copy, and what is started in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = folder / ".local" / "kept"
        for name in FOLDERS:
            ours = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ours)
        for name in FILES:
            shutil.copy(ROOT / name, folder)

    @contextlib.contextmanager
    def up(self, **environment: str) -> Iterator[Up]:
        """`make up`, until it is up; killed at the end if it was not stopped."""
        file = self.folder / ".local" / "stack.json"
        file.unlink(missing_ok=True)
        others = set(descendants())
        with self._started(environment) as process:
            try:
                deadline = time.monotonic() + PATIENCE
                while not file.exists():
                    assert process.poll() is None, process.communicate()
                    assert time.monotonic() < deadline, "`up` was not up in time"
                    time.sleep(0.02)
                yield Up(process, file, others)
            finally:
                process.kill()

    def refused(self, **environment: str) -> str:
        """What `make up` says that does not come up."""
        with self._started(environment) as process:
            try:
                told, errors = process.communicate(timeout=PATIENCE)
            finally:
                process.kill()
        assert (process.returncode, told) == (1, "")
        return errors

    def _started(self, environment: dict[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "local", "up"],
            cwd=self.folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
