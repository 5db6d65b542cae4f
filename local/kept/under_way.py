"""Rings that were under way when everything stopped: their state machines are gone, so ring them.

On AWS nothing is gone; here RingPath does what it does when a state machine fails.
"""

from collections.abc import Iterator
from typing import Any, Final

from local.aws import Aws
from local.deploy import invoke

WITHIN: Final = 3600.0
"""Seconds; a ring of longer ago is nobody's business any more."""


def ring_again(aws: Aws, *, stack: str, table: str, now: float) -> int:
    """Have `stack` recover each ring of late that nobody decided; how many there were."""
    rings = list(undecided(aws, table, now - WITHIN))
    for ring in rings:
        # As statemachines/watch asks for it.
        key = f"guest/{ring['home']['S']}/{ring['id']['S']}/photo.jpeg"
        invoke(
            aws,
            stack=stack,
            function="RingPath",
            event={"do": "recover", "key": key},
            awaited=False,
        )
    return len(rings)


def undecided(aws: Aws, table: str, since: float) -> Iterator[dict[str, Any]]:
    """The rows of those rings that were pressed after `since`."""
    # A press that is part of another ring is decided there.
    pages = (
        aws.client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=table,
            FilterExpression=(
                "begins_with(sk, :ring) AND pressed_at > :since AND "
                "attribute_not_exists(decision) AND attribute_not_exists(part_of)"
            ),
            ExpressionAttributeValues={":ring": {"S": "ring#"}, ":since": {"N": repr(since)}},
        )
    )
    for page in pages:
        yield from page["Items"]
