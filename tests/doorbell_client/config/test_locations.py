"""Which configuration counts."""

from pathlib import Path

import pytest

from doorbell_client.config.locations import find_config


def test_the_named_configuration_comes_before_the_usual_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / name)
    assert find_config(Path("here.toml"), {}) == Path("here.toml")
    assert find_config(None, {"DOORBELL_CONFIG": "there.toml"}) == Path("there.toml")
    usual = tmp_path / "doorbell" / "doorbell.toml"
    usual.parent.mkdir()
    usual.write_text("")
    assert find_config(None, {}) == usual
