"""Forget a home: afterwards nothing in the stack tells that it was there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.table import Table
from doorbell.errors import DoorbellError
from doorbell.homes import OWNER_PHOTO, check_id, collection_id
from operations.devices import revoke
from operations.forget_lost import forget_lost
from operations.messengers import remove_messengers
from operations.publications import stop_publishing
from operations.stacks import outputs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from operations.stacks import Deployed

FOLDERS: Final = ("residents", "guest", "pictures", "clips", "films", "bursts")
"""What stands in the bucket, each by home."""
QUIET: Final = 5.0
"""Seconds for which nothing may come back: functions still write of what was under way."""
PATIENCE: Final = 120.0
"""Seconds after which it is told that something writes on and on."""


class StillWritten(DoorbellError, RuntimeError):
    """Something of the home came back again and again."""


def forget_home(
    stack: Deployed,
    name: str,
    home: str,
    quiet: float = QUIET,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Devices and sockets first, so that nothing new comes; then schedules, faces, photos, films
    and rows, until nothing has come back for a while. Raises BadName, StillWritten.
    """
    check_id(home, "home")
    _send_away(stack, home)
    _stop_schedules(stack, home)
    stop_publishing(stack, name, home)
    remove_messengers(stack, name, home)
    until_quiet(
        lambda: _forget_objects(stack, home) + _forget_rows(stack, home), home, quiet, clock, sleep
    )
    # Last: a deletion that S3 tells of would else look for a face in a collection that is gone.
    _forget_faces(stack, collection_id(name, home))
    forget_lost(stack, home)


def until_quiet(
    forget: Callable[[], int],
    whom: str,
    quiet: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
) -> None:
    """Forget again and again, until there was nothing for so many seconds. Raises StillWritten."""
    started = quiet_since = clock()
    while clock() - quiet_since < quiet:
        if forget():
            quiet_since = clock()
        if clock() - started > PATIENCE:
            raise StillWritten(f"Something still writes of {whom}: try again in some minutes.")
        sleep(quiet / 5)


def _send_away(stack: Deployed, home: str) -> None:
    """No device of the home has a token or a socket any more."""
    table = Table(stack.client, stack.table)
    rows = table.between(home, "device#", "device#\uffff")
    connections = ConnectionTable(table)
    left = {each.device for role in ("door", "phone") for each in connections.of(home, role)}
    for device in sorted({row["sk"].partition("#")[2] for row in rows} | left):
        revoke(stack, device, home)


def _stop_schedules(stack: Deployed, home: str) -> None:
    group = outputs_of(stack).get("FilmSchedules")
    if group is None:
        return
    scheduler = stack.client_of("scheduler")
    for page in scheduler.get_paginator("list_schedules").paginate(
        GroupName=group, NamePrefix=f"{home}."
    ):
        for each in page["Schedules"]:
            scheduler.delete_schedule(GroupName=group, Name=each["Name"])


def _forget_objects(stack: Deployed, home: str) -> int:
    """How many there were."""
    s3: Any = stack.client_of("s3")
    keys = [key for folder in FOLDERS for key in _keys(s3, stack.bucket, f"{folder}/{home}/")]
    if home == stack.home:
        keys += _keys(s3, stack.bucket, OWNER_PHOTO)
    for start in range(0, len(keys), 1000):
        some = [{"Key": key} for key in keys[start : start + 1000]]
        s3.delete_objects(Bucket=stack.bucket, Delete={"Objects": some, "Quiet": True})
    return len(keys)


def _keys(s3: Any, bucket: str, prefix: str) -> Iterator[str]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from (each["Key"] for each in page.get("Contents", ()))


def _forget_rows(stack: Deployed, home: str) -> int:
    """How many there were."""
    resource = stack.session.resource("dynamodb", endpoint_url=stack.endpoint)
    table = Table(stack.client, stack.table)
    return sum(
        _forget_rows_in(resource.Table(name), table.whole(home, name)) for name in stack.table
    )


def _forget_rows_in(table: Any, rows: list[Any]) -> int:
    with table.batch_writer() as batch:
        for row in rows:
            batch.delete_item(Key={"home": row["home"], "sk": row["sk"]})
    return len(rows)


def _forget_faces(stack: Deployed, collection: str) -> None:
    rekognition = stack.client_of("rekognition")
    try:
        rekognition.delete_collection(CollectionId=collection)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
