"""The parts of the proof of faults: drawn scripts, the board, and the judge that must see."""

from __future__ import annotations

import json
import socket
from typing import Final

import httpx
import pytest

from proof.faults.board import Board, Fault, Worker, served
from proof.faults.figures import claims
from proof.faults.judging import Kept, judge
from proof.faults.lane import Outcome
from proof.faults.push import subscribed
from proof.faults.scripts import A_ROUND, KINDS, STOPS, Kind, Script, script, stopped_after
from tests.push_service import push_service

HOME: Final = "faults-1"
SCRIPT: Final = Script(
    7, "let in", Kind("DynamoDB", "hang"), Fault("RingPath dynamodb.Query", 1, "hang")
)
GOOD: Final = Outcome(
    SCRIPT, HOME, True, 1000.0, {"gong": 0.3, "app": 0.1}, 1, 1, True, b"picture", True
)
KEPT: Final = Kept("ring", "press", 1000.1, "let_in", b"picture")


# --- which fault ------------------------------------------------------------------------------


def test_a_press_follows_from_its_seed_and_its_number() -> None:
    assert [script(1, n) for n in range(99)] == [script(1, n) for n in range(99)]
    assert [script(1, n) for n in range(99)] != [script(2, n) for n in range(99)]


def test_every_kind_comes_as_often_as_it_stands_there() -> None:
    drawn = [script(1, number).kind for number in range(2 * len(KINDS))]
    assert sorted(drawn) == sorted(2 * KINDS)


def test_the_presses_of_a_round_are_stopped_together() -> None:
    numbers = range(STOPS, STOPS + A_ROUND)
    assert len({stopped_after(1, number) for number in numbers}) == 1
    assert stopped_after(1, STOPS) != stopped_after(1, STOPS + A_ROUND)
    assert {script(1, number).kind.what for number in numbers} == {"the whole stack"}


# --- when it hits -----------------------------------------------------------------------------


def test_a_fault_hits_the_nth_time_and_once() -> None:
    board = Board()
    board.arm(HOME, Fault("here", 2, "hang"))
    asked = [board.asked(HOME, where) for where in ("here", "there", "here", "here")]
    assert asked == ["", "", "hang", ""]
    assert board.fired(HOME)
    assert board.trace(HOME) == ["here", "there", "here", "here"]
    assert board.asked("faults-2", "here") == ""


def test_an_outage_is_of_a_whole_service() -> None:
    board = Board()
    board.arm(HOME, Fault("RingPath dynamodb.Query", 1, "outage"))
    places = ("machine dynamodb:updateItem", "RingPath dynamodb.Query", "RingPath events.PutEvents",
              "machine dynamodb:updateItem")  # fmt: skip
    assert [board.asked(HOME, where) for where in places] == ["", "5xx", "", "5xx"]


def test_other_processes_ask_the_board_too() -> None:
    board = Board()
    board.arm(HOME, Fault("machine lambda:issue_code", 1, "abort"))
    with served(board) as address:
        host, _, port = address.partition(":")
        with socket.create_connection((host, int(port))) as line, line.makefile("rw") as words:

            def ask(**said: object) -> object:
                words.write(json.dumps(said) + "\n")
                words.flush()
                return json.loads(words.readline())

            assert ask(key="ASIA1", worker=[1, "RingPath", HOME]) == {}
            assert ask(key="ASIA1", worker=[1, "RingPath", ""]) == {}
            assert ask(home=HOME, where="machine lambda:issue_code") == {"mode": "abort"}
            assert ask(ring="r", execution="one") == ask(ring="r", execution="two") == {}
    assert board.worker("ASIA1") == Worker(1, "RingPath", HOME), "of no home: as before"
    assert board.deciders() == {"r": 2}


# --- what the judge sees ----------------------------------------------------------------------


def _missed(outcome: Outcome, *cloud: Kept, deciders: dict[str, int] | None = None) -> list[str]:
    judged = judge([outcome], {HOME: cloud or (KEPT,)}, deciders or {"ring": 1})
    return [claim.what for claim in claims(judged._replace(made=1)) if not claim.holds]


def test_a_good_press_holds_every_claim() -> None:
    assert _missed(GOOD) == []


@pytest.mark.parametrize(
    ("outcome", "missed"),
    [
        (GOOD._replace(heard={}), "presses heard by somebody"),
        (GOOD._replace(strikes=2), "double openings"),
        (GOOD._replace(rights=0), "openings without right"),
        (GOOD._replace(photo=b"another"), "photos lost (of those taken)"),
        (GOOD._replace(settled=False), "presses left in a door's spool"),
    ],
)
def test_what_is_wrong_with_a_press_is_seen(outcome: Outcome, missed: str) -> None:
    assert missed in _missed(outcome)


