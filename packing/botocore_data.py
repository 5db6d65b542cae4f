"""What botocore reads while it runs, cut down to the services that the cloud calls.

Of 400 services' models it would read but two, and of the endpoints of all it reads every one, at
every cold start.
"""

from __future__ import annotations

import gzip
import json
import shutil
from typing import TYPE_CHECKING, Final

from doorbell.aws.sdk import SERVICES

if TYPE_CHECKING:
    from pathlib import Path

COPIED: Final = (
    # What a client trusts: no other certificates.
    "cacert.pem",
    "data/_retry.json",
    "data/partitions.json",
    "data/sdk-default-configuration.json",
)
MODELS: Final = ("service-2", "endpoint-rule-set-1", "paginators-1")
"""Which of a service's models a client reads; the others are examples, and waiters."""


def copy_data(botocore: Path, into: Path) -> None:
    """Fill the package `into` from the installed one."""
    for name in COPIED:
        _copy(botocore / name, into / name)
    prefixes = set()
    for service in SERVICES:
        # Several versions may lie there; a client takes the newest.
        newest = max((botocore / "data" / service).iterdir())
        for name in MODELS:
            for model in newest.glob(f"{name}.*"):
                _copy(model, into / model.relative_to(botocore))
        prefixes.add(_endpoint_prefix(newest / "service-2.json.gz"))
    endpoints = json.loads((botocore / "data/endpoints.json").read_bytes())
    kept = json.dumps(_only(prefixes, endpoints), separators=(",", ":"))
    (into / "data/endpoints.json").write_text(kept, "utf-8")


def _endpoint_prefix(model: Path) -> str:
    """The name of a service in the list of endpoints."""
    metadata: dict[str, str] = json.loads(gzip.decompress(model.read_bytes()))["metadata"]
    return metadata["endpointPrefix"]


def _only(prefixes: set[str], endpoints: dict[str, object]) -> dict[str, object]:
    partitions = endpoints["partitions"]
    assert isinstance(partitions, list)
    return endpoints | {
        "partitions": [
            partition
            | {"services": {k: v for k, v in partition["services"].items() if k in prefixes}}
            for partition in partitions
        ]
    }


def _copy(file: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, place)
