"""Forget a home: afterwards nothing in the stack tells that it was there."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from doorbell.aws import messenger_secrets, publication_secrets
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.table import Table
from doorbell.errors import DoorbellError
from doorbell.homes import OWNER_PHOTO, check_id, collection_id
from operations.devices import revoke
from operations.forget_begun import Executions, abort_uploads
from operations.forget_lost import forget_lost
from operations.home_secrets import delete_secret, read_secret
from operations.stacks import NoStack, outputs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from operations.stacks import Deployed

FOLDERS: Final = ("residents", "guest", "pictures", "clips", "films", "bursts")
"""What stands in the bucket, each by home."""
QUIET: Final = 5.0
"""Seconds for which nothing may come back: functions still write of what was under way."""
UNDER_WAY: Final = 180.0
"""The same after an execution was stopped: a part of a film may take so long (docs/films.md)."""
PATIENCE: Final = 120.0
"""Seconds beyond that, after which it is told that something writes on and on."""


class StillWritten(DoorbellError, RuntimeError):
    """Something of the home came back again and again."""


def forget_home(
    stack: Deployed,
    name: str,
    home: str,
    quiet: float = QUIET,
    under_way: float = UNDER_WAY,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Devices and sockets first, so that nothing new comes; then schedules, executions, faces,
    photos, films and rows, until nothing has come back for a while.

    Raises BadName, StillWritten, and NoStack if there was nothing of this home: it may be written
    otherwise.
    """
    check_id(home, "home")
    collection, executions = collection_id(name, home), Executions(stack, name, home)

    def once() -> int:
        return executions.stop() + _forget_objects(stack, home) + _forget_rows(stack, home)

    found = (
        _send_away(stack, home) + _stop_schedules(stack, home) + _forget_secrets(stack, name, home)
    )
    found += once()
    stopped_before = executions.stopped_lately(under_way)
    if not (
        found or stopped_before or _forget_faces(stack, collection) or forget_lost(stack, home)
    ):
        raise NoStack(f"There is nothing of {home}.")
    until_quiet(once, home, quiet, clock, sleep)
    if executions.stopped or stopped_before:
        print(f"What was being made of {home} must end: some minutes …", file=sys.stderr)
        until_quiet(once, home, under_way, clock, sleep)
    # Last: a deletion that S3 tells of would else look for a face in a collection that is gone.
    _forget_faces(stack, collection)
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
        if clock() - started > quiet + PATIENCE:
            raise StillWritten(f"Something still writes of {whom}: try again in some minutes.")
        sleep(quiet / 5)


def _send_away(stack: Deployed, home: str) -> int:
    """No device of the home has a token or a socket any more; how many had."""
    table = Table(stack.client, stack.table)
    rows = table.between(home, "device#", "device#\uffff")
    connections = ConnectionTable(table)
    left = {each.device for role in ("door", "phone") for each in connections.of(home, role)}
    devices = {row["sk"].partition("#")[2] for row in rows} | left
    for device in sorted(devices):
        revoke(stack, device, home)
    return len(devices)


def _stop_schedules(stack: Deployed, home: str) -> int:
    """How many there were."""
    group = outputs_of(stack).get("FilmSchedules")
    if group is None:
        return 0
    scheduler = stack.client_of("scheduler")
    pages = scheduler.get_paginator("list_schedules").paginate(
        GroupName=group, NamePrefix=f"{home}."
    )
    names = [each["Name"] for page in pages for each in page["Schedules"]]
    for schedule in names:
        scheduler.delete_schedule(GroupName=group, Name=schedule)
    return len(names)


def _forget_secrets(stack: Deployed, name: str, home: str) -> int:
    """Of messengers, and of accounts that films are published on; how many there were."""
    secrets = (
        messenger_secrets.secret_name(name, home),
        publication_secrets.secret_name(name, home),
    )
    there = [secret for secret in secrets if read_secret(stack, secret) is not None]
    for secret in there:
        delete_secret(stack, secret)
    return len(there)


def _forget_objects(stack: Deployed, home: str) -> int:
    """How many there were, with uploads that were only begun."""
    s3: Any = stack.client_of("s3")
    prefixes = [f"{folder}/{home}/" for folder in FOLDERS]
    begun = abort_uploads(s3, stack.bucket, prefixes)
    keys = [key for prefix in prefixes for key in _keys(s3, stack.bucket, prefix)]
    if home == stack.home:
        keys += _keys(s3, stack.bucket, OWNER_PHOTO)
    for start in range(0, len(keys), 1000):
        some = [{"Key": key} for key in keys[start : start + 1000]]
        s3.delete_objects(Bucket=stack.bucket, Delete={"Objects": some, "Quiet": True})
    return begun + len(keys)


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


def _forget_faces(stack: Deployed, collection: str) -> bool:
    """Whether there were any."""
    rekognition = stack.client_of("rekognition")
    try:
        rekognition.delete_collection(CollectionId=collection)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return False
    return True
