"""Installing, updating and removing the service work when typed twice."""

import io
import sys
from pathlib import Path

import pytest

from doorbell_client.commands import steps
from doorbell_client.commands.install_service import ServiceToInstall, install, write
from doorbell_client.commands.steps import LINK, Step, run_step
from doorbell_client.commands.uninstall_service import uninstall
from doorbell_client.commands.unit import (
    BRIDGE,
    CHIME,
    DOOR,
    GIFCAM,
    GROUPS,
    RELAY,
    TIMELAPSE,
    Kind,
    Machine,
)
from doorbell_client.config.reader import load
from doorbell_client.config.schema import Config
from doorbell_client.config.service import installed_service
from doorbell_client.errors import ConfigError, ServiceError

PI = Machine(Path("/opt/doorbell/.venv/bin/python"), GROUPS, Path("/usr/bin/pinctrl"))


class Computer:
    """Remembers which commands of the system were run; a user once made is there."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.units = folder / "units"
        self.units.mkdir()
        self.config_file = folder / "doorbell.toml"
        self.config_file.touch()
        self.done: list[Step] = []
        self.out = io.StringIO()
        monkeypatch.setattr(steps, "user_exists", self._has_user)

    def install(self, kind: Kind = DOOR, machine: Machine = PI) -> list[Step]:
        """Returns what was run."""
        before = len(self.done)
        install(self._service(kind, machine), self.units, runner=self._run, out=self.out)
        return self.done[before:]

    def write(self, machine: Machine = PI) -> None:
        write(self._service(DOOR, machine), self.units, out=self.out)

    def uninstall(self, *, may_change: bool = True) -> list[Step]:
        """Returns what was run."""
        before = len(self.done)
        uninstall(self.units, may_change=may_change, runner=self._run, out=self.out)
        return self.done[before:]

    def _service(self, kind: Kind, machine: Machine) -> ServiceToInstall:
        return ServiceToInstall(self.config_file, load(self.config_file, {}), kind, machine)

    def _has_user(self) -> bool:
        return any(step[0] == "useradd" for step in self.done)

    def _run(self, step: Step) -> None:
        self.done.append(step)
        if step[0] == "rm":
            for file in step[2:]:
                if Path(file).is_relative_to(self.units):
                    Path(file).unlink()


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Computer:
    return Computer(tmp_path, monkeypatch)


def test_installing_makes_a_user_a_command_and_a_running_service(computer: Computer) -> None:
    assert computer.install() == [
        ["useradd", "--system", "--shell", "/usr/sbin/nologin", "doorbell"],
        [
            "ln", "--symbolic", "--force", "--no-target-directory",
            "/opt/doorbell/.venv/bin/doorbell", "/usr/local/bin/doorbell",
        ],
        ["systemctl", "daemon-reload"],
        ["systemctl", "enable", "doorbell.service"],
        ["systemctl", "restart", "doorbell.service"],
    ]  # fmt: skip
    found = installed_service(computer.units)
    assert found is not None
    assert found.config_file == computer.config_file
    assert (computer.units / DOOR.unit_name).stat().st_mode & 0o777 == 0o644


def test_installing_again_makes_no_second_user_and_starts_the_new_program(
    computer: Computer,
) -> None:
    computer.install()
    again = computer.install()
    assert not any(step[0] == "useradd" for step in again)
    assert again[-1] == ["systemctl", "restart", "doorbell.service"]


def test_a_spool_of_the_owners_choice_is_made(computer: Computer) -> None:
    computer.config_file.write_text('[spool]\nfolder = "/srv/the presses"\n')
    made = ["install", "-d", "-m", "700", "-o", "doorbell", "/srv/the presses"]
    assert made in computer.install()


def test_a_relays_folder_of_the_owners_choice_is_made(computer: Computer) -> None:
    computer.config_file.write_text('[relay]\nfolder = "/srv/clips"\n')
    made = ["install", "-d", "-m", "700", "-o", "doorbell", "/srv/clips"]
    assert made in computer.install(RELAY)
    assert made not in computer.install(DOOR)


def test_the_bell_inside_is_installed_beside(computer: Computer) -> None:
    assert ["systemctl", "enable", "doorbell-chime.service"] in computer.install(CHIME)
    assert {unit.name for unit in computer.units.iterdir()} == {"doorbell-chime.service"}


def test_uninstalling_stops_and_removes_all_and_again_does_no_harm(computer: Computer) -> None:
    kinds = (DOOR, CHIME, BRIDGE, GIFCAM, TIMELAPSE, RELAY)
    for kind in kinds:
        computer.install(kind)
    removed = computer.uninstall()
    for kind in kinds:
        assert ["systemctl", "disable", "--now", kind.unit_name] in removed
    assert any(step[0] == "rm" and str(LINK) in step for step in removed)
    assert list(computer.units.iterdir()) == []
    assert computer.uninstall() == []
    assert "No service is installed." in computer.out.getvalue()
    assert "/etc/doorbell" in computer.out.getvalue()


def test_who_may_not_change_the_machine_is_told_what_to_type(computer: Computer) -> None:
    computer.write()
    assert computer.uninstall(may_change=False) == []
    told = computer.out.getvalue()
    for line in (
        "  sudo useradd --system",
        "  sudo systemctl enable doorbell.service\n",
        "  sudo systemctl disable --now doorbell.service\n",
    ):
        assert line in told
    assert (computer.units / DOOR.unit_name).exists()


def test_what_is_in_a_home_is_warned_about(computer: Computer) -> None:
    computer.install(machine=PI._replace(python=Path("/home/pi/doorbell/bin/python")))
    assert "somebody's home" in computer.out.getvalue()


def test_no_configuration_and_no_right_to_write_are_named(
    tmp_path: Path, computer: Computer
) -> None:
    absent = ServiceToInstall(tmp_path / "absent.toml", Config(), DOOR, PI)
    with pytest.raises(ConfigError, match="no configuration"):
        write(absent, tmp_path)
    with pytest.raises(ConfigError, match="--unit-dir"):
        write(absent._replace(config_file=computer.config_file), tmp_path / "absent")


def test_a_step_that_fails_or_is_not_there_ends_it_with_its_name(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run_step([sys.executable, "-c", ""])
    assert capsys.readouterr().out.startswith(f"$ {sys.executable}")
    with pytest.raises(ServiceError, match="failed with status 3"):
        run_step([sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(ServiceError, match="absent cannot be run"):
        run_step(["/absent"])
