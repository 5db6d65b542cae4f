"""Abuse in short, on the stack of all tests; `python -m proof abuse` does the whole of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proof import abuse

if TYPE_CHECKING:
    from local.stack import Stack


def test_whatever_is_tried_opens_nothing_breaks_nothing_and_is_told_nothing(stack: Stack) -> None:
    report = abuse.prove(short=True, stack=stack)
    assert [claim for claim in report.claims if not claim.holds] == []
