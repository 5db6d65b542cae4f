"""Of botocore's data a package has what the services we call need, in every partition of AWS."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import botocore
import pytest

from doorbell.aws.sdk import SERVICES
from packing.botocore_data import copy_data

INSTALLED = Path(botocore.__file__).parent


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is packed of the installed one."""
    into = tmp_path_factory.mktemp("botocore")
    copy_data(INSTALLED, into)
    return into / "data"


def services(folder: Path) -> dict[str, dict[str, Any]]:
    """The services with endpoints, by partition."""
    endpoints = json.loads((folder / "endpoints.json").read_bytes())
    return {each["partition"]: each["services"] for each in endpoints["partitions"]}


def test_the_models_are_those_of_the_services_we_call(data: Path) -> None:
    assert sorted(path.name for path in data.iterdir() if path.is_dir()) == SERVICES


def test_the_endpoints_are_theirs_in_every_partition_and_unchanged(data: Path) -> None:
    kept, given = services(data), services(INSTALLED / "data")
    assert set(kept) == set(given)
    assert {name for partition in kept.values() for name in partition} == {
        "rekognition",
        "s3",
        "scheduler",
        "sns",
    }
    for partition, each in kept.items():
        assert each == {name: given[partition][name] for name in each}


def test_the_regions_are_all_there(data: Path) -> None:
    kept, given = (
        json.loads((folder / "endpoints.json").read_bytes())["partitions"]
        for folder in (data, INSTALLED / "data")
    )
    assert [each["regions"] for each in kept] == [each["regions"] for each in given]
