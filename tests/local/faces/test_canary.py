"""ministack is reached by private names. When it changes, this says which of them moved."""

import importlib
import importlib.metadata
import inspect
from typing import Any

import pytest

PINNED = "1.5.33"
MOVED = f"ministack {PINNED} had {{}}; it moved: change local/faces/register.py"


def named(module: str, name: str) -> Any:
    """What ministack has under a private name; the test fails with the name if it is gone."""
    found = getattr(importlib.import_module(module), name, None)
    assert found is not None, MOVED.format(f"{module}.{name}")
    return found


def test_the_version_is_the_pinned_one() -> None:
    """Private names are promised by nobody, so only one version is known to have them."""
    assert importlib.metadata.version("ministack") == PINNED


@pytest.mark.parametrize(
    ("module", "name", "neighbour", "members"),
    [
        ("ministack.app", "SERVICE_HANDLERS", "dynamodb", None),
        ("ministack.app", "SERVICE_REGISTRY", "dynamodb", {"module"}),
        ("ministack.app", "_loaded_modules", None, None),
        ("ministack.core.router", "SERVICE_PATTERNS", "dynamodb", {"target_prefixes"}),
        ("ministack.core.iam_actions", "SERVICE_TO_IAM_NAMESPACE", "dynamodb", None),
        (
            "ministack.services.stepfunctions",
            "_AWS_SDK_SERVICE_MAP",
            "dynamodb",
            {"target_prefix", "protocol"},
        ),
        ("ministack.services.stepfunctions", "_AWS_SDK_ERROR_PREFIX", "dynamodb", None),
    ],
)
def test_every_table_is_where_it_was(
    module: str, name: str, neighbour: str | None, members: set[str] | None
) -> None:
    """The tables `register` writes to exist and still describe DynamoDB as they did."""
    table = named(module, name)
    assert isinstance(table, dict), MOVED.format(f"a dict in {module}.{name}")
    if neighbour is not None:
        assert neighbour in table, MOVED.format(f"{neighbour!r} in {module}.{name}")
        assert members is None or members <= set(table[neighbour]), MOVED.format(
            f"{members} in {module}.{name}"
        )


@pytest.mark.parametrize(
    ("module", "name", "parameters"),
    [
        (
            "ministack.core.iam_actions",
            "extract_resource_arn",
            ["service", "method", "path", "headers", "body"],
        ),
        (
            "ministack.app",
            "_enforce_data_plane",
            ["service", "iam_action", "headers", "query_params", "request_id", "resource_arn"],
        ),
        ("ministack.services.s3", "_get_object_data", ["bucket_name", "key", "version_id"]),
        ("ministack.core.responses", "get_account_id", []),
        ("ministack.core.responses", "get_region", []),
    ],
)
def test_every_function_takes_what_it_took(module: str, name: str, parameters: list[str]) -> None:
    """The functions `register` calls or wraps exist and begin with the same parameters."""
    signature = inspect.signature(named(module, name))
    assert list(signature.parameters)[: len(parameters)] == parameters, MOVED.format(
        f"{module}.{name}({', '.join(parameters)})"
    )
