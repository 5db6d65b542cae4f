"""Load: a crowd of doors that ring at once, faster and faster, and in homes of many."""

from __future__ import annotations

import asyncio
import secrets
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from local import stack as local_stack
from proof.load import figures
from proof.load.knee import BENT
from proof.load.measure import LONG, SHORT, measure
from proof.report import PLACE, Report

if TYPE_CHECKING:
    from local.stack import Stack

SEED: Final = 12
PICTURES: Final = ("load.png", "load-knee.png")
METHOD: Final = (
    "On one machine with its permissions enforced, over loopback. Homes have up to five doors and "
    "one or two phones: in some Eileen lives, in some Grace, in some both, each with a phone of "
    "her own. They and a third person ring, so that who is known in one home is a stranger in the "
    "next. A burst is one press at each of so many doors at the same moment. A resident types the "
    "code; a phone lets a stranger in, or declines. Then all that all devices heard is looked "
    "through: a ring is right if every device that should hear of it heard the right thing once, "
    "the photo on the phone is that very file, the door opened if and only if it should, and no "
    "other device heard of it. Waits are the defaults, ring limits are off. Then rings are offered "
    "faster and faster, {seconds:g} s each; the line is bent where its p95 is {bent:g} times that "
    "of the first rate. In homes of many, Eileen rings, and pictures of residents and of strangers "
    "are searched, whole, by the stack's own Rekognition. Three faces are portraits; the others, "
    "made of a hundred faces of 25 by 25 pixels (`proof/load/people.py`), are more alike than "
    "people are, so that more is taken wrongly among them than would be among people; and each is "
    "one portrait taken again and again, so that fewer residents are missed. All that is random "
    "but the timing comes from seed {seed}."
)


def prove(*, short: bool, seed: int = SEED, stack: Stack | None = None) -> Report:
    """On a stack of its own, or on this one. What is short draws nothing."""
    amount, name = SHORT if short else LONG, f"load-{secrets.token_hex(2)}"
    with ExitStack() as closing:
        if stack is None:
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory()))
            stack = closing.enter_context(local_stack.up(directory=folder))
        measured = asyncio.run(measure(stack, name, amount, seed, _say))
    pictures = () if short else PICTURES
    if not short:
        from proof.load import plots  # matplotlib takes a while

        plots.draw_bursts(figures.series(measured.ended), measured.samples, PLACE / PICTURES[0])
        plots.draw_knee(measured.steps, measured.sizes, PLACE / PICTURES[1])
    method = METHOD.format(seconds=amount.seconds, bent=BENT, seed=seed)
    return Report("load", "Load", method, figures.claims(measured, amount), pictures)


def _say(text: str) -> None:
    """The whole takes minutes: whoever waits shall see where it is."""
    print(f"{text} …", file=sys.stderr)
