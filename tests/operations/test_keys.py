"""The keys of a deployment: made once, by whoever comes first, and never changed."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ClientError

from doorbell.aws.dynamodb.table import TableNames
from operations import stacks
from operations.keys import KEYS, ensure_keys, key_name, make_keys, read_key
from tests.doorbell.aws.pools import some_client

if TYPE_CHECKING:
    from tests.doorbell.aws.pools import MotoPool

TABLES = TableNames("t", "h")


@pytest.fixture
def stack(moto: MotoPool) -> stacks.Deployed:
    session = boto3.Session("key", "secret", region_name="us-east-1")
    return stacks.Deployed(some_client(moto), session, None, TABLES, "b", "wss://socket/prod", "h")


@pytest.fixture
def name() -> str:
    """A stack that nobody has used."""
    return f"stack-{secrets.token_hex(4)}"


def keys(stack: stacks.Deployed, name: str) -> list[bytes]:
    return [read_key(stack, key_name(name, key)) for key in KEYS]


def test_both_keys_are_made_and_are_not_the_same(stack: stacks.Deployed, name: str) -> None:
    assert make_keys(stack.client_of, name) == 2
    one, other = keys(stack, name)
    assert one != other
    assert min(len(one), len(other)) >= 64


def test_keys_that_are_there_stay_as_they_are(stack: stacks.Deployed, name: str) -> None:
    make_keys(stack.client_of, name)
    before = keys(stack, name)
    assert make_keys(stack.client_of, name) == 0
    assert keys(stack, name) == before


def test_a_key_that_is_missing_is_made_and_the_other_one_stays(
    stack: stacks.Deployed, name: str
) -> None:
    make_keys(stack.client_of, name)
    code_key, push_key = keys(stack, name)
    stack.session.client("ssm").delete_parameter(Name=key_name(name, "push-key"))
    assert make_keys(stack.client_of, name) == 1
    assert keys(stack, name)[0] == code_key
    assert keys(stack, name)[1] != push_key


def test_a_key_is_an_encrypted_parameter_that_costs_nothing(
    stack: stacks.Deployed, name: str
) -> None:
    make_keys(stack.client_of, name)
    wanted = key_name(name, "code-key")
    parameter = stack.session.client("ssm").get_parameter(Name=wanted)["Parameter"]
    assert parameter["Type"] == "SecureString"
    described = stack.session.client("ssm").describe_parameters(
        ParameterFilters=[{"Key": "Name", "Values": [wanted]}]
    )
    assert described["Parameters"][0].get("Tier", "Standard") == "Standard"


def test_a_stack_on_aws_has_its_keys_before_its_first_device(
    stack: stacks.Deployed, name: str
) -> None:
    """Its output names the one that notices are signed with, and so the stack."""
    on_aws = stack._replace(outputs={"PushKey": key_name(name, "push-key")})
    assert ensure_keys(on_aws) == 2
    assert ensure_keys(on_aws) == 0
    assert ensure_keys(stack) == 0, "one machine's stack says none of this"
    assert len(set(keys(stack, name))) == 2


class FormerStack:
    """CloudFormation, of a stack whose `CodeKey` is a secret of this name."""

    def __init__(self, secret: str, status: str = "CREATE_COMPLETE") -> None:
        self._secret = secret
        self._status = status

    def describe_stack_resource(self, **given: str) -> Any:
        if given["LogicalResourceId"] != "CodeKey":
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStackResource")
        kind = "AWS::SecretsManager::Secret"
        detail = {"ResourceType": kind, "ResourceStatus": self._status}
        return {"StackResourceDetail": {**detail, "PhysicalResourceId": self._secret}}


@pytest.mark.parametrize(
    ("status", "kept"), [("CREATE_COMPLETE", True), ("DELETE_COMPLETE", False)]
)
def test_a_stack_that_kept_its_keys_as_secrets_keeps_their_values(
    stack: stacks.Deployed, name: str, status: str, kept: bool
) -> None:
    """Codes and PINs of before the update open after it."""
    secret = stack.client_of("secretsmanager").create_secret(Name=name, SecretString="former")
    former = FormerStack(secret["ARN"], status)

    def clients(service: str) -> Any:
        return former if service == "cloudformation" else stack.client_of(service)

    assert make_keys(clients, name) == 2
    code_key, push_key = keys(stack, name)
    assert (code_key == b"former") is kept
    assert push_key != b"former"


class Refusing:
    """Parameters for somebody who may not make them."""

    def get_parameter(self, **_given: object) -> None:
        raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")

    def put_parameter(self, **_given: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "PutParameter")


def test_another_refusal_is_not_taken_for_a_key_that_is_there(
    stack: stacks.Deployed, name: str
) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        make_keys(
            lambda service: Refusing() if service == "ssm" else stack.client_of(service), name
        )
