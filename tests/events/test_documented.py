"""The examples are whole, and every one is read by some test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.events.documented import NAMES, at, documented, in_form


@pytest.mark.parametrize("name", NAMES)
def test_an_example_names_its_page_and_only_fields_that_it_has(name: str) -> None:
    told = documented(name)
    assert "Guide" in told.source
    for path in told.optional:
        at(told.event, path)


@pytest.mark.parametrize("name", NAMES)
def test_what_may_be_absent_is_absent_from_the_bare_form(name: str) -> None:
    bare = in_form("bare", name)
    for path in documented(name).optional:
        with pytest.raises(KeyError):
            at(bare, path)


def test_every_example_is_used() -> None:
    """No example lies there that nothing reads."""
    tests = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert [name for name in NAMES if f'"{name}"' not in tests] == []
