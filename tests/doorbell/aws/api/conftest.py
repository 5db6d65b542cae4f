"""A certificate for servers on loopback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.doorbell.aws.api.servers import write_certificate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PEM file with its key."""
    return write_certificate(tmp_path_factory.mktemp("tls") / "here.pem")
