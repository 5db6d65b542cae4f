"""Keys of conditions that AWS fills in and ministack does not: without them, what a policy allows
under a condition is refused, and what it denies under `Null` is always denied.

`s3:if-none-match` of a write (Amazon S3 User Guide, "Enforce conditional writes"), and
`events:source` of an event (EventBridge User Guide, "Using IAM policy conditions").
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ministack.core import iam_actions

if TYPE_CHECKING:
    from collections.abc import Mapping


def fill_in() -> None:
    """Add them to what ministack knows of a request."""
    of_s3, of_any = iam_actions.s3_service_context, iam_actions.request_tag_context

    def s3_service_context(
        action: str, query: Any, path: str = "", headers: Any = None
    ) -> dict[str, Any]:
        return {**of_s3(action, query, path, headers), **of_write(action, headers or {})}

    def request_tag_context(service: str, action: str, body: bytes, params: Any) -> dict[str, Any]:
        return {**of_any(service, action, body, params), **of_events(action, body)}

    iam_actions.s3_service_context = s3_service_context
    iam_actions.request_tag_context = request_tag_context


def of_write(action: str, headers: Mapping[str, str]) -> dict[str, str]:
    """Whether an object is only to be written if there is none."""
    condition = headers.get("if-none-match")
    return {"s3:if-none-match": condition} if condition and action == "s3:PutObject" else {}


def of_events(action: str, body: bytes) -> dict[str, list[str]]:
    """Who says that it happened; there may be several."""
    if action != "events:PutEvents":
        return {}
    entries = json.loads(body).get("Entries", [])
    return {"events:source": sorted({str(entry.get("Source")) for entry in entries})}
