"""Whether a ring got its one right answer: by all that all devices heard of it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from doorbell.protocol import (
    Code,
    Declined,
    DoorOpened,
    Open,
    Pressed,
    RingThrough,
    Visitor,
    Welcome,
)
from proof.load.heard import all_of, first

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from proof.load.heard import Heard
    from proof.load.press import Press, Rung

Kind: TypeAlias = Literal["right", "wrong", "twice", "none"]


class Verdict(NamedTuple):
    """What a ring got, and why it is not right; `stray` if another home's device heard of it."""

    kind: Kind
    why: str = ""
    stray: bool = False


def judge(rung: Rung, heard: Sequence[Heard]) -> Verdict:
    """`heard` is all that was said about this ring, on whatever device."""
    press = rung.press
    if strays := [each for each in heard if not _is_for(press, each)]:
        kind, device = type(strays[0].message).__name__, strays[0].device
        return Verdict("wrong", f"{device.name} of {device.home} got its {kind}", stray=True)
    if not any(isinstance(each.message, Code | RingThrough) for each in heard):
        return Verdict("none", "no answer")
    if why := next(_doubled(heard), None):
        return Verdict("twice", why)
    if why := next(_wrong(rung, heard), None):
        return Verdict("wrong", why)
    return Verdict("right")


def _is_for(press: Press, heard: Heard) -> bool:
    """Whether this device may hear this: its home's, its door's, its resident's."""
    device, message = heard.device, heard.message
    if device.role == "door":
        return device == press.door
    whom = message.resident if isinstance(message, Code) else None
    return device in press.home.phones and (whom is None or device.gets_code_of(whom))


def _doubled(heard: Sequence[Heard]) -> Iterator[str]:
    """Which answer came more than once to the same device."""
    answers = (Welcome, Code, RingThrough, Visitor, Declined, DoorOpened)
    counts = Counter(
        (each.device, type(each.message)) for each in heard if isinstance(each.message, answers)
    )
    for (device, kind), times in counts.items():
        if times > 1:
            yield f"{device.name} of {device.home} got {times} times {kind.__name__}"
    for bell in all_of(heard, RingThrough) if first(heard, Code) else ():
        yield f"a code, and the bell ({bell.reason})"
    # An order to open comes again until the door has said that it did; it is the same order.
    if len({order.open for order in all_of(heard, Open)}) > 1:
        yield "two orders to open"


def _wrong(rung: Rung, heard: Sequence[Heard]) -> Iterator[str]:
    press = rung.press
    phones = len(press.home.phones)
    yield from _not(len(all_of(heard, Pressed)) >= phones, "a phone did not hear of the press")
    yield from _wrong_code(press, heard) if press.lives_here else _wrong_bell(rung, heard)
    opens = press.lives_here or press.lets_in
    yield from _not(len({each.open for each in all_of(heard, Open)}) == opens, "the door")
    openers = {each.by for each in all_of(heard, DoorOpened)}
    yield from _not(len(openers) == opens, f"opened by {openers or 'nobody'}")
    by_code = openers == {"code"}
    yield from _not(by_code == press.lives_here, f"opened by {openers}")
    yield from _not(len(all_of(heard, DoorOpened)) == phones * opens, "a phone heard of no opening")


def _wrong_code(press: Press, heard: Sequence[Heard]) -> Iterator[str]:
    for bell in all_of(heard, RingThrough):
        yield f"the bell for a resident ({bell.reason})"
    whom = {code.resident for code in all_of(heard, Code)}
    yield from _not(whom == {press.person.value}, f"a code for {whom}")
    got = {each.device for each in heard if isinstance(each.message, Code)}
    hers = {each for each in press.home.phones if each.gets_code_of(press.person.value)}
    yield from _not(got == hers, "a phone got no code")
    yield from _not(len(all_of(heard, Welcome)) == 1, "no welcome")


def _wrong_bell(rung: Rung, heard: Sequence[Heard]) -> Iterator[str]:
    press = rung.press
    yield from _not(not all_of(heard, Code), "a code for a stranger")
    for bell in all_of(heard, RingThrough):
        yield from _not(bell.reason == "stranger", f"the bell, but as {bell.reason}")
    visitors = len(all_of(heard, Visitor))
    yield from _not(visitors == len(press.home.phones), "a phone did not see the visitor")
    yield from _not(rung.shown is True, "another photo, or none")
    declined = len([each for each in all_of(heard, Declined) if each.by is None])
    yield from _not(declined == (not press.lets_in), "not declined as it was")


def _not(holds: bool, otherwise: str) -> Iterator[str]:
    if not holds:
        yield otherwise
