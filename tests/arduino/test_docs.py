"""The page of the Arduino says what the sketch does."""

import re
import runpy
from pathlib import Path

from docs.images.draw_arduino import LEADS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cameras" / "arduino.md").read_text("utf-8")
SKETCH = ROOT / "arduino" / "StopMotion"


def test_the_wiring_table_and_the_picture_are_the_same_wires() -> None:
    rows = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \|$", PAGE.split("## Wiring")[1], re.MULTILINE)
    wires = [row for row in rows if row[0] not in ("camera", "---")][: len(LEADS)]
    assert wires == [(lead.camera, lead.board, lead.what) for lead in LEADS]
    drawn = runpy.run_path(str(ROOT / "docs" / "images" / "draw_arduino.py"))["drawing"]()
    assert (ROOT / "docs" / "images" / "arduino.svg").read_text("utf-8") == drawn


def test_the_camera_s_wire_is_the_sketch_s() -> None:
    (cs,) = re.findall(r"#define CAMERA_CS (\d+)", (SKETCH / "settings.h").read_text())
    assert {lead.camera: lead.board for lead in LEADS}["CS"] == cs


def test_everything_that_the_sketch_says_is_explained_and_every_setting_named() -> None:
    said = re.findall(r'println\(F\("([a-z ]+?)(?::|")', (SKETCH / "StopMotion.ino").read_text())
    explained = {"refused"}  # it follows an answer, which is explained
    assert len(said) >= 5
    for words in set(said) - explained:
        assert f"`{words}`" in PAGE, words
    for name in ("HOST", "TOKEN", "MAC_ADDRESS", "EVERY_HOURS", "CAMERA_CS"):
        assert f"#define {name} " in (SKETCH / "settings.h").read_text()
        assert f"`{name}`" in PAGE
