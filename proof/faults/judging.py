"""What became of all presses, as a person would have noticed it, and as the cloud keeps it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from local.stack import Stack
    from proof.faults.lane import Outcome


class Kept(NamedTuple):
    """What the cloud has of one ring."""

    ring: str
    press: str
    pressed: float
    outcome: str
    photo: bytes | None
    claimed: bool = True
    """Whether an execution has claimed it, to decide it."""


class Judged(NamedTuple):
    """All presses and what is wrong with them: numbers of presses."""

    outcomes: Sequence[Outcome]
    unheard: Sequence[int]
    untold: Sequence[int]
    """Neither gong nor code, and nobody answered what the app rang for."""
    lost: Sequence[int]
    """Their photo is not in the bucket, byte for byte."""
    unmatched: Sequence[int]
    """Their photo belongs to several rings."""
    rings: tuple[int, int]
    """How many the cloud has, and how many presses there were."""
    decided: Sequence[str]
    """Rings that an execution has claimed, as the cloud keeps them."""
    seen: Sequence[str]
    """Rings of which the emulator's process saw how one was claimed."""
    doubled: Sequence[str]
    """Rings that two executions decided."""
    opened_twice: Sequence[int]
    without_right: Sequence[int]
    unsettled: Sequence[int]
    made: int = 0
    """How many presses were made, watched to their end or not."""


def kept(stack: Stack, home: str) -> list[Kept]:
    """All rings of this home with their photos, in the order of their presses."""
    client = stack.aws.client("dynamodb")
    pages = client.get_paginator("query").paginate(
        TableName=stack.table.rings,
        KeyConditionExpression="home = :home AND begins_with(sk, :ring)",
        ExpressionAttributeValues={":home": {"S": home}, ":ring": {"S": "ring#"}},
    )
    rows = [row for page in pages for row in page["Items"]]
    s3 = stack.aws.client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=stack.bucket, Prefix=f"guest/{home}/"
    )
    keys = {each["Key"] for page in pages for each in page.get("Contents", ())}

    def photo(ring: str) -> bytes | None:
        key = f"guest/{home}/{ring}/photo.jpeg"
        if key not in keys:
            return None
        content: bytes = s3.get_object(Bucket=stack.bucket, Key=key)["Body"].read()
        return content

    found = [
        Kept(
            row["id"]["S"],
            row["press"]["S"],
            float(row["pressed_at"]["N"]),
            row.get("answer", {}).get("S", ""),
            photo(row["id"]["S"]),
            "claimed_by" in row,
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: each.pressed)


def judge(
    outcomes: Iterable[Outcome], cloud: Mapping[str, Sequence[Kept]], deciders: Mapping[str, int]
) -> Judged:
    """What is wrong."""
    ordered = sorted(outcomes, key=lambda each: each.script.number)
    lost, unmatched = [], []
    for each in ordered:
        # No two presses have the same picture.
        rings = [it for it in cloud[each.home] if it.photo == each.photo]
        if not rings and each.photo is not None:
            lost.append(each.script.number)
        if len(rings) > 1 and each.photo is not None:
            unmatched.append(each.script.number)
    made = Counter(each.home for each in ordered)
    rung = {home: len({it.press for it in rings}) for home, rings in cloud.items()}
    return Judged(
        ordered,
        unheard=_numbers(each for each in ordered if not each.heard),
        untold=_numbers(each for each in ordered if not _is_told(each)),
        lost=lost,
        unmatched=unmatched,
        rings=(sum(rung.values()), sum(made.values())),
        decided=[it.ring for rings in cloud.values() for it in rings if it.claimed],
        seen=list(deciders),
        doubled=[ring for ring, count in deciders.items() if count > 1],
        opened_twice=_numbers(each for each in ordered if each.strikes > max(1, each.rights)),
        without_right=_numbers(each for each in ordered if each.strikes > each.rights),
        unsettled=_numbers(each for each in ordered if not each.settled),
    )


def _is_told(it: Outcome) -> bool:
    return bool(set(it.heard) & {"gong", "code"}) or (bool(it.heard) and it.answered)


def _numbers(outcomes: Iterable[Outcome]) -> list[int]:
    return [each.script.number for each in outcomes]
