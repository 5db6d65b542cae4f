"""Put Rekognition among ministack's services, by the private names it has for them.

ministack has no Rekognition and no way to add a service, so its tables are written to. Its exact
version is pinned, and `tests/local/faces/test_canary.py` says which name moved when it changes.
"""

import contextvars
import json
import types
from collections.abc import Callable, Mapping
from typing import Any, Final

from local.faces.collection import Collections
from local.faces.operations import Operations
from local.faces.pool import Pool
from local.faces.service import TARGET_PREFIX, Answer, Service

NAME: Final = "rekognition"

_caller: contextvars.ContextVar[Mapping[str, str]] = contextvars.ContextVar("caller")
"""The headers of the request under way: they say who asks."""


def register(processes: int = 2, collections: Collections | None = None) -> Pool:
    """Serve Rekognition on this process's ministack; call once, before it serves.

    `collections` may hold faces that are known already.

    The recognising processes start now and load their models meanwhile. They end when the pool
    is closed or this process ends, however it ends. `wait_until_ready` on the pool waits for the
    models, which the first picture would do otherwise.
    """
    pool = Pool(processes)
    pool.start()
    operations = Operations(pool, read_object, collection_arn, collections)
    _route(Service(operations), operations)
    _let_state_machines_call()
    _enforce_iam()
    return pool


def _route(service: Service, operations: Operations) -> None:
    from ministack import app
    from ministack.core import router

    async def handle(
        method: str, path: str, headers: Mapping[str, str], body: bytes | str, query: Any
    ) -> Answer:
        _caller.set(headers)
        return await service.handle(method, path, headers, body, query)

    router.SERVICE_PATTERNS[NAME] = {
        "target_prefixes": [TARGET_PREFIX],
        "host_patterns": [rf"{NAME}\."],
    }
    app.SERVICE_REGISTRY[NAME] = {"module": NAME}
    app.SERVICE_HANDLERS[NAME] = handle
    # So that /_ministack/reset, which walks the registry, finds something to reset.
    app._loaded_modules[NAME] = types.SimpleNamespace(reset=operations.clear)


def _let_state_machines_call() -> None:
    from ministack.services import stepfunctions

    stepfunctions._AWS_SDK_SERVICE_MAP[NAME] = {
        "target_prefix": TARGET_PREFIX,
        "protocol": "json",
    }
    stepfunctions._AWS_SDK_ERROR_PREFIX[NAME] = "Rekognition"


def _enforce_iam() -> None:
    from ministack.core import iam_actions

    iam_actions.SERVICE_TO_IAM_NAMESPACE[NAME] = NAME
    if not hasattr(iam_actions.extract_resource_arn, "knows_collections"):
        iam_actions.extract_resource_arn = _knowing_collections(iam_actions.extract_resource_arn)


def _knowing_collections(others: Callable[..., str]) -> Callable[..., str]:
    """ministack's function from a request to the ARN that policies are checked against."""

    def extract_resource_arn(service: str, *request: Any) -> str:
        if service != NAME:
            return others(service, *request)
        _method, _path, _headers, body, *_ = request
        try:
            name = json.loads(body)["CollectionId"]
        except (ValueError, LookupError, TypeError):
            # A request that names no collection is refused where it is read.
            return "*"
        return collection_arn(str(name))

    extract_resource_arn.knows_collections = True  # type: ignore[attr-defined]
    return extract_resource_arn


def collection_arn(name: str) -> str:
    """The ARN of a collection in the caller's account and region."""
    from ministack.core.responses import get_account_id, get_region

    return f"arn:aws:rekognition:{get_region()}:{get_account_id()}:collection/{name}"


def read_object(bucket: str, key: str, version: str | None) -> bytes | None:
    """An object in ministack's S3, or None if there is none or the caller may not read it.

    Rekognition reads with its caller's rights: without `s3:GetObject` a role gets nothing.
    """
    from ministack import app
    from ministack.services import s3

    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    denied = app._enforce_data_plane(
        "s3", action, _caller.get(), {}, "", resource_arn=f"arn:aws:s3:::{bucket}/{key}"
    )
    content: bytes | None = None if denied else s3._get_object_data(bucket, key, version)
    return content
