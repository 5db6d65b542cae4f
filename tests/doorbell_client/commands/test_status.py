"""`doorbell status` names the files that count, and whether the service runs."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from doorbell_client.commands.service_state import ServiceState, service_state
from doorbell_client.commands.status import show
from doorbell_client.config.profile import Profile
from doorbell_client.config.schema import Cloud, Config, Relay, Spool
from doorbell_client.config.service import Service

SERVICE = Service(Path("/etc/doorbell/doorbell.toml"), Path("/var/lib/doorbell"))


def answer(text: str) -> ServiceState:
    return service_state("doorbell.service", lambda command: text)


def status(tmp_path: Path, service: Service | None, says: str = "") -> tuple[int, str]:
    token = tmp_path / "token"
    token.write_text("home.front.secret")
    token.chmod(0o600)
    config = Config(cloud=Cloud("wss://door.example/prod", token), spool=Spool(tmp_path / "spool"))
    out = io.StringIO()
    code = show(
        Profile(config, tmp_path / "doorbell.toml", True, {}), service,
        ask=lambda command: says, out=out,
    )  # fmt: skip
    return code, out.getvalue()


RUNS = "ActiveState=active\nSubState=running\nStatusText=line up, 0 presses wait\n"


def test_a_door_that_runs_is_shown_with_its_files(tmp_path: Path) -> None:
    code, words = status(tmp_path, SERVICE, RUNS)
    assert code == 0
    assert f"configuration  {tmp_path}/doorbell.toml\n" in words
    assert "stack          wss://door.example/prod\n" in words
    assert "service        doorbell.service active (running): line up, 0 presses wait\n" in words
    assert f"presses        0 presses wait in {tmp_path}/spool\n" in words
    assert "journalctl --unit doorbell.service" in words
    assert "secret" not in words


def test_a_relay_is_shown_with_what_waits_and_without_a_doors_lines(tmp_path: Path) -> None:
    relay = Relay(recipient="https://door.example/camera", folder=tmp_path / "relay")
    out = io.StringIO()
    profile = Profile(Config(relay=relay), tmp_path / "doorbell.toml", True, {})
    assert show(profile, None, out=out) == 0
    assert "cameras        https://door.example/camera\n" in out.getvalue()
    assert f"files          nothing waits in {tmp_path}/relay\n" in out.getvalue()
    assert "presses" not in out.getvalue()
    assert "token" not in out.getvalue()


def test_a_service_that_does_not_run_is_a_failure(tmp_path: Path) -> None:
    code, words = status(tmp_path, SERVICE, "ActiveState=failed\nSubState=failed\nStatusText=\n")
    assert code == 1
    assert "failed (failed)\n" in words


def test_without_a_service_it_says_how_to_install_one(tmp_path: Path) -> None:
    code, words = status(tmp_path, None)
    assert code == 0
    assert "install-service" in words


def test_where_systemd_is_not_that_is_said() -> None:
    def absent(command: Sequence[str]) -> str:
        raise FileNotFoundError("systemctl")

    assert service_state("doorbell.service", absent) == ServiceState(
        active=False, words="unknown: systemctl does not answer"
    )
    assert answer("") == ServiceState(active=False, words="unknown (?)")


@pytest.mark.parametrize(("text", "active"), [(RUNS, True), ("ActiveState=activating\n", False)])
def test_only_active_is_active(text: str, active: bool) -> None:
    assert answer(text).active is active
