"""The app's files: what they may hold, and what is kept for when there is no network."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from packing import shell

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(path for path in shell.PHONE.rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".js"]


def named(path: Path) -> str:
    return path.relative_to(shell.PHONE).as_posix()


def test_the_list_of_kept_files_is_of_these_files() -> None:
    assert shell.SHELL.read_text() == shell.shell(), "make shell writes it anew"


def test_the_worker_names_the_release() -> None:
    """A browser looks at the worker for a new one."""
    assert shell.WORKER.read_text() == shell.worker(), "make shell writes it anew"
    assert f"// Release {shell.version()}," in shell.worker()


def test_a_change_of_one_file_makes_a_new_version(tmp_path: Path) -> None:
    for path in FILES:
        copy = tmp_path / named(path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    before = shell.shell(tmp_path)
    (tmp_path / "styles" / "base.css").write_text("body { color: red; }")
    assert shell.shell(tmp_path) != before


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix in (".js", ".css")], ids=named
)
def test_no_file_is_longer_than_200_lines(path: Path) -> None:
    lines = path.read_text().count("\n")
    assert lines <= 200


@pytest.mark.parametrize("path", SCRIPTS, ids=named)
def test_a_script_is_checked_by_types_and_reads_nothing_as_markup(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("// @ts-check\n")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)
    assert not re.search(r"""from ["']https?:""", text)


def test_the_page_has_no_script_or_style_of_its_own() -> None:
    page = (shell.PHONE / "index.html").read_text()
    assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*src=)", page)


def test_every_module_that_is_named_is_there() -> None:
    for path in SCRIPTS:
        for name in re.findall(r'^(?:import|export)[^"]*from "([^"]+)"', path.read_text(), re.M):
            base = shell.PHONE / name[1:] if name.startswith("/") else path.parent / name
            assert base.resolve().is_file(), (named(path), name)


def test_the_manifest_names_icons_of_their_size() -> None:
    manifest = json.loads((shell.PHONE / "manifest.webmanifest").read_text())
    for icon in manifest["icons"]:
        path = shell.PHONE / icon["src"].lstrip("/")
        if path.suffix == ".png":
            assert "x".join(map(str, Image.open(path).size)) == icon["sizes"]
    assert {icon.get("purpose") for icon in manifest["icons"]} == {None, "maskable"}
