"""DynamoDB in memory (moto), the ports over it and over dictionaries, and an account of nobody."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from doorbell.aws.dynamodb.table import Table, TableNames
from doorbell.aws.sdk import Sdk
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


@pytest.fixture
def nobodys_account(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Botocore signs for nobody."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    return monkeypatch


@pytest.fixture
def sdk(nobodys_account: pytest.MonkeyPatch) -> Sdk:
    """Clients that reach nothing."""
    del nobodys_account
    return Sdk()


def create_tables(moto: MotoPool) -> TableNames:
    """Empty tables, keyed as the template's."""
    return TableNames(_create_table(moto), _create_table(moto))


def _create_table(moto: MotoPool) -> str:
    name = f"table-{secrets.token_hex(4)}"
    moto.dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "home", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "S"},
            {"AttributeName": "watched", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "home", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "doors",
                "KeySchema": [{"AttributeName": "watched", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            },
        ],
    )
    return name


@pytest.fixture
def table(moto: MotoPool) -> Table:
    """Empty."""
    return Table(some_client(moto), create_tables(moto))


@pytest.fixture(params=["dynamodb", "memory", "model"])
def ports(request: pytest.FixtureRequest) -> Ports:
    """The ports, once on DynamoDB, once as the fakes that all other tests trust, and once on the
    table of `proof/model`.
    """
    if request.param == "memory":
        return in_memory()
    if request.param == "model":
        return on_dynamodb(Table(ModelClient(), TableNames("rings", "household")))
    return on_dynamodb(request.getfixturevalue("table"))
