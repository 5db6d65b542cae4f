"""After all the others (files run in the order of their names): nothing is left untried.

Run the whole folder: alone, this file finds what has not been run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.statemachines.asl import FILES, definition, edges
from tests.statemachines.replay import edges_of

if TYPE_CHECKING:
    from tests.statemachines.scene import Scene


def test_every_way_has_been_taken(patient: Scene, hasty: Scene) -> None:
    """Every state, Choice and Catch of each machine has been run, by a decision that was made
    twice: by the machine, and again from its history.
    """
    taken = {
        edge for scene in (patient, hasty) for run in scene.works.all() for edge in edges_of(run)
    }
    ways = {edge for machine in FILES for edge in edges(machine, definition(machine)["States"])}
    assert taken <= ways
    assert not ways - taken, "\n".join(map(str, sorted(ways - taken)))


def test_a_wrong_turn_would_be_noticed(patient: Scene) -> None:
    """A history that does not follow from its definition is refused."""
    run = next(run for run in patient.works.all() if "IssueCode" in run.states())
    edges_of(run)
    run.definition["States"]["SearchFaces"]["Next"] = "RingThrough"
    with pytest.raises(AssertionError, match="but it went to IssueCode"):
        edges_of(run)
