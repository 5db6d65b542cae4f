"""A cloud for the relay, with a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.doorbell_client.relay.fake_cloud import FakeCloud
from tests.doorbell_client.relay.living import DRIVE, GARDEN

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cloud(tmp_path: Path) -> FakeCloud:
    """It knows two cameras, and looks at parts of 64 KB, so that a small clip has several."""
    (tmp_path / "cloud").mkdir()
    return FakeCloud(
        tmp_path / "cloud", {GARDEN.token: "garden", DRIVE.token: "drive"}, part_size=64 * 1024
    )
