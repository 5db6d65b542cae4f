"""A function's package: a folder with the modules its handler reaches, and the data they read."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from samtranslator.yaml_helper import yaml_parse

from packing.reach import NothingToPack, Reached

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEFT_OUT: Final = (
    # One helper for Pydantic's models imports it, inside a function; none of ours is logged.
    "aws_lambda_powertools.event_handler",
)
"""What an installed package would bring, and no job of ours ever runs."""

BOTOCORE_READS: Final = (
    "cacert.pem",
    "data/_retry.json",
    "data/endpoints.json",
    "data/partitions.json",
    "data/sdk-default-configuration.json",
)
"""Beside the models of the services. Its certificates: a client trusts no others."""

SERVICE_READS: Final = ("service-2", "endpoint-rule-set-1", "paginators-1")
"""Which of a service's models a client reads; the others are examples, and waiters."""


def pack(function: str, root: Path, into: Path, packages: Path | None = None) -> None:
    """Copy into the folder `into` what the function with this logical id needs to run.

    `packages` is where the pinned packages are installed; without it they are left out.
    Raises NothingToPack.
    """
    reached = Reached(handler_module(function, root), root, packages, LEFT_OUT)
    for module, file in reached.files.items():
        place = into.joinpath(*module.split("."))
        is_package = file.name == "__init__.py"
        _copy(file, place / file.name if is_package else place.with_name(file.name))
    if packages and "botocore" in reached.files:
        for data in _botocore_data(packages / "botocore"):
            _copy(data, into / data.relative_to(packages))


def handler_module(function: str, root: Path) -> str:
    """Where the template says that the function begins. Raises NothingToPack."""
    template = yaml_parse((root / "template.yaml").read_text("utf-8"))
    match template["Resources"].get(function):
        case {"Properties": {"Handler": str(handler)}}:
            return handler.rpartition(".")[0]
    raise NothingToPack(f"template.yaml has no function {function}.")


def _botocore_data(botocore: Path) -> Iterator[Path]:
    from doorbell.aws.clients import SERVICES

    yield from (botocore / name for name in BOTOCORE_READS)
    for service in SERVICES:
        # Several versions may lie there; a client takes the newest.
        newest = max((botocore / "data" / service).iterdir())
        for name in SERVICE_READS:
            yield from newest.glob(f"{name}.*")


def _copy(file: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, place)
