"""The keypad on the stack: the lock, measured; codes that race; frames that are sent again."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from doorbell.protocol import Acknowledged, Answer, DoorOpened, Error, Got, Open, Opened
from proof.abuse.line import Line
from proof.abuse.scene import invite

if TYPE_CHECKING:
    import random

    from proof.abuse.leaks import Leaks
    from proof.abuse.scene import Doorstep, House

SOCKETS: Final = 8


class Locked(NamedTuple):
    """What a guesser met who typed as fast as the stack answers."""

    judged: int
    refused: int
    seconds: float
    """From the first try to the last that was judged."""
    right_code: str
    """What the PIN itself was answered afterwards."""


def lock_out(house: House, leaks: Leaks, chance: random.Random, tries: int) -> Locked:
    """Guesses at a door at which one PIN lives; at the end the PIN itself."""
    with _door(house, leaks) as door:
        began, judged, seconds = time.monotonic(), 0, 0.0
        for _ in range(tries):
            if _type(door, _wrong(chance, house.pin)).get("reason") == "locked":
                continue
            judged, seconds = judged + 1, time.monotonic() - began
        last = _type(door, house.pin)
    return Locked(judged, tries - judged, seconds, str(last.get("reason", last["type"])))


def race(house: House, leaks: Leaks, rounds: int) -> list[int]:
    """PINs of one use, typed at once by many sockets of the door: how many orders each made."""
    made = []
    with ExitStack() as closing, ThreadPoolExecutor(SOCKETS) as threads:
        doors = [closing.enter_context(_door(house, leaks)) for _ in range(SOCKETS)]
        for _ in range(rounds):
            pins = [str(invite(house.home, uses=1)["pin"])] * SOCKETS
            said = list(threads.map(_type, doors, pins))
            made.append(len({each["open"] for each in said if each["type"] == "open"}))
    return made


class Replayed(NamedTuple):
    """What came of frames that were sent again."""

    frames: int
    orders: int
    """Different orders to open that the door was given for the ring; one of them with right."""
    opened: int
    """How often the phones heard of that one opening."""


def replay(step: Doorstep, times: int) -> Replayed:
    """An `answer`, a `got`, an `opened`, each sent again and again, and the answer turned round."""
    door, phone = step.door, step.phone
    for _ in range(times):
        phone.send(Answer(step.waiting, "let_in"))
        phone.send(Got(step.waiting))
    order = door.hear(Open, ring=step.waiting).open
    for _ in range(times):
        door.send(Opened(order))
        door.hear(Acknowledged, open=order)
        phone.send(Answer(step.waiting, "decline"))
        phone.hear(Error)
    orders = {each.open for each in door.heard(Open) if each.ring == step.waiting}
    told = [each for each in phone.heard(DoorOpened) if each.ring == step.waiting]
    return Replayed(4 * times, len(orders), len(told))


def _door(house: House, leaks: Leaks) -> Line:
    return Line(house.home.websocket, house.home.door, leaks)


def _type(door: Line, code: str) -> dict[str, Any]:
    """The keypad's answer to one code."""
    door.send(json.dumps({"action": "enter_code", "code": code}))
    said = door.hear(lambda told: told["type"] in ("open", "refused", "error"))
    if said is None:
        raise TimeoutError("The keypad did not answer.")
    return said


def _wrong(chance: random.Random, pin: str) -> str:
    """Any code but this one."""
    return f"{(int(pin) + chance.randrange(1, 1_000_000)) % 1_000_000:06d}"
