"""What was begun for a home and is not done would bring it back: executions and uploads."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from operations.stacks import Deployed

MACHINES: Final = ("StopMotion", "Enrol")
"""Resources of the template. The others' jobs write nothing of a ring that has no row any more."""


class Executions:
    """Those of one home that run; others' are looked at once."""

    def __init__(self, stack: Deployed, name: str, home: str) -> None:
        """`name` is the stack's."""
        self._machines: Any = stack.client_of("stepfunctions")
        self._home = home
        self._default_home = stack.home
        self._others: set[str] = set()
        self.stopped = 0
        """How many were stopped so far."""
        self._arns = _machines_of(stack, name)

    def stop(self) -> int:
        """Stop them; how many there were. The job that one has just called goes on for a while."""
        running = [each["executionArn"] for each in self._theirs("RUNNING")]
        for arn in running:
            # It may have ended by itself.
            gone = self._machines.exceptions
            with suppress(gone.ExecutionDoesNotExist, gone.ValidationException):
                self._machines.stop_execution(executionArn=arn, error="Forgotten")
        self.stopped += len(running)
        return len(running)

    def stopped_lately(self, within: float) -> bool:
        """Whether one was stopped in the last so many seconds: by a try before that broke off."""
        since = datetime.now(UTC) - timedelta(seconds=within)
        return any(each["stopDate"] > since for each in self._theirs("ABORTED"))

    def _theirs(self, status: str) -> Iterator[dict[str, Any]]:
        pages = self._machines.get_paginator("list_executions")
        for machine in self._arns:
            for page in pages.paginate(stateMachineArn=machine, statusFilter=status):
                for arn in (each["executionArn"] for each in page["executions"]):
                    if arn in self._others:
                        continue
                    found = self._machines.describe_execution(executionArn=arn)
                    if _home_in(found.get("input"), self._default_home) != self._home:
                        self._others.add(arn)
                    elif found["status"] == status:  # the list is a moment behind
                        yield found


def abort_uploads(s3: Any, bucket: str, prefixes: Iterable[str]) -> int:
    """Uploads in parts that were begun under these keys; how many there were.

    A part that is on its way may come in all the same (S3 API Reference, AbortMultipartUpload):
    then the upload is still listed, and is aborted when this is done again.
    """
    pages = s3.get_paginator("list_multipart_uploads")
    begun = [
        (each["Key"], each["UploadId"])
        for prefix in prefixes
        for page in pages.paginate(Bucket=bucket, Prefix=prefix)
        for each in page.get("Uploads", ())
    ]
    for key, upload in begun:
        with suppress(s3.exceptions.NoSuchUpload):
            s3.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload)
    return len(begun)


def _home_in(text: str | None, default_home: str) -> str:
    """Of the machines' inputs: that of a film names the home, that of a photo its key."""
    match json.loads(text or "{}"):
        case {"home": str(home)}:
            return home
        case {"key": str(key)}:
            return key.split("/")[1] if "/" in key else default_home
    return ""


def _machines_of(stack: Deployed, name: str) -> list[str]:
    """Their ARNs; a stack of before may have less of them."""
    pages = stack.client_of("cloudformation").get_paginator("list_stack_resources")
    return [
        each["PhysicalResourceId"]
        for page in pages.paginate(StackName=name)
        for each in page["StackResourceSummaries"]
        if each["LogicalResourceId"] in MACHINES
    ]
