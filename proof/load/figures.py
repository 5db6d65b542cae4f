"""What was measured, as claims: a figure, and what was promised."""

from __future__ import annotations

import os
from collections import Counter
from statistics import median
from typing import TYPE_CHECKING, Final

from benchmarks.report import percentile
from local.emulator.workers import CEILING
from local.server import ROOT
from local.template import read_template
from proof.load import machine
from proof.load.knee import knee
from proof.load.sizes import SIMILARITIES, accuracy
from proof.report import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from proof.load.knee import Step
    from proof.load.machine import Sample
    from proof.load.measure import Amount, Measured
    from proof.load.run import Ended
    from proof.load.sizes import Size

LEAK: Final = 6.0
"""KB a ring, all processes of a kind together: RingPath's 1,024 MB have room for 170,000 such
rings. A ring is six runs or more, and Lambda's own runtime client leaves something behind in each:
it sets a variable, whose old value the C library never frees. Our own part is none
(`tests/functions/test_memory.py`).
"""
KEPT: Final = 300.0
"""KB a ring that the server keeps: the photo (40), log lines (30), transactions of the last ten
minutes (20), rows (15), until there are a thousand of them executions of state machines (35), and
what Python needs to hold them.
"""
GOALS: Final = {machine.RING_PATH: LEAK, machine.FACES: LEAK, machine.SERVER: KEPT}
_NAMED: Final = {machine.SERVER: "the server, which stands for AWS's disks"}
WARM: Final = 5
"""A fifth of the rings, until what is imported and pooled by need is there."""
LEAST_REST: Final = 0.15
"""An event loop that rests for a smaller part of its time is what others wait for."""
LEAST: Final = 500
"""Rings: fewer have no slope."""


def claims(measured: Measured, amount: Amount) -> list[Claim]:
    """In the order of the page."""
    return [
        *_answers(measured, amount),
        *_times(measured.ended, measured.bursts),
        *_memory(measured.samples),
        *_knee(measured.steps),
        *[claim for size in measured.sizes for claim in _size(size)],
    ]


def _answers(measured: Measured, amount: Amount) -> Iterator[Claim]:
    yield Claim(
        "doors connected at once",
        f"{measured.doors}, and {measured.phones} phones",
        str(amount.doors),
        measured.doors == amount.doors,
    )
    yield from _judged(
        f"rings that got their one right answer, in bursts of {amount.burst}", measured.ended
    )
    yield from _judged("the same of the rings below", measured.others)


def _judged(what: str, ended: Sequence[Ended]) -> Iterator[Claim]:
    counts = Counter(each.verdict.kind for each in ended)
    why = Counter(each.verdict.why for each in ended if each.verdict.why)
    told = "".join(f"; {reason} ({times})" for reason, times in why.most_common(3))
    codes = sum(each.rung.press.lives_here for each in ended)
    let_in = sum(each.rung.press.lets_in and not each.rung.press.lives_here for each in ended)
    yield Claim(
        f"{what} ({codes:,} residents, {let_in:,} strangers who are let in, "
        f"{len(ended) - codes - let_in:,} who are declined)",
        f"{counts['right']:,} of {len(ended):,}",
        f"{len(ended):,}",
        counts["right"] == len(ended),
    )
    yield Claim(
        "of these, wrong, twice, none",
        f"{counts['wrong']}, {counts['twice']}, {counts['none']}{told}",
        "0, 0, 0",
        counts["right"] == len(ended),
    )
    strays = sum(each.verdict.stray for each in ended)
    yield Claim("of these, another's answer", str(strays), "0", strays == 0)


NAMES: Final[Mapping[str, str]] = {
    "ticket": "press → ticket",
    "notice": "press → notice on a phone",
    "bell": "press → bell (a stranger)",
    "visitor": "press → photo on a phone (a stranger)",
    "code": "press → code on the phone (a resident)",
}


def series(ended: Sequence[Ended]) -> dict[str, list[float]]:
    """Seconds of all rings that came so far, by what they came to."""
    return {
        words: [took for each in ended if (took := getattr(each.times, name)) is not None]
        for name, words in NAMES.items()
    }


def _times(ended: Sequence[Ended], bursts: Sequence[Sequence[Ended]]) -> Iterator[Claim]:
    for words, seconds in series(ended).items():
        if seconds:
            yield Claim(f"in a burst: {words}: median, p95, p99", _spread(seconds), "")
    repeats = sum(each.rung.repeats for each in ended)
    yield Claim("times that a door asked again, having no ticket after 10 s", f"{repeats:,}", "")
    lasted = sum(_lasted(burst) for burst in bursts)
    yield Claim(
        "photos a second that were stored, searched and decided, while a burst lasted",
        f"{len(ended) / lasted:.1f}",
        "",
    )


