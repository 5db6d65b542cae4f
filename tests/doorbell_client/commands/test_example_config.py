"""The configuration that `doorbell init` writes explains itself, and is right when uncommented."""

import re
import tomllib
from pathlib import Path

from doorbell_client.commands.example_config import example
from doorbell_client.config.keys import all_keys, sections
from doorbell_client.config.reader import load
from doorbell_client.config.schema import Config
from doorbell_client.hardware import wiring

SETTINGS = {"cloud": {"url": "wss://door.example/prod"}}


def uncommented(text: str) -> str:
    """Every key set, as an owner would who takes every `#` away."""
    return re.sub(r"^#(\w+ = )", r"\1", text, flags=re.MULTILINE)


def test_only_what_is_asked_for_is_set(tmp_path: Path) -> None:
    written = tomllib.loads(example(SETTINGS))
    assert {name: keys for name, keys in written.items() if keys} == SETTINGS
    assert list(written) == list(sections())


def test_every_key_is_there_with_what_it_means(tmp_path: Path) -> None:
    text = " ".join(example({}).replace("\n# ", " ").split())
    for key in all_keys():
        assert f"#{key.name} = " in text
        assert key.about[1:] in text
        assert key.expected in text


def test_without_its_marks_it_is_a_door_that_is_wired_as_the_page_says(tmp_path: Path) -> None:
    file = tmp_path / "doorbell.toml"
    file.write_text(uncommented(example(SETTINGS)))
    config, wired = load(file, {}), tomllib.loads(wiring.toml())
    assert config.strike.pin == wired["strike"]["pin"]
    assert config.keypad.rows == tuple(wired["keypad"]["rows"])
    assert config.camera.kind == "picamera2"
    assert config.strike.max_seconds == Config().strike.max_seconds
    assert config.spool == Config().spool.__class__(Path("/var/lib/doorbell/spool"))


def test_no_line_is_too_wide_for_a_terminal() -> None:
    assert max(map(len, example(SETTINGS).splitlines())) <= 100
