"""A copy of this repository in which `make up` may keep a home: the developer's own stays alone."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.processes import descendants
from local.server import ROOT
from operations import devices, stacks
from operations.stacks import Deployed

FOLDERS = ("demo", "doorbell", "functions", "local", "operations", "packing", "phone",
           "statemachines", "websocket")  # fmt: skip
FILES = ("Makefile", "template.yaml")
PATIENCE = 60.0


class Up:
    """A running `make up`."""

    def __init__(self, process: subprocess.Popen[str], others: set[int]) -> None:
        self._process = process
        self._others = others
        self._told: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._is_up = threading.Event()
        self._reader.start()
        self.stack: dict[str, Any] = {}

    def wait(self, file: Path) -> None:
        """Until it is up, and all of it is printed."""
        assert self._is_up.wait(PATIENCE), self._told
        assert self._process.poll() is None, self._process.communicate()
        self.stack = json.loads(file.read_text())

    @property
    def websocket(self) -> str:
        """Where devices connect."""
        return str(self.stack["websocket"])

    @property
    def tokens(self) -> dict[str, str]:
        """Of its first devices."""
        return dict(self.stack["tokens"])

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
        self._process.send_signal(signal.SIGINT)
        self._reader.join(PATIENCE)
        assert self._process.wait(PATIENCE) == 0
        assert self._process.stderr
        assert self._process.stderr.read() == ""
        return "".join(self._told)

    def kill(self) -> None:
        """Everything at once: nothing has time for anything."""
        # What is stopped cannot see the others end.
        self._process.send_signal(signal.SIGSTOP)
        for pid in set(descendants()) - self._others - {self._process.pid}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait(PATIENCE)

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self._told.append(line)
            if line.startswith("What doors and phones see"):
                self._is_up.set()
        self._is_up.set()


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
        others = set(descendants())
        with self._started(environment) as process:
            try:
                up = Up(process, others)
                up.wait(self.folder / ".local" / "stack.json")
                yield up
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
