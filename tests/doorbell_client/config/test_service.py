"""Whoever runs a command by hand looks at the files of the service."""

from pathlib import Path

import pytest

from doorbell_client.config import locations, profile
from doorbell_client.config.service import STATE_FOLDER, Service, installed_service


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a user's folder, a machine's folder and a place for units; no service yet."""
    monkeypatch.setattr("platformdirs.user_config_path", lambda name: tmp_path / "user")
    monkeypatch.setattr("platformdirs.user_state_path", lambda name: tmp_path / "state")
    monkeypatch.setattr("doorbell_client.config.locations.SYSTEM_FOLDER", tmp_path / "etc")
    monkeypatch.setattr("doorbell_client.config.service.UNIT_FOLDER", tmp_path)
    for folder in ("user", "etc", "srv"):
        (tmp_path / folder).mkdir()
    return tmp_path


def install(machine: Path, config_file: Path) -> None:
    (machine / "doorbell.service").write_text(
        f"[Service]\nType=notify\n[X-Doorbell]\nConfiguration={config_file}\n"
    )


def test_there_may_be_no_service_or_one_that_somebody_else_wrote(machine: Path) -> None:
    assert installed_service() is None
    (machine / "doorbell.service").write_text("[Service]\nType=notify\n")
    assert installed_service() is None


def test_a_service_names_its_configuration(machine: Path) -> None:
    install(machine, Path("/srv/door 1%/doorbell.toml"))
    assert installed_service() == Service(Path("/srv/door 1%/doorbell.toml"), STATE_FOLDER)


@pytest.mark.parametrize(("root", "found"), [(True, "srv"), (False, "user")])
def test_root_asks_about_the_service_and_a_user_about_the_users_own(
    machine: Path, monkeypatch: pytest.MonkeyPatch, root: bool, found: str
) -> None:
    monkeypatch.setattr(locations, "is_root", lambda: root)
    for folder in ("user", "srv"):
        (machine / folder / "doorbell.toml").touch()
    install(machine, machine / "srv" / "doorbell.toml")
    assert profile.find(None, environment={}).config_file == machine / found / "doorbell.toml"


def test_with_the_services_configuration_its_presses_are_found_too(machine: Path) -> None:
    of_service = machine / "srv" / "doorbell.toml"
    of_service.touch()
    install(machine, of_service)
    assert profile.find(None, environment={}).spool_folder() == STATE_FOLDER / "spool"
    assert profile.find(of_service, environment={}).spool_folder() == STATE_FOLDER / "spool"
    other = machine / "etc" / "doorbell.toml"
    other.touch()
    assert profile.find(other, environment={}).spool_folder() == machine / "state" / "spool"


def test_the_service_itself_goes_by_what_systemd_says(machine: Path) -> None:
    of_service = machine / "srv" / "doorbell.toml"
    of_service.touch()
    install(machine, of_service)
    environment = {"STATE_DIRECTORY": "/var/lib/private/doorbell"}
    assert profile.find(None, environment=environment).spool_folder() == Path(
        "/var/lib/private/doorbell/spool"
    )
