"""The unit is one that systemd takes without a word."""

import io
import os
import subprocess
from collections import Counter
from pathlib import Path
from shutil import which

import pytest

from doorbell_client.commands.install_service import install
from doorbell_client.commands.unit import GROUPS, UNIT_NAME, Machine, unit
from doorbell_client.config.reader import load
from doorbell_client.config.schema import Chime, Config, Strike
from doorbell_client.errors import ConfigError

PI = Machine(Path("/opt/doorbell/bin/python"), GROUPS, Path("/usr/bin/pinctrl"))
THERE = Path(os.path.realpath("/usr/bin/env"))
"""systemd looks whether the program is there."""
LAPTOP = Machine(Path("/opt/doorbell/bin/python"), (), None)

KNOWN = {
    "Unit": {"Description", "After", "StartLimitIntervalSec"},
    "Service": {
        "Type", "NotifyAccess", "ExecStart", "ExecStopPost", "WatchdogSec", "Restart", "RestartSec",
        "TimeoutStopSec", "User", "SupplementaryGroups", "StateDirectory", "StateDirectoryMode",
        "UMask", "WorkingDirectory", "Environment", "CapabilityBoundingSet", "NoNewPrivileges",
        "ProtectSystem", "ProtectHome", "ReadWritePaths",
        "PrivateTmp", "ProtectClock", "ProtectControlGroups",
        "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables",
        "LockPersonality", "RestrictNamespaces", "RestrictSUIDSGID", "RestrictAddressFamilies",
        "SystemCallArchitectures", "SystemCallFilter", "DevicePolicy", "DeviceAllow",
    },
    "Install": {"WantedBy"},
}  # fmt: skip
"""Directives of systemd.unit(5), .service(5), .exec(5) and .resource-control(5)."""


def entries(text: str) -> list[tuple[str, str, str]]:
    """Section, directive and value of every line, as systemd reads them."""
    found, section = [], ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            directive, _, value = line.partition("=")
            found.append((section, directive, value))
    return found


def values(text: str, directive: str) -> list[str]:
    return [value for _, name, value in entries(text) if name == directive]


