"""The matrix of the socket: every caller, every action of the document, own things and foreign."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from doorbell.protocol import DoorOpened, Open
from proof.abuse.documents import actions
from proof.abuse.line import Line, refused_with
from proof.abuse.requests import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proof.abuse.documents import Action
    from proof.abuse.leaks import Leaks
    from proof.abuse.scene import Caller, Doorstep, House

AT_ONCE: Final = 4
QUIET: Final = 0.3
"""Seconds in which an answer would have come to what has none."""

LATE: Final = 2.0
"""Seconds within which what opens a door by way of the state machine is there."""

SILENT: Final = ("got", "answer")
"""Nobody answers these but by what follows."""

ANSWERS: Final = {"pong", "hello", "ticket", "refused", "open", "acknowledged", "error"}

FOREIGN: Final = {
    "opened": {"not_allowed"},
    "answer": {"not_allowed", "not_waiting", "too_late"},
    "got": {""},
    "enter_code": {"refused"},
}
"""How what another home has is answered: as if it were nowhere."""


def walk(
    houses: tuple[House, House],
    steps: tuple[Doorstep, Doorstep],
    nobodies: tuple[Caller, ...],
    leaks: Leaks,
    *,
    known: list[Caller],
) -> Found:
    """Handshakes first, then what is refused, then what each of the `known` may."""
    out = [caller for caller in known if caller.role == "camera"]
    cells, wrong = _handshakes(houses[0], [*nobodies, *out], leaks)
    talkers = [caller for caller in known if caller.role != "camera"]
    before = [_effects(step) for step in steps]
    own = list(product(talkers, actions()))
    may = [cell for cell in own if cell[0].role in cell[1].roles]
    may_not = [cell for cell in own if cell not in may]
    foreign = [cell for cell in own if cell[1].is_about_something]
    with ThreadPoolExecutor(AT_ONCE) as threads:

        def refused(cell: tuple[Caller, Action], *, own: bool) -> str:
            return _try(houses, steps, cell[0], cell[1], leaks, own=own)

        wrong += filter(None, threads.map(partial(refused, own=False), foreign))
        wrong += filter(None, threads.map(partial(refused, own=True), may_not))
    if _changes(steps, before, LATE):
        wrong.append("a door opened, or was said to have, by what was refused")
    wrong += filter(None, (_try(houses, steps, cell[0], cell[1], leaks, own=True) for cell in may))
    if not _changes(steps, before, LATE):
        wrong.append("what each may do did nothing: the refusals prove nothing")
    return Found(cells + len(own) + len(foreign), len(may), wrong)


def _handshakes(house: House, callers: list[Caller], leaks: Leaks) -> tuple[int, list[str]]:
    """Each action needs a socket; nobody of these gets one, in the header or in the query."""
    url, count, wrong = house.home.websocket, 0, []
    for caller in callers:
        given = {} if caller.token is None else {"Authorization": f"Bearer {caller.token}"}
        ways = [(url, given)]
        if caller.token is not None:
            ways += [
                (f"{url}?token={caller.token}", {}),
                (f"{url}?token={caller.token}&ring=1", {}),
            ]
        for address, headers in ways:
            status = refused_with(address, headers, leaks)
            count += len(actions())
            if status not in (401, 403, 414, 431):
                wrong.append(f"{caller.name}: a handshake was answered {status}")
    return count, wrong


def _try(
    houses: tuple[House, House],
    steps: tuple[Doorstep, Doorstep],
    caller: Caller,
    action: Action,
    leaks: Leaks,
    *,
    own: bool,
) -> str:
    """What is wrong with the answer; empty if nothing is."""
    mine = 0 if houses[0].home.id == caller.home else 1
    whose = mine if own else 1 - mine
    frame = _frame(action, houses[whose], steps[whose])
    silent = caller.role in action.roles and action.name in (SILENT if own else ("got",))
    told = _exchange(houses[mine], caller, frame, leaks, silent=silent)
    if caller.role not in action.roles:
        fine = told == "not_allowed"
    elif own or not action.is_about_something:
        fine = told not in {"not_allowed", "unknown_action", "missing_field", "bad_field"}
    else:
        fine = told in FOREIGN[action.name]
    thing = "own" if own else "foreign"
    return "" if fine else f"{caller.name} of {caller.home}: {action.name}, {thing}: {told}"


def _frame(action: Action, house: House, step: Doorstep) -> str:
    known = {"ring": step.waiting, "open": step.order, "code": house.pin, "answer": "let_in"}
    return json.dumps({field: known.get(field, it) for field, it in action.example.items()})


def _exchange(house: House, caller: Caller, frame: str, leaks: Leaks, *, silent: bool) -> str:
    """The name of the error, or the type of the answer; empty if nothing came."""
    assert caller.token

    def fits(told: dict[str, Any]) -> bool:
        return told["type"] in ANSWERS and not (silent and told["type"] != "error")

    with Line(house.home.websocket, caller.token, leaks) as line:
        line.send(frame)
        told = line.hear(fits, within=QUIET) if silent else line.hear(fits)
    if told is None:
        return ""
    return str(told.get("error") or told["type"])


def _effects(step: Doorstep) -> tuple[int, int]:
    """How often the door was told to open, and the phones that it did."""
    return len(step.door.heard(Open)), len(step.phone.heard(DoorOpened))


def _changes(steps: Sequence[Doorstep], before: list[tuple[int, int]], within: float) -> bool:
    """Whether a door opens, or is said to have, now or a little later."""
    until = time.monotonic() + within
    while [_effects(step) for step in steps] == before:
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
