"""A spool of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from doorbell_client.outbox.spool import Spool
from tests.doorbell_client.outbox.spools import opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "spool"


@pytest.fixture
def spool(folder: Path) -> Iterator[Spool]:
    spool = opened(folder)
    yield spool
    spool.close()
