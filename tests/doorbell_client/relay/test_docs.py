"""docs/relay.md says what the relay does."""

from __future__ import annotations

import re
from pathlib import Path

from doorbell_client.config.cameras import cameras_in
from doorbell_client.config.reader import load
from doorbell_client.relay.kept import KINDS
from doorbell_client.relay.listener import Admission
from doorbell_client.relay.patience import Patience

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/relay.md").read_text("utf-8")
SOURCES = "\n".join(
    file.read_text("utf-8") for file in (ROOT / "doorbell_client/relay").glob("*.py")
)


def examples(language: str) -> list[str]:
    """The blocks in this language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_examples_of_configuration_and_cameras_are_such(tmp_path: Path) -> None:
    relay, cameras = examples("toml")
    file = tmp_path / "doorbell.toml"
    file.write_text(relay)
    assert load(file, {}).relay.port == 8080
    garden, gate, drive = cameras_in(cameras, "the page")
    assert (garden.user, garden.password) == ("garden", garden.token)
    assert (gate.user, gate.password) == ("axis", "correct horse")
    assert drive.rtsp


def test_every_refusal_stands_in_the_table_with_its_status() -> None:
    table = {
        name: cells[1]
        for line in PAGE.splitlines()
        if re.match(r"\| [2345]\d\d", line)
        for cells in [line.split("|")]
        for name in re.findall(r"`(\w+)`", cells[2])
    }
    refusals = re.findall(r"problem\(\s*(\d{3}), \"(\w+)\"", SOURCES)
    assert len(refusals) >= 9
    for status, name in refusals:
        assert status in table[name], name


def test_what_is_taken_and_how_long_it_may_take_are_told() -> None:
    for kind in KINDS:
        assert f"`{kind}`" in PAGE
    patience = Patience()
    assert f"{patience.least:,} bytes in every {patience.pace:.0f} s" in PAGE
    assert (patience.head, Admission().connections) == (10, 100)
    assert "ten seconds for the head" in PAGE
    assert "a hundred connections" in PAGE
