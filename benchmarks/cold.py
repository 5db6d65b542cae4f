"""What a cold RingPath costs: from process start to its first `ring` handled.

It runs from its package, as `make build` makes it, and without any other package. Beside it, in
the same run and by turns, a process that does nothing but
`import boto3; boto3.client("dynamodb")`. What matters is the ratio.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import imports
from benchmarks.baseline import bare_client, ratio, run
from benchmarks.report import figure, show
from local import stack as local_stack
from local.server import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.stack import Stack

TURNS = 15
PACKAGE_ALONE = ("-I", "-S")
RING = """
import sys, json
sys.path.insert(0, sys.argv[2])
from functions.ring_path.entry import handler
handler(json.loads(sys.argv[1]), None)
"""
STAGES = """
import sys, json, time
sys.path.insert(0, sys.argv[2])
began = time.perf_counter()
from functions.ring_path import entry
imported = time.perf_counter()
entry.services()
made = time.perf_counter()
entry.handler(json.loads(sys.argv[1]), None)
done = time.perf_counter()
print(json.dumps([imported - began, made - imported, done - made]), file=sys.stderr)
"""


DONE_WITHOUT = {
    "botocore's signer": "import botocore.auth",
    "Powertools' logger": "from aws_lambda_powertools.logging import Logger",
}
"""What was tried on the ring path and not kept, for what its import alone costs."""
IMPORT = """
import sys, time
import concurrent.futures, hashlib, hmac, http.client, json, logging, random, secrets
began = time.perf_counter()
{}
print([time.perf_counter() - began], file=sys.stderr)
"""
IMPORT_TURNS = 7


def main() -> None:
    """Measure and show."""
    with tempfile.TemporaryDirectory() as folder, local_stack.up(directory=Path(folder)) as stack:
        package = _build(Path(folder) / "RingPath")
        environment = _environment(stack)
        ring = (json.dumps(_ring_event(stack)), str(package))
        ours, theirs, stages = [], [], []
        for _ in range(TURNS):
            theirs.append(bare_client(environment))
            command = [sys.executable, *PACKAGE_ALONE, "-c", RING, *ring]
            ours.append(run(command, environment))
            stages.append(_stages([*PACKAGE_ALONE, "-c", STAGES, *ring], environment))
        dearest = imports.shares(package, environment)
    rows = [
        figure("boto3 and one client", theirs, "the baseline"),
        figure("RingPath to its first ring", ours),
    ]
    names = ("imports", "what a job works with", "the ring, with its connections")
    rows += [figure(f"of it: {n}", [s[i] for s in stages]) for i, n in enumerate(names)]
    rows.append(ratio("RingPath to its first ring", ours, statistics.median(theirs), 0.6))
    rows += dearest
    for name, statement in DONE_WITHOUT.items():
        costs = [_stages(["-c", IMPORT.format(statement)], os.environ) for _ in range(IMPORT_TURNS)]
        rows.append(figure(f"not used: {name}", [cost for (cost,) in costs], "its import alone"))
    show("Cold start: RingPath", rows)


def _build(package: Path) -> Path:
    """As `make build` does; compiled by this Python, for it is the one that will run it."""
    verb = ["make", "--silent", "build-RingPath", f"ARTIFACTS_DIR={package}"]
    subprocess.run([*verb, f"LAMBDA_PYTHON={sys.executable}"], cwd=ROOT, check=True)
    return package


def _stages(arguments: Sequence[str], environment: Mapping[str, str]) -> list[float]:
    told = subprocess.run(
        [sys.executable, *arguments], env=environment, check=True, capture_output=True, text=True
    )
    stages: list[float] = json.loads(told.stderr.splitlines()[-1])
    return stages


def _environment(stack: Stack) -> dict[str, str]:
    functions = stack.aws.client("lambda").list_functions()["Functions"]
    (ring_path,) = (f for f in functions if f["Handler"] == "functions.ring_path.entry.handler")
    # Lambda's own environment has compiled files; so shall both sides of the comparison.
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {
        **kept,
        **ring_path["Environment"]["Variables"],
        "AWS_ENDPOINT_URL": stack.endpoint,
        "AWS_ACCESS_KEY_ID": stack.access_key,
        "AWS_SECRET_ACCESS_KEY": stack.secret_key,
        "AWS_DEFAULT_REGION": stack.region,
    }


def _ring_event(stack: Stack) -> dict[str, object]:
    """What API Gateway hands over when the front door sends `ring`."""
    device = stack.aws.client("dynamodb").get_item(
        TableName=stack.table.household,
        Key={"home": {"S": stack.home}, "sk": {"S": "device#front-door"}},
    )["Item"]
    context = {field: device[field]["S"] for field in ("home", "id", "role", "name", "token_hash")}
    return {
        "requestContext": {
            "eventType": "MESSAGE",
            "connectionId": "benchmark=",
            "connectedAt": 1,
            "authorizer": context,
        },
        "body": '{"action":"ring"}',
    }


if __name__ == "__main__":
    main()
