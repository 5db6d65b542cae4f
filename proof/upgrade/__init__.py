"""A stack is updated while doors of two releases ring at it: each press is heard and answered."""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from local import server
from local.deploy import deploy
from local.stack import HERE, Stack
from operations.arrange import finish, prepare
from proof.report import Claim, Report
from proof.upgrade.door import CONNECTED, PRESSED, RELEASED
from proof.upgrade.household import Household
from proof.upgrade.previous import PREVIOUS, ROOT, previous_release

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from doorbell.protocol import Code, Visitor

EACH: Final = 2
"""Households of each kind: door of this release or the one before, resident or stranger."""
METHOD: Final = (
    f"On one machine, a stack of the release before ({PREVIOUS[:7]}) with {EACH * 8} homes: "
    "doors' own programs (`doorbell run`, of that release and of this one), residents and "
    "strangers. Half of them ring and are answered over and over; in the others a visitor waits "
    "or a code is not typed yet. Meanwhile the stack is updated as `make deploy` does it, the "
    "table divided and all functions replaced. `tests/stories/test_update.py` holds the same in "
    "short, and a rollout by alias."
)


def prove(*, short: bool) -> Report:
    """On a stack of its own; `short` has one household of each kind, and is over sooner."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        release = previous_release(folder)
        with server.running(port=0, directory=folder / "aws") as aws:
            outputs = deploy(aws, parameters=HERE, root=release)
            stack = Stack(aws=aws, name="doorbell", outputs=outputs, tokens={})
            return _prove(stack, release, folder, 1 if short else EACH, 3.0 if short else 15.0)


class Updated(NamedTuple):
    """A stack of this release, which was one of the release before."""

    stack: Stack
    copied: int
    """Rows that came to the second table before the update."""
    removed: int
    """Rows that left the first one afterwards."""


def update(stack: Stack) -> Updated:
    """To this release, as `make deploy` does it: the second table first, then its rows."""
    session, endpoint = stack.deployed.session, stack.aws.endpoint
    copied = prepare(session, endpoint, stack.name, pause=0.1)
    updated = replace(stack, outputs=deploy(stack.aws, parameters=HERE))
    return Updated(updated, copied, finish(session, endpoint, updated.table))


def _prove(stack: Stack, release: Path, folder: Path, each: int, around: float) -> Report:
    """`around`: seconds that they ring before and after the update."""
    homes = list(_homes(stack, release, folder, each))
    ringing = [home for home in homes if not home.waits]
    waiting = [home for home in homes if home.waits]
    during = threading.Event()
    with _at_home(homes) as pool, _ringing(pool, ringing, during):
        time.sleep(around)
        held = [(home, home.press(during.is_set)) for home in waiting]
        during.set()
        began = time.monotonic()
        update(stack)
        took = time.monotonic() - began
        for home, told in held:
            home.answer(told)
        time.sleep(around / 3)
        during.clear()
        time.sleep(around)
    return Report(
        "upgrade", "Updated under way", METHOD, _claims(homes, [told for _, told in held], took)
    )


def _homes(stack: Stack, release: Path, folder: Path, each: int) -> Iterator[Household]:
    for number in range(each):
        for kind, resident in (("stranger", False), ("resident", True)):
            for use, waits in (("rings", False), ("waits", True)):
                for name, root in (("before", release), ("this", ROOT)):
                    place = folder / "homes" / f"{kind}-{use}-{name}-{number}"
                    yield Household(stack, root, place, resident=resident, waits=waits)


@contextmanager
def _at_home(homes: Sequence[Household]) -> Iterator[ThreadPoolExecutor]:
    """Doors and phones are connected, residents are enrolled."""
    with ExitStack() as stack:
        for home in homes:
            stack.enter_context(home.phone)
            stack.enter_context(home.door)
            if home.resident:
                home.enrol()
        yield stack.enter_context(ThreadPoolExecutor(len(homes)))


@contextmanager
def _ringing(
    pool: ThreadPoolExecutor, homes: Sequence[Household], during: threading.Event
) -> Iterator[None]:
    """They ring all the time; what failed is raised at the end."""
    stop = threading.Event()
    lives = [pool.submit(home.live, stop, during.is_set) for home in homes]
    try:
        yield
    finally:
        stop.set()
        for life in lives:
            life.result()


def _claims(homes: Sequence[Household], held: Sequence[Code | Visitor], took: float) -> list[Claim]:
    presses = [each for home in homes for each in home.presses]
    under_way = [each.waited for each in presses if each.under_way]
    others = [each.waited for each in presses if not each.under_way]
    older = [len(home.presses) for home in homes if home.release != ROOT]
    pressed = sum(home.door.count(PRESSED) for home in homes)
    opened: set[str] = set().union(*(home.opened for home in homes))
    released = [home.door.count(RELEASED) for home in homes]
    # Each ring that opened has released the strike once: whatever is more, is one too many.
    beyond = sum(max(0, n - len(home.opened)) for n, home in zip(released, homes, strict=True))
    answered: set[str] = set().union(*(home.answered for home in homes))
    kept = len([each for each in held if each.ring in opened])
    again = sum(home.door.count(CONNECTED) - 1 for home in homes)
    return [
        Claim(
            f"presses that were heard inside, of {pressed} that the doors printed "
            f"({sum(older)} of them at doors of the release before)",
            str(len(presses)),
            str(pressed),
            len(presses) == pressed and min(older) > 0,
        ),
        Claim(
            "of these pressed during the update",
            str(len(under_way)),
            "some",
            bool(under_way),
        ),
        Claim(
            "visitors and codes of before the update that came in after it",
            str(kept),
            str(len(held)),
            kept == len(held),
        ),
        Claim(
            "rings that were answered, by code or by a phone, and opened",
            str(len(answered & opened)),
            str(len(answered)),
            answered <= opened and bool(answered),
        ),
        Claim(
            "strikes released a second time for a ring, or for one that did not open "
            f"({sum(released)} releases in all)",
            str(beyond),
            "0",
            beyond == 0,
        ),
        Claim("doors that lost their connection", str(again), ""),
        Claim("seconds that the update took", f"{took:.1f}", ""),
        Claim("seconds from press to heard, median and longest: during it", _times(under_way), ""),
        Claim("the same before and after it", _times(others), ""),
    ]


def _times(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.2f}, {max(seconds):.2f}" if seconds else "none"
