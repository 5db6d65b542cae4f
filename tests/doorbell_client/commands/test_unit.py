"""The units are ones that systemd takes without a word, and leave nothing energised."""

import os
import subprocess
from collections import Counter
from pathlib import Path
from shutil import which

import pytest

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
    unit,
)
from doorbell_client.config.reader import load
from doorbell_client.config.schema import Bridge, Chime, Config, Gong, Relay, Strike

PI = Machine(Path("/opt/doorbell/bin/python"), GROUPS, Path("/usr/bin/pinctrl"))
THERE = Path(os.path.realpath("/usr/bin/env"))
"""systemd looks whether the program is there."""
LAPTOP = Machine(Path("/opt/doorbell/bin/python"), (), None)

KNOWN = {
    "Unit": {"Description", "After", "StartLimitIntervalSec"},
    "Service": {
        "Type", "NotifyAccess", "ExecStart", "ExecStopPost", "WatchdogSec", "Restart", "RestartSec",
        "TimeoutStopSec", "User", "SupplementaryGroups", "StateDirectory", "StateDirectoryMode",
        "UMask", "LoadCredential", "SetCredential", "RuntimeDirectory", "RuntimeDirectoryMode",
        "RuntimeDirectoryPreserve", "WorkingDirectory", "Environment", "CapabilityBoundingSet",
        "NoNewPrivileges",
        "ProtectSystem", "ProtectHome", "ReadWritePaths",
        "PrivateTmp", "ProtectClock", "ProtectControlGroups",
        "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables",
        "LockPersonality", "RestrictNamespaces", "RestrictSUIDSGID", "RestrictAddressFamilies",
        "SystemCallArchitectures", "SystemCallFilter", "DevicePolicy", "DeviceAllow",
    },
    "Install": {"WantedBy"},
    "X-Doorbell": {"Configuration"},
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


def written(folder: Path, text: str, name: str = DOOR.unit_name) -> Path:
    file = folder / name
    file.write_text(text)
    return file


@pytest.mark.parametrize(
    "kind", [DOOR, CHIME, BRIDGE, GIFCAM, TIMELAPSE, RELAY], ids=lambda kind: kind.command
)
@pytest.mark.parametrize("strike", [Strike(), Strike(24), Strike(7, active_high=False)])
def test_systemd_takes_the_unit_without_a_word(
    tmp_path: Path, config_file: Path, strike: Strike, kind: Kind
) -> None:
    text = unit(config_file, Config(strike=strike), PI._replace(python=THERE), kind)
    assert complaints(written(tmp_path, text, kind.unit_name)) == []


@pytest.mark.parametrize(
    ("line", "wrong"),
    [("WatchdogSec=30", "WatchDog=30"), ("RuntimeDirectoryPreserve=yes", "Preserve=yes")],
)
def test_the_check_itself_would_notice_a_wrong_line(
    tmp_path: Path, config_file: Path, line: str, wrong: str
) -> None:
    text = unit(config_file, Config(), PI._replace(python=THERE))
    assert line in text
    found = complaints(written(tmp_path, text.replace(line, wrong)))
    assert any(wrong.split("=", maxsplit=1)[0] in each for each in found)


def test_it_says_what_a_door_needs(config_file: Path) -> None:
    text = unit(config_file, Config(), PI)
    said = Counter(entries(text))
    for line in (
        ("Service", "Type", "notify"),
        ("Service", "WatchdogSec", "30"),
        ("Service", "Restart", "always"),
        ("Service", "StateDirectory", "doorbell"),
        ("Service", "SupplementaryGroups", "gpio video audio"),
        ("Service", "ProtectSystem", "strict"),
        ("Service", "NoNewPrivileges", "yes"),
        ("Unit", "StartLimitIntervalSec", "0"),
        ("Install", "WantedBy", "multi-user.target"),
        ("X-Doorbell", "Configuration", str(config_file)),
    ):
        assert said[line] == 1, line
    assert values(text, "ExecStart") == [
        f"/opt/doorbell/bin/python -P -m doorbell_client --config {config_file} run"
    ]


def test_what_must_be_written_on_a_full_card_goes_to_memory_and_outlives_a_crash(
    config_file: Path,
) -> None:
    text = unit(config_file, Config(), PI)
    assert values(text, "RuntimeDirectory") == ["doorbell"]
    assert values(text, "RuntimeDirectoryPreserve") == ["yes"]
    assert values(text, "WorkingDirectory") == ["%t/doorbell"]
    assert "LG_WD=%t/doorbell" in values(text, "Environment")[0]


def test_the_token_is_handed_over_and_its_absence_keeps_no_door_from_starting(
    tmp_path: Path, config_file: Path
) -> None:
    config_file.write_text('[cloud]\ntoken_file = "tokens/100%"\n')
    text = unit(config_file, load(config_file, {}), PI)
    assert values(text, "LoadCredential") == [f"token:{tmp_path}/tokens/100%%"]
    # systemd takes this where the file is missing; a space makes it no token.
    assert values(text, "SetCredential") == ["token:no token"]


def test_after_a_crash_the_relays_are_switched_off_by_the_system_where_it_can(
    config_file: Path,
) -> None:
    high = Config(strike=Strike(24), gong=Gong(23))
    low = Config(strike=Strike(7, False), gong=Gong(8, False))
    release = "-+/usr/bin/pinctrl set"
    assert values(unit(config_file, high, PI), "ExecStopPost") == [
        f"{release} 24 op dl",
        f"{release} 23 op dl",
    ]
    assert values(unit(config_file, low, PI), "ExecStopPost") == [
        f"{release} 7 op dh",
        f"{release} 8 op dh",
    ]
    allowed = values(unit(config_file, high, PI), "DeviceAllow")
    for number in ("", "0", "1", "2", "3", "4"):
        assert f"/dev/gpiomem{number} rw" in allowed


@pytest.mark.parametrize(
    ("config", "machine", "kind"),
    [
        (Config(), PI, DOOR),
        (Config(strike=Strike(24)), LAPTOP, DOOR),
        (Config(strike=Strike(24)), PI, CHIME),
    ],
)
def test_where_there_is_nothing_to_switch_off_no_memory_of_pins_is_open(
    config_file: Path, config: Config, machine: Machine, kind: Kind
) -> None:
    text = unit(config_file, config, machine, kind)
    assert values(text, "ExecStopPost") == []
    assert not any("gpiomem" in device for device in values(text, "DeviceAllow"))


def test_a_bell_inside_has_a_service_of_its_own(config_file: Path) -> None:
    text = unit(config_file, Config(), PI, CHIME)
    assert values(text, "ExecStart")[0].endswith(f"--config {config_file} chime")
    assert values(text, "RuntimeDirectory") == ["doorbell-chime"]


@pytest.mark.parametrize("kind", [GIFCAM, TIMELAPSE], ids=lambda kind: kind.command)
def test_a_camera_keeps_its_pictures_where_the_door_keeps_presses(
    config_file: Path, kind: Kind
) -> None:
    text = unit(config_file, Config(strike=Strike(24)), PI, kind)
    assert values(text, "ExecStart")[0].endswith(f"--config {config_file} {kind.command}")
    assert values(text, "StateDirectory") == ["doorbell"]
    assert values(text, "ExecStopPost") == [], "it has no relay to switch off"


def test_a_bridge_gets_its_password_from_systemd_if_it_has_a_user(config_file: Path) -> None:
    bridge = Bridge(user="doorbell", password_file=Path("/etc/doorbell/broker-password"))
    text = unit(config_file, Config(bridge=bridge), PI, BRIDGE)
    assert values(text, "ExecStart")[0].endswith(f"--config {config_file} bridge")
    secret = "broker-password:/etc/doorbell/broker-password"
    assert secret in values(text, "LoadCredential")
    for without in (
        unit(config_file, Config(bridge=bridge), PI, DOOR),
        unit(config_file, Config(), PI, BRIDGE),
    ):
        assert len(values(without, "LoadCredential")) == 1


def test_a_relay_gets_its_cameras_from_systemd_and_writes_to_its_own_folder(
    config_file: Path,
) -> None:
    relay = Relay(cameras_file=Path("/etc/doorbell/cameras.toml"), folder=Path("/srv/clips"))
    text = unit(config_file, Config(relay=relay), PI, RELAY)
    assert values(text, "ExecStart")[0].endswith(f"--config {config_file} relay")
    assert values(text, "LoadCredential") == ["cameras:/etc/doorbell/cameras.toml"]
    assert values(text, "SetCredential") == [], "without cameras there is nothing to do"
    assert values(text, "ReadWritePaths") == ["-/srv/clips"]
    assert values(unit(config_file, Config(relay=relay), PI), "ReadWritePaths") == []


def test_groups_that_do_not_exist_are_left_out(config_file: Path) -> None:
    assert values(unit(config_file, Config(), LAPTOP), "SupplementaryGroups") == []


def test_paths_are_quoted_as_systemd_wants_them(tmp_path: Path) -> None:
    file = tmp_path / 'the "front" $door 100%.toml'
    file.touch()
    (command,) = values(unit(file, Config(), PI), "ExecStart")
    assert command.endswith('/the \\"front\\" $$door 100%%.toml" run')
    text = unit(file, Config(), PI._replace(python=Path("/usr/bin/env")))
    assert complaints(written(tmp_path, text)) == []


def test_a_spool_of_the_owners_choice_may_be_written_to(tmp_path: Path, config_file: Path) -> None:
    config_file.write_text('[spool]\nfolder = "/srv/the presses"\n')
    text = unit(config_file, load(config_file, {}), PI._replace(python=THERE))
    assert complaints(written(tmp_path, text)) == []
    assert values(text, "ReadWritePaths") == ['-"/srv/the presses"']
    assert values(unit(config_file, load(None, {}), PI), "ReadWritePaths") == []


def test_what_is_in_a_home_is_readable(config_file: Path) -> None:
    machine = PI._replace(python=Path("/home/pi/doorbell/bin/python"))
    assert values(unit(config_file, Config(), machine), "ProtectHome") == ["read-only"]
    sound = Config(chime=Chime("file", file=Path("/home/pi/ding-dong.wav")))
    assert values(unit(config_file, sound, PI), "ProtectHome") == ["read-only"]
    assert values(unit(config_file, Config(), PI), "ProtectHome") == ["yes"]


def test_this_machine_is_known() -> None:
    machine = Machine.this()
    assert machine.python.is_file()
    assert set(machine.groups) <= set(GROUPS)
