"""DynamoDB in memory (moto), and the ports over it and over plain dictionaries."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from doorbell.aws.dynamodb.table import Table
from tests.doorbell.aws.model_client import ModelClient
from tests.doorbell.aws.pools import MotoPool, some_client
from tests.doorbell.aws.table_ports import Ports, in_memory, on_dynamodb

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def moto() -> Iterator[MotoPool]:
    """An AWS that is only here."""
    with mock_aws():
        yield MotoPool()


def create_table(moto: MotoPool) -> str:
    """An empty table, keyed as the template's; its name."""
    name = f"table-{secrets.token_hex(4)}"
    moto.dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "home", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "home", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
    )
    return name


@pytest.fixture
def table(moto: MotoPool) -> Table:
    """An empty table."""
    return Table(some_client(moto), create_table(moto))


@pytest.fixture(params=["dynamodb", "memory", "model"])
def ports(request: pytest.FixtureRequest) -> Ports:
    """The ports, once on DynamoDB, once as the fakes that all other tests trust, and once on the
    table of `proof/model`.
    """
    if request.param == "memory":
        return in_memory()
    if request.param == "model":
        return on_dynamodb(Table(ModelClient(), "table"))
    return on_dynamodb(request.getfixturevalue("table"))
