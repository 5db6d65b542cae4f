"""What a proof has found: claims with their figures, on the terminal and in `docs/proof/`."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACE: Final = Path(__file__).resolve().parent.parent / "docs" / "proof"
WIDTH: Final = 110


class Lacking(Exception):
    """A proof needs what this machine has not; the text says what, and how to get it."""


class Claim(NamedTuple):
    """One promise, and what was found of it."""

    what: str
    found: str
    """The figure, with its unit."""
    goal: str
    """What was promised; empty for a figure that is only told."""
    holds: bool = True


class Report(NamedTuple):
    """What one proof has found."""

    name: str
    """Its module, and its page in `docs/proof/`."""
    title: str
    method: str
    """How it was done, in one paragraph: so many of what, from which seed."""
    claims: Sequence[Claim]
    pictures: Sequence[str] = ()
    """Files beside the page."""

    @property
    def holds(self) -> bool:
        """Whether every claim does."""
        return all(claim.holds for claim in self.claims)


def show(report: Report, console: Console | None = None) -> None:
    """Print the table."""
    table = Table(title=report.title, title_justify="left")
    for column in ("", "claim", "found", "goal"):
        table.add_column(column)
    for claim in report.claims:
        table.add_row(_word(claim), claim.what, claim.found, claim.goal)
    # What is not a terminal is taken for one of 80 columns, in which every line would be broken.
    console = console or Console(width=max(WIDTH, Console().width))
    console.print(table)


def write(report: Report, place: Path = PLACE) -> Path:
    """The page `NAME.md`; where it stands."""
    place.mkdir(parents=True, exist_ok=True)
    rows = [
        f"| {claim.what} | {claim.found} | {claim.goal or '-'} | {_word(claim)} |"
        for claim in report.claims
    ]
    page = [
        f"# {report.title}",
        "",
        f"`python -m proof {report.name}` ({platform.machine()}, Python "
        f"{platform.python_version()}). {report.method}",
        "",
        "| claim | found | goal | |",
        "| --- | --- | --- | --- |",
        *rows,
        *(line for file in report.pictures for line in ("", f"![{report.title}]({file})")),
    ]
    written = place / f"{report.name}.md"
    written.write_text("\n".join(page) + "\n", "utf-8")
    return written


def _word(claim: Claim) -> str:
    if not claim.goal:
        return ""
    return "holds" if claim.holds else "MISSED"