def complaints(file: Path) -> list[str]:
    """What is wrong with a unit: systemd's own word where it is installed, the manual's else."""
    unknown = [
        f"{section}: {directive}"
        for section, directive, _ in entries(file.read_text())
        if directive not in KNOWN.get(section, ())
    ]
    if analyze := which("systemd-analyze"):
        verdict = subprocess.run(
            [analyze, "verify", str(file)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
        )
        unknown += verdict.stderr.splitlines()
        unknown += [f"status {verdict.returncode}"] if verdict.returncode else []
    return unknown


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    file = tmp_path / "doorbell.toml"
    file.touch()
    return file


@pytest.mark.parametrize("strike", [Strike(), Strike(24), Strike(24, active_high=False)])
def test_systemd_takes_the_unit_without_a_word(
    tmp_path: Path, config_file: Path, strike: Strike
) -> None:
    machine = PI._replace(python=THERE)
    file = install(config_file, Config(strike=strike), tmp_path, machine=machine, out=io.StringIO())
    assert file == tmp_path / UNIT_NAME
    assert complaints(file) == []
    assert file.stat().st_mode & 0o777 == 0o644


def test_the_check_itself_would_notice_a_wrong_line(tmp_path: Path, config_file: Path) -> None:
    text = unit(config_file, Config(), PI).replace("WatchdogSec=30", "WatchDog=30")
    (tmp_path / "wrong.service").write_text(text)
    assert any("WatchDog" in line for line in complaints(tmp_path / "wrong.service"))


def test_it_says_what_a_door_needs(config_file: Path) -> None:
    text = unit(config_file, Config(), PI)
    said = Counter(entries(text))
    for line in (
        ("Service", "Type", "notify"),
        ("Service", "WatchdogSec", "30"),
        ("Service", "Restart", "always"),
        ("Service", "StateDirectory", "doorbell"),
        ("Service", "WorkingDirectory", "%S/doorbell"),
        ("Service", "SupplementaryGroups", "gpio video audio"),
        ("Service", "ProtectSystem", "strict"),
        ("Service", "NoNewPrivileges", "yes"),
        ("Unit", "StartLimitIntervalSec", "0"),
        ("Install", "WantedBy", "multi-user.target"),
    ):
        assert said[line] == 1, line
    assert "LG_WD=%S/doorbell" in values(text, "Environment")[0]
    assert values(text, "ExecStart") == [
        f"/opt/doorbell/bin/python -P -m doorbell_client --config {config_file} run"
    ]


def test_after_a_crash_the_strike_is_let_go_by_the_system_where_it_can(config_file: Path) -> None:
    closes_high, closes_low = Config(strike=Strike(24)), Config(strike=Strike(24, False))
    release = "-+/usr/bin/pinctrl set 24 op"
    assert values(unit(config_file, closes_high, PI), "ExecStopPost") == [f"{release} dl"]
    assert values(unit(config_file, closes_low, PI), "ExecStopPost") == [f"{release} dh"]
    for config, machine in ((Config(), PI), (closes_high, LAPTOP)):
        text = unit(config_file, config, machine)
        assert values(text, "ExecStopPost") == []
        assert not any("gpiomem" in device for device in values(text, "DeviceAllow"))


def test_groups_that_do_not_exist_are_left_out(config_file: Path) -> None:
    assert values(unit(config_file, Config(), LAPTOP), "SupplementaryGroups") == []


def test_paths_are_quoted_as_systemd_wants_them(tmp_path: Path) -> None:
    file = tmp_path / 'the "front" $door 100%.toml'
    file.touch()
    (command,) = values(unit(file, Config(), PI), "ExecStart")
    assert command.endswith('/the \\"front\\" $$door 100%%.toml" run')
    text = unit(file, Config(), PI._replace(python=Path("/usr/bin/env")))
    (tmp_path / "quoted.service").write_text(text)
    assert complaints(tmp_path / "quoted.service") == []


def test_what_lies_in_a_home_is_readable_and_warned_about(
    tmp_path: Path, config_file: Path
) -> None:
    machine = PI._replace(python=Path("/home/pi/doorbell/bin/python"))
    assert values(unit(config_file, Config(), machine), "ProtectHome") == ["read-only"]
    assert values(unit(config_file, Config(), PI), "ProtectHome") == ["yes"]
    out = io.StringIO()
    install(config_file, Config(), tmp_path, machine=machine, out=out)
    assert "somebody's home" in out.getvalue()


def test_showing_writes_nothing(tmp_path: Path, config_file: Path) -> None:
    out = io.StringIO()
    assert install(config_file, Config(), tmp_path, show_only=True, out=out) is None
    assert out.getvalue().startswith("# Written by")
    assert list(tmp_path.iterdir()) == [config_file]


def test_the_next_steps_are_named(tmp_path: Path, config_file: Path) -> None:
    out = io.StringIO()
    install(config_file, load(config_file, {}), tmp_path, machine=PI, out=out)
    for step in (
        "useradd --system --shell /usr/sbin/nologin --groups gpio,video,audio doorbell",
        f"chown doorbell: {tmp_path / 'token'}",
        "systemctl enable --now doorbell",
    ):
        assert step in out.getvalue()


def test_the_next_steps_name_whole_paths(
    tmp_path: Path, config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = io.StringIO()
    (tmp_path / "units").mkdir()
    relative = Path(config_file.name)
    install(relative, load(relative, {}), tmp_path / "units", machine=PI, out=out)
    assert f"chown doorbell: {tmp_path / 'token'}\n" in out.getvalue()


def test_a_spool_of_the_owners_choice_may_be_written_to(tmp_path: Path, config_file: Path) -> None:
    config_file.write_text('[spool]\nfolder = "/srv/the presses"\n')
    config, out = load(config_file, {}), io.StringIO()
    file = install(config_file, config, tmp_path, machine=PI._replace(python=THERE), out=out)
    assert file
    assert complaints(file) == []
    assert values(file.read_text(), "ReadWritePaths") == ['-"/srv/the presses"']
    assert "install -d -m 700 -o doorbell '/srv/the presses'" in out.getvalue()
    assert values(unit(config_file, load(None, {}), PI), "ReadWritePaths") == []


def test_what_the_door_reads_in_a_home_is_readable(config_file: Path) -> None:
    config = Config(chime=Chime("file", file=Path("/home/pi/ding-dong.wav")))
    assert values(unit(config_file, config, PI), "ProtectHome") == ["read-only"]


def test_no_configuration_and_no_right_to_write_are_named(
    tmp_path: Path, config_file: Path
) -> None:
    with pytest.raises(ConfigError, match="doorbell init"):
        install(tmp_path / "absent.toml", Config(), tmp_path)
    with pytest.raises(ConfigError, match="--unit-dir"):
        install(config_file, Config(), tmp_path / "absent")


def test_this_machine_is_known() -> None:
    machine = Machine.this()
    assert machine.python.is_file()
    assert set(machine.groups) <= set(GROUPS)
