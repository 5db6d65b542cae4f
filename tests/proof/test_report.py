"""A claim that does not hold is told, on the terminal, on the page and by the exit status."""

from __future__ import annotations

import io
import sys
from types import ModuleType
from typing import TYPE_CHECKING

from rich.console import Console

from proof import __main__ as command
from proof.report import Claim, Lacking, Report, show, write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

HELD = Claim("presses that rang", "1,000", "1,000")
MISSED = Claim("openings without right", "1", "0", holds=False)
TOLD = Claim("median", "0.4 s", "")


def report(*claims: Claim) -> Report:
    return Report("faults", "Faults", "A thousand presses.", claims, ("faults.svg",))


def test_the_page_has_every_claim_and_the_picture(tmp_path: Path) -> None:
    page = write(report(HELD, MISSED, TOLD), tmp_path).read_text("utf-8")
    assert "| presses that rang | 1,000 | 1,000 | holds |" in page
    assert "| openings without right | 1 | 0 | MISSED |" in page
    assert "| median | 0.4 s | - |  |" in page
    assert "](faults.svg)" in page


def test_the_terminal_has_every_claim() -> None:
    text = io.StringIO()
    show(report(HELD, MISSED), Console(file=text, width=120))
    assert "holds" in text.getvalue()
    assert "MISSED" in text.getvalue()


def test_the_exit_status_tells_whether_all_hold(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for claims, status in (((HELD, TOLD), 0), ((HELD, MISSED), 1)):
        room = ModuleType("proof.faults")
        room.prove = lambda *, short, claims=claims: report(*claims)  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "proof.faults", room)
        monkeypatch.setattr(command, "NAMES", ("faults",))
        assert command.main(["faults", "--short"]) == status
    assert command.main(["nothing"]) == 2
    assert "There is no proof nothing" in capsys.readouterr().err


def test_a_proof_that_lacks_something_is_told_and_the_next_ones_are_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = []

    def lacks(*, short: bool) -> Report:
        raise Lacking("chromium is not here: sudo apt-get install chromium")

    def proves(*, short: bool) -> Report:
        made.append(short)
        return report(HELD)

    for name, prove in (("faults", lacks), ("abuse", proves)):
        room = ModuleType(f"proof.{name}")
        room.prove = prove  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, f"proof.{name}", room)
    assert command.main(["faults", "abuse", "--short"]) == 1
    assert made == [True]
    assert "faults was not proved: chromium is not here" in capsys.readouterr().err
