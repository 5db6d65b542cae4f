"""A fault at each step of a ring, in short; `python -m proof faults` makes a thousand presses."""

from __future__ import annotations

from proof import faults


def test_a_press_is_heard_and_nothing_opens_without_right_whatever_fails() -> None:
    report = faults.prove(short=True)
    assert [claim for claim in report.claims if not claim.holds] == []
