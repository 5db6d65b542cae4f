"""What is put back goes into ministack's own memory. When that has moved, this says which part."""

import inspect
from collections import defaultdict
from typing import Any

import pytest

from tests.local import canary
from tests.local.kept.test_places import new_bucket, new_table

PLACES, CREATION, ADAPT = "local/kept/places.py", "local/kept/creation.py", "local/adapt.py"
DYNAMODB, S3 = "ministack.services.dynamodb", "ministack.services.s3"
PARAMETERS = "ministack.services.ssm"
SECRETS = "ministack.services.secretsmanager"
STORED = [
    "name", "secret_string", "secret_binary", "description", "tags", "kms_key_id",
    "rotation_lambda_arn", "rotation_rules",
]  # fmt: skip
PROVISIONERS = "ministack.services.cloudformation.provisioners"


@pytest.mark.parametrize(
    ("user", "module", "name"),
    [
        (CREATION, DYNAMODB, "_tables"),
        (CREATION, S3, "_buckets"),
        (PLACES, SECRETS, "_secrets"),
        (PLACES, PARAMETERS, "_parameters"),
        (PLACES, PARAMETERS, "_put_parameter"),
        (CREATION, PROVISIONERS, "_RESOURCE_HANDLERS"),
    ],
)
def test_every_name_that_is_used_is_there(user: str, module: str, name: str) -> None:
    canary.named(module, name, user)


@pytest.mark.parametrize(
    ("module", "name", "parameters"),
    [
        (DYNAMODB, "_set_item", ["table", "pk_val", "sk_val", "item"]),
        (S3, "_build_object_record", ["body", "headers", "etag"]),
        (SECRETS, "_store_new_secret", STORED),
    ],
)
def test_every_function_that_is_called_takes_what_it_took(
    module: str, name: str, parameters: list[str]
) -> None:
    signature = inspect.signature(canary.named(module, name, PLACES))
    assert list(signature.parameters)[: len(parameters)] == parameters, canary.moved(
        f"{module}.{name}({', '.join(parameters)})", PLACES
    )


@pytest.mark.parametrize("kind", ["AWS::DynamoDB::Table", "AWS::S3::Bucket"])
def test_cloudformation_still_makes_things_by_the_function_that_is_wrapped(kind: str) -> None:
    create = canary.named(PROVISIONERS, "_RESOURCE_HANDLERS", CREATION)[kind]["create"]
    assert list(inspect.signature(create).parameters) == ["logical_id", "props", "stack_name"]
    source = inspect.getsource(canary.named(PROVISIONERS, "_provision_resource", CREATION))
    assert 'handler["create"](logical_id, props, stack_name)' in source, canary.moved(
        "a handler's create", CREATION
    )


def test_an_api_still_takes_its_id_from_a_tag() -> None:
    source = inspect.getsource(canary.named(PROVISIONERS, "_apigw_v2_api_create", ADAPT))
    assert "_resolve_custom_api_id(props.get" in source, canary.moved("ms-custom-id", ADAPT)


def test_every_write_of_a_row_puts_a_new_object_in_the_old_ones_place() -> None:
    """What is the same object counts as unchanged, so nothing may be changed within one."""
    for name in ("_put_item", "_update_item", "_transact_write_items", "_batch_write_item"):
        source = inspect.getsource(canary.named(DYNAMODB, name, PLACES))
        assert "_set_item(" in source, canary.moved(f"_set_item in {name}", PLACES)
    for name in ("_update_item", "_transact_write_items"):
        source = inspect.getsource(canary.named(DYNAMODB, name, PLACES))
        assert "item = copy.deepcopy(" in source, canary.moved(f"a copy in {name}", PLACES)


def test_what_is_made_is_laid_out_as_it_was() -> None:
    table: Any = new_table()._table
    assert isinstance(table["items"], defaultdict), canary.moved("a table's items", PLACES)
    assert new_bucket()._bucket["objects"] == {}, canary.moved("a bucket's objects", PLACES)
    source = inspect.getsource(canary.named(PARAMETERS, "_put_parameter", PLACES))
    assert '"OriginalValue": value' in source, canary.moved("a parameter's text", PLACES)
    source = inspect.getsource(canary.named(SECRETS, "_store_new_secret", PLACES))
    assert '"SecretString": secret_string' in source, canary.moved("a secret's text", PLACES)
