"""The strike moves once for an `open`, and what it did is written down around it."""

import asyncio
from typing import cast

import pytest

from doorbell_client.clock import uptime
from doorbell_client.door.effects import Energise
from doorbell_client.door.opener import Opener
from doorbell_client.door.replay_guard import Progress, ReplayGuard


class Record:
    """`ReplayGuard` as a list of what it was told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def begin(self, open_id: str) -> None:
        self.told.append(("begin", open_id))

    def advance(self, open_id: str, progress: Progress) -> None:
        self.told.append((progress, open_id))

    def forget(self, open_id: str) -> None:
        self.told.append(("forget", open_id))

    def copy(self) -> None:
        self.told.append("copy")


class Strike:
    """Moves, or is `broken`."""

    def __init__(self, *, broken: bool = False) -> None:
        self.moved: list[float] = []
        self.broken = broken

    def energise(self, seconds: float) -> None:
        if self.broken:
            raise OSError("no current")
        self.moved.append(seconds)

    def close(self) -> None:
        pass


def opens(record: Record, strike: Strike, valid_for: float) -> bool:
    opener = Opener(strike, cast(ReplayGuard, record))
    return asyncio.run(opener.open(Energise("o1", 5.0, uptime() + valid_for)))


def test_that_it_moves_is_written_before_and_that_it_moved_afterwards() -> None:
    record, strike = Record(), Strike()
    assert opens(record, strike, 15)
    assert strike.moved == [5.0]
    assert record.told == [("begin", "o1"), (Progress.OPENED, "o1")]


@pytest.mark.parametrize(("broken", "valid_for"), [(True, 15), (False, -1)])
def test_what_did_not_move_is_forgotten_and_may_be_tried_anew(
    broken: bool, valid_for: float
) -> None:
    record, strike = Record(), Strike(broken=broken)
    assert not opens(record, strike, valid_for)
    assert strike.moved == []
    assert record.told == [("begin", "o1"), ("forget", "o1")]


def test_what_the_cloud_knows_is_written_to_the_disk_as_well() -> None:
    record = Record()
    asyncio.run(Opener(Strike(), cast(ReplayGuard, record)).acknowledged("o1"))
    assert record.told == [(Progress.ACKNOWLEDGED, "o1"), "copy"]
