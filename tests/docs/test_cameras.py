"""docs/cameras.md leads to a page for each kind of camera, and they say what is really typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import boto3
import pytest

from doorbell_client.config.cameras import cameras_in
from operations.cameras import what_to_type
from operations.stacks import Deployed, TableNames
from tests.docs.documents import ROOT, prose
from tests.doorbell.aws.pools import MotoPool, some_client

if TYPE_CHECKING:
    from pathlib import Path

PAGES: Final = sorted((ROOT / "docs/cameras").glob("*.md"))


def test_the_index_leads_to_every_page() -> None:
    table = prose("cameras.md").split("```", maxsplit=1)[0]
    assert len(PAGES) >= 7
    for page in PAGES:
        assert f"](cameras/{page.name})" in table, page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_says_how_the_camera_is_added(page: Path) -> None:
    assert "make add-camera" in page.read_text("utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_verb_and_every_parameter_of_it_is_make_s(page: Path) -> None:
    make = (ROOT / "Makefile").read_text("utf-8")
    text = " ".join(re.findall(r"```\n.*?```|`[^`\n]+`", page.read_text("utf-8"), re.DOTALL))
    for verb, parameters in re.findall(r"\bmake ([a-z][a-z-]*)((?: [A-Z_]+=\S*)*)", text):
        assert re.search(rf"^{verb}:", make, re.MULTILINE), verb
        for parameter in re.findall(r" ([A-Z_]+)=", parameters):
            assert f"$({parameter})" in make, parameter


def test_what_add_camera_prints_stands_on_the_page_of_the_axis() -> None:
    stack = Deployed(
        some_client(MotoPool()), boto3.Session(), None, TableNames("rings", "household"),
        "bucket", "wss://socket/prod",
        "home", recipient="https://api.example/",
    )  # fmt: skip
    printed = what_to_type(stack, "home.axis.SECRET", None)
    page = (ROOT / "docs/cameras/axis.md").read_text("utf-8")
    labels = re.findall(r"^ {4}(\S.*?) {2,}", printed, re.MULTILINE)
    assert len(labels) >= 5
    for label in labels:
        assert f"| {label} |" in page, label
    assert "Send images through HTTPS" in page
    assert "Send images through HTTPS" in printed


@pytest.mark.parametrize("name", ["clips", "rtsp"])
def test_the_lines_for_the_relay_are_such(name: str) -> None:
    page = (ROOT / f"docs/cameras/{name}.md").read_text("utf-8")
    (lines,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (camera,) = cameras_in(lines, name)
    assert camera.token.endswith(".SECRET")
    assert bool(camera.rtsp) == (name == "rtsp")
