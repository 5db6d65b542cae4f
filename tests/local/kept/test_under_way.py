"""After a restart a ring that nobody decided is found, and no other one."""

import pytest

from local.aws import Aws
from local.kept.under_way import undecided

NOW = 1_700_000_000.0


@pytest.fixture
def table(aws: Aws) -> str:
    """A table with rings of all kinds."""
    dynamodb = aws.client("dynamodb")
    dynamodb.create_table(
        TableName="rings",
        KeySchema=[
            {"AttributeName": "home", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "home", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for ring, age, more in (
        ("under-way", 5, {}),
        ("of-yesterday", 86400, {}),
        ("decided", 5, {"decision": {"S": "stranger"}}),
        ("part", 5, {"part_of": {"S": "under-way"}}),
    ):
        _put(aws, f"ring#{ring}", id={"S": ring}, pressed_at={"N": repr(NOW - age)}, **more)
    _put(aws, "door#front-door", pressed_at={"N": repr(NOW)})
    return "rings"


def _put(aws: Aws, sk: str, **fields: dict[str, str]) -> None:
    item = {"home": {"S": "home"}, "sk": {"S": sk}, **fields}
    aws.client("dynamodb").put_item(TableName="rings", Item=item)


def test_a_ring_that_nobody_decided_is_found_and_no_other_one(aws: Aws, table: str) -> None:
    found = undecided(aws, table, since=NOW - 3600)
    assert [row["id"]["S"] for row in found] == ["under-way"]
