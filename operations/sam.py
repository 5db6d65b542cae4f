"""The SAM CLI, quietly: its many lines go to a log, and a person sees how far it is."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from doorbell.errors import DoorbellError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from operations.answers import Answers

BUILT: Final = Path(".aws-sam/build")
LOOK_EVERY: Final = 1.0
SAY_EVERY: Final = 20.0
"""Seconds between two looks whether SAM has ended, and between two lines for who waits."""
_LAST: Final = 12
"""Lines of the log that are shown when it failed."""
_UNCHANGED: Final = "No changes to deploy."


class SamFailed(DoorbellError, RuntimeError):
    """It could not be built or deployed; the text has what SAM said last."""


def build(log: Path, sam: str) -> Path:
    """As `make build` does; where the built template is. Raises SamFailed."""
    started = time.monotonic()
    print("Building the functions ...", flush=True)
    _run([os.environ.get("MAKE", "make"), "--no-print-directory", "build", f"SAM={sam}"], log)
    print(f"  built in {time.monotonic() - started:.0f} s", flush=True)
    return BUILT / "template.yaml"


def target(answers: Answers) -> list[str]:
    """SAM's options for a stack. Uploads go below its name, where `make delete` finds them."""
    options = ["--stack-name", answers.stack, "--region", answers.region]
    options += ["--s3-prefix", answers.stack]
    return [*options, "--profile", answers.profile] if answers.profile else options


def deploy(
    command: Sequence[str], values: Mapping[str, str], log: Path, progress: Callable[[], str]
) -> bool:
    """`sam deploy` with these parameters; whether anything had changed. Raises SamFailed."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        # As a file, for on the command line SAM would take a quote or a space for its own; JSON is
        # YAML, too.
        json.dump(dict(values), file)
        file.flush()
        given = ["--no-fail-on-empty-changeset", "--parameter-overrides", f"file://{file.name}"]
        # SAM would look for it beside the template.
        given += ["--config-file", str(Path("samconfig.toml").resolve())]
        said = _run([*command, *given], log, progress)
    return _UNCHANGED not in said


def _run(command: Sequence[str], log: Path, progress: Callable[[], str] | None = None) -> str:
    """All it said. Raises SamFailed."""
    with log.open("ab") as output:
        begin = output.tell()
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            _await(process, progress)
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            raise
    said = log.read_bytes()[begin:].decode("utf-8", "replace")
    if process.returncode:
        last = "\n".join(
            f"  {line.rstrip()}" for line in said.splitlines()[-_LAST:] if line.strip()
        )
        name = Path(command[0]).name
        raise SamFailed(f"`{name} {command[1]}` failed; all it said is in {log}. Last:\n{last}")
    return said


def _await(process: subprocess.Popen[bytes], progress: Callable[[], str] | None) -> None:
    said_at, former = time.monotonic(), ""
    while True:
        try:
            process.wait(LOOK_EVERY)
        except subprocess.TimeoutExpired:
            if progress and time.monotonic() - said_at > SAY_EVERY:
                said_at, line = time.monotonic(), progress()
                if line and line != former:
                    print(f"  {line}", flush=True)
                    former = line
        else:
            return


def how_far(cloudformation: Any, stack: str) -> str:
    """How much of a stack stands. Empty while there is nothing to tell."""
    try:
        found = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    except Exception:
        return ""
    states = [each["ResourceStatus"] for each in found]
    ready = sum(state.endswith("_COMPLETE") for state in states)
    under_way = sorted(
        each["LogicalResourceId"]
        for each in found
        if each["ResourceStatus"].endswith("_IN_PROGRESS")
    )
    waits = f"; now {', '.join(under_way[:3])}" if under_way else ""
    return f"{ready} resources stand{waits}" if states else ""
