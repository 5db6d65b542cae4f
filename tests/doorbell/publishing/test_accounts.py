"""Each account by its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.publishing.accounts import AllAccounts
from doorbell.publishing.model import FilmFile
from tests.doorbell.publishing.fakes import TOOT, FakeAccounts, X

if TYPE_CHECKING:
    from pathlib import Path

    from doorbell.publishing.model import Account


@pytest.mark.parametrize("to", [TOOT, X])
def test_a_film_goes_by_the_way_of_its_account_and_no_other(to: Account, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"mp4")
    apprise, x = FakeAccounts(), FakeAccounts()
    AllAccounts(apprise, x).post(to, "a film", FilmFile(film, "video/mp4", 3))
    asked, other = (x, apprise) if to is X else (apprise, x)
    assert asked.posts == [(to, "a film", "video/mp4", b"mp4")]
    assert other.posts == []
