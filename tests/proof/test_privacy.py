"""`make forget`, short: who is forgotten is nowhere in the stack, and whoever is not, stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from proof.privacy import prove_on

if TYPE_CHECKING:
    from pathlib import Path

    from local.stack import Stack


def test_nothing_of_a_resident_and_then_of_a_home_is_left(stack: Stack, tmp_path: Path) -> None:
    report = prove_on(stack, tmp_path, quiet=1.0)
    assert [claim for claim in report.claims if not claim.holds] == []
