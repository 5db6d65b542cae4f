"""What became of all presses, as a person would have noticed it, and as the cloud keeps it."""

from __future__ import annotations

import statistics
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from proof.faults.lane import AT_ONCE
from proof.report import Claim

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
        doubled=[ring for ring, count in deciders.items() if count > 1],
        opened_twice=_numbers(each for each in ordered if each.strikes > max(1, each.rights)),
        without_right=_numbers(each for each in ordered if each.strikes > each.rights),
        unsettled=_numbers(each for each in ordered if not each.settled),
    )


def _is_told(it: Outcome) -> bool:
    return bool(set(it.heard) & {"gong", "code"}) or (bool(it.heard) and it.answered)


def _numbers(outcomes: Iterable[Outcome]) -> list[int]:
    return [each.script.number for each in outcomes]


def claims(judged: Judged) -> list[Claim]:
    """The figures, and the table of faults."""
    count = len(judged.outcomes)
    photos = sum(each.photo is not None for each in judged.outcomes)
    strikes = sum(each.strikes for each in judged.outcomes)
    watched = f"{count:,} of {judged.made:,}"
    return [
        Claim("presses watched to their end", watched, f"all {judged.made:,}",
              count == judged.made),
        _claim("presses heard by somebody", judged.unheard, count),
        _claim("presses for which the gong at the door sounded, or a code was on a phone, or the "
               "visitor was answered before", judged.untold, count),
        Claim("presses heard, but for a gong that sounds at once because the door has no line or "
              "somebody seems to stand there still",
              f"{sum(_is_heard_otherwise(each) for each in judged.outcomes):,}", ""),
        Claim("rings in the cloud", f"{judged.rings[0]:,}", f"{judged.made:,}",
              judged.rings[0] == judged.made and not judged.unmatched),
        Claim("photos lost (of those taken)", _none(judged.lost, photos), "0", not judged.lost),
        Claim("presses left in a door's spool", _none(judged.unsettled, count), "0",
              not judged.unsettled),
        Claim("double decisions", _none(judged.doubled, count), "0", not judged.doubled),
        Claim("double openings", _none(judged.opened_twice, strikes), "0",
              not judged.opened_twice),
        Claim("openings without right", _none(judged.without_right, strikes), "0",
              not judged.without_right),
        *_table(judged.outcomes),
    ]  # fmt: skip


def _claim(what: str, wrong: Sequence[int], count: int) -> Claim:
    which = f" (not {', '.join(map(str, wrong))})" if wrong else ""
    return Claim(what, f"{count - len(wrong):,}{which}", f"{count:,}", not wrong)


def _none(wrong: Sequence[object], count: int) -> str:
    which = f": {', '.join(map(str, wrong))}" if wrong else ""
    return f"{len(wrong)} of {count:,}{which}"


def _table(outcomes: Sequence[Outcome]) -> list[Claim]:
    """Each fault: how many, how they were heard, how late."""
    kinds = sorted({each.script.kind for each in outcomes})
    return [_row(f"{kind.what}: {kind.mode.replace('_', ' ')}",
                 [each for each in outcomes if each.script.kind == kind])
            for kind in kinds] + [_row("all", outcomes)]  # fmt: skip


def _row(what: str, outcomes: Sequence[Outcome]) -> Claim:
    fired = sum(each.fired for each in outcomes)
    ways = Counter(_first(each) for each in outcomes if each.heard)
    said = ", ".join(f"{way} {count}" for way, count in sorted(ways.items()))
    heard = [min(each.heard.values()) for each in outcomes if each.heard]
    bells = [
        min(late for way, late in each.heard.items() if way != "app")
        for each in outcomes
        if set(each.heard) - {"app"}
    ]
    opened = sum(bool(each.strikes) for each in outcomes)
    return Claim(
        what,
        f"{len(outcomes)} presses, it came to be in {fired}; first heard by {said}; after "
        f"{_late(heard)}; gong or code after {_late(bells)}; {opened} came in",
        "",
    )


def _first(it: Outcome) -> str:
    """By which way it was heard first."""
    way = min(it.heard, key=lambda way: it.heard[way])
    return "gong at once" if way == "gong" and it.heard[way] < AT_ONCE else way


def _is_heard_otherwise(it: Outcome) -> bool:
    return any(way != "gong" or late >= AT_ONCE for way, late in it.heard.items())


def _late(seconds: Sequence[float]) -> str:
    if not seconds:
        return "-"
    return f"{statistics.median(seconds):.1f} s (worst {max(seconds):.1f})"
