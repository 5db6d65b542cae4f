"""Forget one resident of a home: afterwards nothing in the stack bears their name or shows them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.home_devices import HomeDeviceTable
from doorbell.aws.dynamodb.table import Table
from doorbell.aws.dynamodb.traces import TraceTable
from doorbell.aws.film_store import BucketFilms
from doorbell.aws.rekognition import Collections
from doorbell.aws.stored_photos import BucketContents
from doorbell.homes import check_id, check_resident
from doorbell.household.forgetting import Memory, forget
from operations.forget import QUIET, until_quiet
from operations.forget_lost import forget_lost
from operations.stacks import NoStack

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.aws.sdk import Sdk
    from operations.stacks import Deployed


def forget_resident(
    stack: Deployed,
    name: str,
    home: str,
    resident: str,
    *,
    quiet: float = QUIET,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Until nothing has come back for a while. Raises BadName, StillWritten, and NoStack if there
    was nothing of this name: it may be written otherwise.
    """
    check_id(home, "home")
    check_resident(resident)
    memory = _memory(stack, name)
    rings: set[str] = set()

    def once() -> int:
        rings.update(memory.traces.rings(home, resident))
        return forget(memory, home, resident, rings)

    if not once() + forget_lost(stack, home, resident):
        raise NoStack(f"There is nothing of {resident} in {home}.")
    until_quiet(once, resident, quiet, clock, sleep)
    forget_lost(stack, home, resident)


def _memory(stack: Deployed, name: str) -> Memory:
    table = Table(stack.client, stack.table)
    sdk = cast("Sdk", _Clients(stack))
    return Memory(
        devices=HomeDeviceTable(table),
        connections=ConnectionTable(table),
        sockets=ApiGatewaySockets(stack.client),
        traces=TraceTable(table),
        store=BucketContents(sdk, stack.bucket),
        stored=BucketFilms(sdk, stack.bucket),
        faces=Collections(sdk, name),
    )


class _Clients:
    """`doorbell.aws.sdk.Sdk`, with the operator's credentials in place of a function's."""

    def __init__(self, stack: Deployed) -> None:
        self.s3: Any = stack.client_of("s3")
        self.rekognition: Any = stack.client_of("rekognition")