def _spread(seconds: Sequence[float]) -> str:
    late = [percentile(seconds, share) for share in (0.95, 0.99)]
    return ", ".join(_short(each) for each in (median(seconds), *late))


def _short(seconds: float) -> str:
    return f"{1e3 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _lasted(burst: Sequence[Ended]) -> float:
    """From the first press to the last decision."""
    first = min(each.rung.pressed for each in burst)
    return max(each.rung.pressed + (each.times.answer or 0) for each in burst) - first


def _memory(samples: Sequence[Sample]) -> Iterator[Claim]:
    if not samples or samples[-1].rings < LEAST:
        return
    warm = samples[-1].rings // WARM
    for kind, goal in GOALS.items():
        points = machine.lasting(samples, kind, warm)
        if not points:
            yield Claim(
                f"memory of {_NAMED.get(kind, kind)}: growth", "no process lasted", "", holds=False
            )
            continue
        slope, last = machine.growth(points), points[-1].kilobytes / 1024
        yield Claim(
            f"memory of {_NAMED.get(kind, kind)}: growth after {warm} rings, and at the end",
            f"{slope:.1f} KB a ring, {last:.0f} MB",
            f"< {goal:g} KB a ring",
            slope < goal,
        )
    most, bound = max(each.processes for each in samples), _bound()
    yield Claim(
        f"processes at most (the server, two that match faces, and {CEILING} for each function)",
        f"{most}",
        f"≤ {bound}",
        most <= bound,
    )
    yield Claim("threads of the server at most", f"{max(e.threads for e in samples):,}", "")


def _bound() -> int:
    resources = read_template(ROOT / "template.yaml")["Resources"].values()
    functions = [each for each in resources if each["Type"] == "AWS::Serverless::Function"]
    return 3 + CEILING * len(functions)


def _knee(steps: Sequence[Step]) -> Iterator[Claim]:
    before, last = knee(steps), steps[-1]
    for name, step in (("slowest", steps[0]), ("before the knee", before), ("last", last)):
        seconds = [each.times.answer for each in step.ended if each.times.answer is not None]
        yield Claim(
            f"{name}: {step.rate:g} rings a second: press → answer: median, p95, p99",
            _spread(seconds),
            "",
        )
    if machine.MEASURABLE:
        yield Claim(
            "processor time of a ring, before the knee",
            ", ".join(
                f"{kind} {1e3 * before.cores[kind] / before.rate:.0f} ms" for kind in machine.KINDS
            ),
            "",
        )
        yield Claim(
            "part of its time that the emulator's event loop rests, before the knee",
            f"{before.rest:.0%}",
            "",
        )
        yield Claim(f"what limits it, at {last.rate:g} rings a second", _limit(last), "")


def _limit(step: Step) -> str:
    """Whatever is used up; and who uses how much of it."""
    count, shares = os.cpu_count() or 1, step.cores
    shown = ", ".join(
        f"{kind} {share:.2f}" for kind, share in sorted(shares.items(), key=lambda e: -e[1])
    )
    if sum(shares.values()) > 0.85 * count:
        what = f"the processors: {sum(shares.values()):.1f} of {count} are busy"
    elif step.rest < LEAST_REST:
        what = (
            f"the one event loop of the emulator: it rests {step.rest:.0%} of the time. It works, "
            "or waits until a thread beside it gives Python's lock back"
        )
    else:
        what = f"no processor ({sum(shares.values()):.1f} of {count} are busy): functions in turn"
    return f"{what} (cores: {shown})"


def _size(size: Size) -> Iterator[Claim]:
    people = f"{size.residents:,} resident" + ("s" if size.residents > 1 else "")
    searched = [each.seconds for each in size.seen]
    rung = [each.times.code for each in size.rings if each.times.code is not None]
    yield Claim(
        f"{people} ({size.passed_over} more portraits showed the detector no face): a search; "
        "press → code: median, p95",
        f"{_pair(searched)}; {_pair(rung)}",
        "",
    )
    counted = [(similarity, accuracy(size.seen, similarity)) for similarity in SIMILARITIES]
    of = counted[0][1]
    yield Claim(
        f"{people}: of {of.residents} pictures of residents, found right, as another, not; of "
        f"{of.strangers} of strangers, taken for a resident",
        " · ".join(
            f"from {similarity:g} %: {of.right}, {of.as_another}, {of.not_found}; {of.taken}"
            for similarity, of in counted
        ),
        "",
    )


def _pair(seconds: Sequence[float]) -> str:
    return f"{_short(median(seconds))}, {_short(percentile(seconds, 0.95))}" if seconds else "none"
