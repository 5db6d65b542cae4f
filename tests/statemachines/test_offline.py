"""A door whose socket closed: some time later somebody looks whether it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.statemachines.scene import Scene


def test_a_door_that_went_is_looked_after(hasty: Scene) -> None:
    """Once for each socket that closed, after OfflineAfter (here: 1 s)."""
    with hasty.connected("door"):
        pass
    visit = hasty.works.started_for("Offline", hasty.home)[-1]
    assert hasty.works.ended(visit) == "SUCCEEDED"
    assert hasty.works.read(visit).states() == ["Wait", "CheckDoor"]
