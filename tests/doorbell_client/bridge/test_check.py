"""`doorbell doctor --bridge` says whether the broker lets the bridge in, and how to mend it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from doorbell_client.commands.checks.broker import check_broker
from doorbell_client.commands.checks.finding import Finding, Grade
from doorbell_client.config.schema import Bridge
from tests.doorbell.aws.api.servers import write_certificate
from tests.mosquitto import Mosquitto

if TYPE_CHECKING:
    from pathlib import Path


def checked(config: Bridge) -> Finding:
    return asyncio.run(check_broker(config))


def test_a_broker_that_lets_it_in_is_well(tmp_path: Path) -> None:
    with Mosquitto(tmp_path) as broker:
        found = checked(Bridge(broker=f"mqtt://127.0.0.1:{broker.port}"))
    assert found.grade is Grade.OK
    assert f"127.0.0.1:{broker.port}" in found.says


def test_a_broker_that_is_not_there_is_a_failure(tmp_path: Path) -> None:
    found = checked(Bridge(broker=f"mqtt://127.0.0.1:{Mosquitto(tmp_path).port}"))
    assert found.grade is Grade.FAIL
    assert "cannot be reached" in found.says


def test_a_broker_that_wants_a_password_says_what_to_set(tmp_path: Path) -> None:
    with Mosquitto(tmp_path, "allow_anonymous false") as broker:
        found = checked(Bridge(broker=f"mqtt://127.0.0.1:{broker.port}"))
    assert found.grade is Grade.FAIL
    assert "`user`" in found.fix


def test_a_certificate_that_nobody_signed_says_what_to_set(tmp_path: Path) -> None:
    own = write_certificate(tmp_path / "own.pem")
    with Mosquitto(tmp_path, f"certfile {own}", f"keyfile {own}") as broker:
        url = f"mqtts://127.0.0.1:{broker.port}"
        assert "`ca_file`" in checked(Bridge(broker=url)).fix
        assert checked(Bridge(broker=url, ca_file=own)).grade is Grade.OK
