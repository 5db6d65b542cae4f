"""A fault at each step of a ring: it is heard all the same, and nothing opens without right."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from proof.faults.board import OUTAGE
from proof.faults.figures import claims
from proof.faults.running import run
from proof.faults.scripts import A_ROUND, STOPS
from proof.faults.world import ANSWER_SECONDS
from proof.report import Report

if TYPE_CHECKING:
    from proof.faults.judging import Judged

SEED: Final = 12
PRESSES: Final = 950
ROUNDS: Final = 5
LANES: Final = 10
SHORT: Final = (1, 3, 8, 10, 14, 18, 28, 33, 53, 60, 73, 236)
"""Presses of all kinds that need not wait for long."""
METHOD: Final = (
    "Seed {seed}; `python -m proof.faults --seed {seed} --press K` makes press K again, and says "
    "what its device logged. On one machine with a proxy before AWS: what the functions say to "
    "AWS, the sockets of doors and phones, the photos' uploads and the phones' API pass through "
    "it. The emulator's own process makes tasks of state machines and deliveries of events fail. "
    "At each press one fault hits one step of the ring, drawn from all steps that a ring has when"
    " nothing goes wrong (`proof/faults/steps.json`); an outage lasts {outage:g} s, and hits all "
    "calls of that service for this home. Side by side stand {lanes} homes, each with a door and "
    "a phone. At the door runs the device's own program, `doorbell run`, with its spool, its link"
    " and its parts on mock pins: the button's, the keypad's, the gong's and the strike's; the "
    "phone is in every second home the residents' app in Chromium, touched once, in the others "
    "the program of the bell inside, `doorbell chime`, as it is in a terminal. A press counts as "
    "heard when the gong's relay closes, when the app's or the inner bell's tone sounds, or when "
    "a code is shown there. A stranger is let in or declined on the phone, a resident types the "
    "code that the phone shows; whoever is not answered tries three times. At a push service's "
    "fault nobody has the app open. Two openings are two edges of the strike's pin; the right to "
    "one is a tap on *let in* or a code that the phone has shown, in this press. Two decisions "
    "are two executions that have claimed one ring. In the first {rounds} rounds all doors are "
    "pressed at once, and within 3 s the whole stack is stopped and started again, with what was "
    "kept. Timeouts are those that are deployed, but: residents have {answer} s to answer (60), "
    "the strike opens for 1 s (5), rings have no gap and no hourly limit, and doors make no "
    "films. What AWS would do besides: run a function again that a rule has started and that "
    "failed; here it is gone."
)


def prove(*, short: bool) -> Report:
    """On a stack of its own."""
    stopped = range(STOPS, STOPS + A_ROUND * ROUNDS)
    numbers = SHORT if short else (*range(PRESSES), *stopped)
    lanes = 6 if short else LANES
    return report_of(asyncio.run(run(SEED, numbers, lanes, browser=not short)), SEED)


def report_of(judged: Judged, seed: int) -> Report:
    """The figures."""
    method = METHOD.format(
        seed=seed, lanes=LANES, rounds=ROUNDS, outage=OUTAGE, answer=ANSWER_SECONDS
    )
    return Report("faults", "A fault at each step of a ring", method, claims(judged))
