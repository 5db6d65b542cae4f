"""A stream that is away is told once for each reason, and once when that lasts."""

from __future__ import annotations

from doorbell_client.relay.absence import Absence


def test_a_reason_is_told_once_until_there_is_another() -> None:
    absence = Absence(0)
    said = [absence.is_news(why) for why in ("it ended", "no answer", "no answer", "it ended")]
    assert said == [True, True, False, True]


def test_a_long_absence_is_told_once() -> None:
    absence = Absence(100)
    assert [absence.is_long(now, 300) for now in (399, 400, 401)] == [False, True, False]
