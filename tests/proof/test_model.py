"""The ring's protocol as a model: what it looks at, what holds, and what it would notice."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from proof.model import prove
from proof.model.claims import broken
from proof.model.cloud import Cloud
from proof.model.explore import explore
from proof.model.moves import Moves
from proof.model.mutations import MUTATIONS, Mutation, tried
from proof.model.scenes import RESIDENT, STRANGER, Scene, beginning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proof.model.world import World

WITHOUT_FAULTS = (
    RESIDENT._replace(faults=frozenset(), left=RESIDENT.left._replace(answers=0)),
    STRANGER._replace(faults=frozenset(), left=STRANGER.left._replace(answers=1)),
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Of a million jobs that fail on purpose, each would say so."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def ends_of(scene: Scene, cloud: Cloud, *, every_order: bool = False) -> set[World]:
    """The worlds of a scene in which nothing happens any more. What a door does is kept by numbers
    that hold within one cloud.
    """
    ends: set[World] = set()

    def claims(world: World, quiet: bool) -> str:
        ends.update({world} if quiet else ())
        return broken(world, quiet)

    moves = Moves(cloud, scene.faults, scene.answers, every_order=every_order)
    assert explore(beginning(scene, cloud), moves, claims).whole
    return ends


def test_every_claim_of_the_short_search_holds() -> None:
    report = prove(short=True)
    assert [claim for claim in report.claims if not claim.holds] == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_safeguard_taken_out_is_noticed_within_a_few_moves(mutation: Mutation) -> None:
    found = tried(mutation)
    assert mutation.breaks in found.broken
    assert len(found.trace) <= 40, "nobody reads a longer one"


def test_a_counterexample_reads_like_a_story() -> None:
    without_watch = next(each for each in MUTATIONS if each.name == "nobody watches")
    trace = tried(without_watch).trace
    assert trace[0] == "somebody presses at front"
    assert trace[3].endswith("post ticket to front-1")
    assert trace[-1].endswith("s"), "time passes, and nothing comes of it"


@pytest.mark.parametrize("scene", WITHOUT_FAULTS, ids=lambda scene: scene.name)
def test_calls_whose_order_is_not_tried_change_no_end(scene: Scene) -> None:
    cloud = Cloud(scene.face)
    assert ends_of(scene, cloud) == ends_of(scene, cloud, every_order=True)


@pytest.mark.parametrize("scene", WITHOUT_FAULTS, ids=lambda scene: scene.name)
def test_a_search_ends_at_a_world_of_each_kind(scene: Scene) -> None:
    """Claims of ends would hold in a search that comes to none worth the name."""
    ends = ends_of(scene, Cloud(scene.face))
    assert any(end.seen.moved for end in ends), "somebody got in"
    assert any(not end.seen.moved for end in ends), "and somebody did not"
    assert all(end.seen.pressed or end.left.presses for end in ends)
