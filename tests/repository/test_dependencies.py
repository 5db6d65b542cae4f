"""What is installed is what is imported, pinned by hash, from whatever index is at hand."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from tests.repository.walls import ROOT, read_table

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
CALLED = {
    "aws-lambda-powertools": "aws_lambda_powertools",
    "http-ece": "http_ece",
    "pillow": "PIL",
    "py-vapid": "py_vapid",
}
"""Packages that are not imported by the name they are installed by."""


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def imported(*rooms: str) -> set[str]:
    """The outside packages that rooms may import, and therefore do."""
    table = read_table()
    return {each for name in table if name.startswith(rooms) for each in table[name].outside}


def names(requirements: list[str]) -> set[str]:
    """What a list of requirements is imported as."""
    plain = [re.split(r"[=<>~!\[]", each)[0].lower() for each in requirements]
    return {CALLED.get(name, name) for name in plain}


def test_the_device_depends_on_what_it_imports() -> None:
    """picamera2 and libcamera come by apt; what a webcam, bridge or relay needs, on request."""
    groups = project()["dependency-groups"]
    on_request = names(groups["webcam"] + groups["bridge"] + groups["relay"])
    needed = names(project()["project"]["dependencies"])
    assert needed | on_request | {"libcamera", "picamera2"} == imported("doorbell_client")
    assert needed.isdisjoint(on_request)


def test_the_functions_are_packed_with_what_they_import() -> None:
    packed = names(project()["dependency-groups"]["functions"])
    assert packed == imported("doorbell.", "filmmaker", "websocket", "functions")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_names_versions_and_hashes_and_no_place_to_load_from(lock: Any) -> None:
    text = lock.read_text("utf-8")
    pinned = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    entries = re.findall(r"^\S.*(?:\n\s+--hash=sha256:[0-9a-f]{64}(?: \\)?)+", text, re.MULTILINE)
    assert len(entries) == len(pinned) > 0
    assert "://" not in text
    assert "--index-url" not in text


def test_there_is_a_lock_for_each_place_of_installation() -> None:
    places = {
        "audit", "bridge", "development", "device", "functions", "mutation", "relay", "sam",
        "webcam",
    }  # fmt: skip
    assert {lock.stem for lock in LOCKS} == places


def test_functions_run_here_with_the_packages_that_they_run_with_on_aws() -> None:
    pins = [
        set(re.findall(r"^[\w.-]+==[\w.]+", lock.read_text("utf-8"), re.MULTILINE))
        for lock in (ROOT / "requirements/functions.txt", ROOT / "requirements/development.txt")
    ]
    assert pins[0] <= pins[1]
