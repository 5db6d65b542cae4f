"""ministack is reached by private names. When it changes, this says which of them moved."""

import importlib.metadata
import inspect

import pytest

from tests.local import canary

USER = "local/faces/register.py"


def test_the_version_is_the_pinned_one() -> None:
    """Private names are promised by nobody, so only one version is known to have them."""
    assert importlib.metadata.version("ministack") == canary.PINNED


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
    table = canary.named(module, name, USER)
    assert isinstance(table, dict), canary.moved(f"a dict in {module}.{name}", USER)
    if neighbour is not None:
        assert neighbour in table, canary.moved(f"{neighbour!r} in {module}.{name}", USER)
        assert members is None or members <= set(table[neighbour]), canary.moved(
            f"{members} in {module}.{name}", USER
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
    signature = inspect.signature(canary.named(module, name, USER))
    assert list(signature.parameters)[: len(parameters)] == parameters, canary.moved(
        f"{module}.{name}({', '.join(parameters)})", USER
    )
