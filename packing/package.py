"""A function's package: a folder with the modules its handler reaches, and the data they read."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from samtranslator.yaml_helper import yaml_parse

from packing.reach import NothingToPack, Reached

if TYPE_CHECKING:
    from pathlib import Path


def pack(function: str, root: Path, into: Path, packages: Path | None = None) -> None:
    """Copy into the folder `into` what the function with this logical id needs to run.

    `packages` is where the pinned packages are installed; without it they are left out.
    Raises NothingToPack.
    """
    reached = Reached(handler_module(function, root), root, packages)
    for module, file in reached.files.items():
        place = into.joinpath(*module.split("."))
        is_package = file.name == "__init__.py"
        _copy(file, place / file.name if is_package else place.with_name(file.name))
    if packages is None:
        return
    for file in reached.beside:
        _copy(file, into / file.relative_to(packages))
    if "botocore" in reached.files:
        # Only here: it needs botocore, which builds without packages go without.
        from packing.botocore_data import copy_data

        copy_data(packages / "botocore", into / "botocore")


def handler_module(function: str, root: Path) -> str:
    """Where the template says that the function begins. Raises NothingToPack."""
    template = yaml_parse((root / "template.yaml").read_text("utf-8"))
    match template["Resources"].get(function):
        case {"Properties": {"Handler": str(handler)}}:
            return handler.rpartition(".")[0]
    raise NothingToPack(f"template.yaml has no function {function}.")


def _copy(file: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, place)
