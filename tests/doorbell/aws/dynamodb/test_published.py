"""A film is claimed once for each publication of a home, and forgotten some time after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.aws.dynamodb.published import KEPT, PublishedTable
from doorbell.errors import Conflict
from tests.doorbell.aws.table_ports import together
from tests.fakes import NOON

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table


def test_a_film_is_claimed_once(table: Table) -> None:
    published = PublishedTable(table, lambda: NOON)
    published.claim("home", "film", "1")
    with pytest.raises(Conflict):
        published.claim("home", "film", "1")
    for other in [("away", "film", "1"), ("home", "film-2", "1"), ("home", "film", "2")]:
        published.claim(*other)
    row = table.get("home", "published#film#1")
    assert row
    assert row["ttl"] == NOON + KEPT


def test_of_four_that_claim_at_the_same_moment_one_may(table: Table) -> None:
    published = PublishedTable(table, lambda: NOON)
    refused = together([lambda: published.claim("home", "film", "1")] * 4)
    assert [type(each) for each in refused] == [Conflict] * 3
