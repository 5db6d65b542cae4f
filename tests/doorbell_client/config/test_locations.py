"""Which configuration counts."""

from pathlib import Path

import pytest

from doorbell_client.config import locations
from doorbell_client.config.locations import config_folder, find_config


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


def test_a_configuration_in_a_folder_that_is_closed_to_us_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: Path) -> bool:
        raise PermissionError

    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / name)
    monkeypatch.setattr(Path, "exists", closed)
    assert find_config(None, {}) == tmp_path / "doorbell" / "doorbell.toml"


def test_root_writes_for_the_machine_and_a_user_for_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / name)
    monkeypatch.setattr(locations, "is_root", lambda: True)
    assert config_folder() == Path("/etc/doorbell")
    monkeypatch.setattr(locations, "is_root", lambda: False)
    assert config_folder() == tmp_path / "doorbell"
