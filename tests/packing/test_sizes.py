"""The table of sizes says what is uploaded, what is unpacked, and what was not compiled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packing.sizes import size, table

if TYPE_CHECKING:
    from pathlib import Path


def test_zipped_and_unpacked_are_both_counted(tmp_path: Path) -> None:
    package = tmp_path / "RingPath"
    package.mkdir()
    (package / "entry.py").write_bytes(b"#" * 2_000_000)
    (package / "entry.cpython-313.pyc").write_bytes(b"#" * 1_000_000)
    found = size(package)
    assert (found.function, found.unpacked, found.compiled) == ("RingPath", 3_000_000, True)
    assert found.zipped < 10_000
    assert table([found]) == "RingPath      0.00 MB zipped    3.00 MB unpacked"


def test_what_was_not_compiled_is_said_once_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "entry.py").write_text("")
    said = table([size(tmp_path)] * 2)
    assert said.count("Not compiled") == 1
    assert "uv python install 3.13" in said
