"""The judge of the update sees an opening too many, and an answer that opened nothing."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from proof.faults import phone
from proof.report import Lacking
from proof.upgrade import _claims, previous
from proof.upgrade.door import CONNECTED, PRESSED, RELEASED
from proof.upgrade.household import Press
from tests.debian import NotHere

if TYPE_CHECKING:
    from pathlib import Path


def home(presses: int, opened: int, releases: int) -> Any:
    """A home of the release before: all that was heard there was answered."""
    rings = [f"ring-{number}" for number in range(presses)]
    said = {PRESSED: presses, RELEASED: releases, CONNECTED: 1}
    return SimpleNamespace(
        release="before",
        presses=[Press(ring, 0.1, under_way=True) for ring in rings],
        answered=set(rings),
        opened=set(rings[:opened]),
        door=SimpleNamespace(count=said.__getitem__),
    )


def missed(*homes: Any) -> list[str]:
    return [claim.what.partition(",")[0] for claim in _claims(homes, [], 1.0) if not claim.holds]


def test_homes_where_every_press_opened_once_hold_every_claim() -> None:
    assert missed(home(5, opened=5, releases=5), home(3, opened=3, releases=3)) == []


def test_a_second_opening_does_not_hide_behind_a_press_that_never_opened() -> None:
    assert missed(home(5, opened=4, releases=5)) == [
        "rings that were answered",
        "strikes released a second time for a ring",
    ]


def test_an_answer_that_opened_nothing_is_a_miss() -> None:
    assert missed(home(5, opened=4, releases=4)) == ["rings that were answered"]
    assert "rings that were answered" in missed(home(0, opened=0, releases=0))


def test_a_clone_without_the_release_before_is_told_what_to_fetch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    monkeypatch.setattr(previous, "ROOT", tmp_path)
    with pytest.raises(Lacking, match="git fetch --unshallow"):
        previous.previous_release(tmp_path)


def test_a_machine_without_chromium_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nowhere(name: str) -> Path:
        raise NotHere(f"{name} is not here: sudo apt-get install {name}")

    monkeypatch.setattr(phone, "find_program", nowhere)
    with pytest.raises(Lacking, match="sudo apt-get install chromium"):
        phone._chromium()
