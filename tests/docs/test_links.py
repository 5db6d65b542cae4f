"""Documents lead to files that are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.docs.documents import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def links(markdown: str) -> list[str]:
    """Where the links and pictures of a document lead; code is none."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", markdown, flags=re.DOTALL)
    found: list[str] = re.findall(r"\]\(<?([^)\s>]+)", text)
    return found + re.findall(r"(?:src|href)=\"([^\"]+)\"", text)


def headings(markdown: str) -> set[str]:
    """The anchors that GitHub gives a document's headings."""
    text = re.sub(r"```.*?```", "", markdown, flags=re.DOTALL)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }


def test_the_documents_are_found() -> None:
    names = {str(document.relative_to(ROOT)) for document in DOCUMENTS}
    assert {"README.md", "CONTRIBUTING.md", "docs/protocol.md", "docs/events.md"} <= names


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_relative_link_leads_to_a_file_and_a_heading_that_are_there(document: Path) -> None:
    for link in links(document.read_text("utf-8")):
        if re.match(r"[a-z][a-z0-9+.-]*:", link):
            continue
        place, _, heading = unquote(link).partition("#")
        target = (document.parent / place).resolve() if place else document
        assert target.is_relative_to(ROOT), link
        assert target.exists(), link
        if heading and target.suffix == ".md":
            assert heading in headings(target.read_text("utf-8")), link