def test_a_press_that_only_the_app_rang_for_must_be_answered() -> None:
    only_app = GOOD._replace(heard={"app": 0.1})
    assert _missed(only_app) == []
    assert len(_missed(only_app._replace(answered=False))) == 1


def test_what_is_wrong_in_the_cloud_is_seen() -> None:
    assert _missed(GOOD, deciders={"ring": 2}) == ["double decisions (of those seen)"]
    other = KEPT._replace(ring="other", press="other")
    both = {"ring": 1, "other": 1}
    assert _missed(GOOD, KEPT, other, deciders=both) == ["rings in the cloud"]
    assert "rings in the cloud" in _missed(
        GOOD, KEPT._replace(photo=None), KEPT._replace(press="x")
    )


def test_a_press_that_was_not_watched_is_a_miss() -> None:
    judged = judge([GOOD], {HOME: [KEPT]}, {})
    missed = [claim.what for claim in claims(judged._replace(made=2)) if not claim.holds]
    assert "presses watched to their end" in missed


# --- what it must have seen at all ------------------------------------------------------------

COUNT: Final = 20


def _missed_of(
    *outcomes: Outcome, kept: Kept = KEPT, deciders: dict[str, int] | None = None
) -> list[str]:
    """Each has its own picture and ring, which somebody has decided."""
    each = [it._replace(photo=it.photo and b"%d" % n) for n, it in enumerate(outcomes)]
    cloud = [kept._replace(ring=f"{n}", press=f"{n}", photo=b"%d" % n) for n in range(len(each))]
    seen = {it.ring: 1 for it in cloud} if deciders is None else deciders
    judged = judge(each, {HOME: cloud}, seen)._replace(made=len(each))
    return [claim.what.partition(",")[0] for claim in claims(judged) if not claim.holds]


def test_twenty_good_presses_hold_every_claim_and_none_holds_nothing() -> None:
    assert _missed_of(*[GOOD] * COUNT) == []
    assert "presses watched to their end" in _missed_of()


def test_faults_that_did_not_come_to_be_prove_nothing() -> None:
    idle = GOOD._replace(fired=False)
    assert _missed_of(*[idle] * 2, *[GOOD] * (COUNT - 2)) == []
    assert _missed_of(*[idle] * 3, *[GOOD] * (COUNT - 3)) == ["faults that came to be"]


def test_a_kind_of_fault_that_never_came_to_be_is_seen_among_all_others() -> None:
    other = SCRIPT._replace(kind=Kind("a push service", "gone"))
    idle = GOOD._replace(script=other, fired=False)
    missed = "kinds of faults that never came to be (of those tried 5 times or more)"
    assert _missed_of(*[idle] * 5, *[GOOD] * 50) == [missed]
    assert _missed_of(*[idle] * 4, idle._replace(fired=True), *[GOOD] * 50) == []


def test_photos_of_which_nobody_has_seen_that_they_were_taken_are_missed() -> None:
    """The device might say it in other words."""
    unseen = GOOD._replace(photo=None)
    assert _missed_of(*[unseen] * 2, *[GOOD] * (COUNT - 2)) == []
    assert _missed_of(*[unseen] * 3, *[GOOD] * (COUNT - 3)) == ["photos that were taken"]


def test_decisions_that_nobody_saw_are_missed() -> None:
    missed = ["decisions that were seen"]
    assert _missed_of(*[GOOD] * COUNT, deciders={}) == missed
    assert _missed_of(*[GOOD] * 3, deciders={"0": 1, "2": 1}) == missed
    assert _missed_of(*[GOOD] * COUNT, kept=KEPT._replace(claimed=False)) == missed


def test_openings_that_nobody_saw_are_missed() -> None:
    shut = GOOD._replace(strikes=0)
    assert _missed_of(*[shut] * COUNT) == ["visitors who came in"]
    assert _missed_of(*[shut] * 9, *[GOOD] * 11) == []


def test_a_push_service_that_nobody_asked_did_not_fail() -> None:
    with push_service() as service:
        browser = subscribed(service, HOME, "gone")
        assert service.at(browser.path) == []
        answer = httpx.post(browser.endpoint, content=b"x", trust_env=False)
        assert answer.status_code == 410
        assert len(service.at(browser.path)) == 1
