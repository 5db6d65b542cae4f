"""Wait until S3's events arrive: about five minutes after a first deployment, at once later on.

AWS, "Enabling Amazon EventBridge" (S3 User Guide): "it takes around five minutes for the changes to
take effect". Until then an event is not late; it never comes.
"""

from __future__ import annotations

import secrets
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from doorbell.errors import DoorbellError

if TYPE_CHECKING:
    from collections.abc import Callable

    from operations.stacks import Deployed

PREFIX: Final = "probe/"
"""The state machine `enrol` deletes whatever comes here."""
PATIENCE: Final = 900.0
"""Seconds until it is given up: three times what AWS says."""
MOMENT: Final = 4.0
"""Seconds in which the first answer usually comes; after them it is said why one waits."""
AGAIN: Final = 15.0
"""Seconds after which another probe is put: an event of before the start never comes."""
LOOK_EVERY: Final = 0.5

WAITING: Final = (
    "Waiting for S3 to tell of photos: after the first deployment it begins to within about five"
    " minutes."
)


class NoEvents(DoorbellError, TimeoutError):
    """S3's events do not arrive."""


def wait_for_events(
    stack: Deployed,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> float:
    """Put an object and wait until the stack has answered it; how many seconds it took.

    Says so when it takes more than a moment. Leaves nothing behind. Raises NoEvents.
    """
    s3 = stack.client_of("s3")
    key = f"{PREFIX}{secrets.token_hex(8)}"
    began, wait = clock(), MOMENT
    try:
        while clock() - began < PATIENCE:
            s3.put_object(Bucket=stack.bucket, Key=key, Body=b"")
            until = clock() + wait
            if _answered(s3, stack.bucket, key, sleep, lambda: clock() < until):  # noqa: B023
                return clock() - began
            if wait == MOMENT:
                print(WAITING, file=sys.stderr, flush=True)
            wait = AGAIN
    finally:
        s3.delete_object(Bucket=stack.bucket, Key=key)
    raise NoEvents(
        f"S3 has told of no photo for {PATIENCE / 60:.0f} minutes. Is the bucket's EventBridge on,"
        " and the rule of the state machine `enrol` enabled? docs/aws.md says where to look."
    )


def _answered(
    s3: Any, bucket: str, key: str, sleep: Callable[[float], None], is_time: Callable[[], bool]
) -> bool:
    while is_time():
        sleep(LOOK_EVERY)
        if not _is_there(s3, bucket, key):
            return True
    return False


def _is_there(s3: Any, bucket: str, key: str) -> bool:
    try:
        s3.head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
            return False
        raise
    return True
