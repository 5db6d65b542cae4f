"""The pictures beside docs/proof/load.md."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl

mpl.use("Agg")  # a file, no window

from matplotlib import pyplot as plt

from benchmarks.plot import BLUE, GREY, STYLE
from proof.load import machine
from proof.load.knee import is_bent
from proof.load.sizes import SIMILARITIES, accuracy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from proof.load.knee import Step
    from proof.load.machine import Sample
    from proof.load.sizes import Size

GREEN, ORANGE, RED, PURPLE = "#2e8b57", "#c07f2b", "#c0392b", "#7d5ba6"
COLOURS: Final = (BLUE, GREEN, ORANGE, PURPLE, RED, GREY)


def draw_bursts(
    times: Mapping[str, Sequence[float]], samples: Sequence[Sample], file: Path
) -> None:
    """How long rings took, and what the stack's processes held meanwhile."""
    with mpl.rc_context(STYLE):
        figure, (left, middle, right) = plt.subplots(
            1, 3, figsize=(11.5, 3.4), layout="constrained"
        )
        _shares(left, times)
        _memory(middle, samples)
        _processes(right, samples)
        _save(figure, file)


def _shares(axes: Any, times: Mapping[str, Sequence[float]]) -> None:
    for colour, (name, seconds) in zip(COLOURS, times.items(), strict=False):
        shares = [100 * (n + 1) / len(seconds) for n in range(len(seconds))]
        label = name.removeprefix("press → ").partition(" (")[0]
        # The bell and the photo come together: both shall be seen.
        line = "--" if label == "bell" else "-"
        axes.plot(sorted(seconds), shares, line, color=colour, linewidth=1.3, label=label)
    axes.set(title="Bursts", xlabel="s after the press", ylabel="% of rings", xlim=(0, None))
    # Two fifths more, for the words: every line ends in the upper right corner.
    axes.set_xlim(0, 1.4 * axes.get_xlim()[1])
    axes.legend(loc="lower right", fontsize=7.5)


def _memory(axes: Any, samples: Sequence[Sample]) -> None:
    rings = [each.rings for each in samples]
    kinds = (machine.SERVER, machine.RING_PATH, machine.FACES)
    for colour, kind in zip(COLOURS, kinds, strict=False):
        held = [
            sum(size for (_, its), size in each.kilobytes.items() if its == kind) / 1024
            for each in samples
        ]
        name = "server" if kind == machine.SERVER else kind
        axes.plot(rings, held, color=colour, label=name)
    axes.set(title="Own memory", xlabel="rings", ylabel="MB", ylim=(0, None))
    axes.legend(loc="best", fontsize=7.5)


def _processes(axes: Any, samples: Sequence[Sample]) -> None:
    rings = [each.rings for each in samples]
    axes.plot(rings, [each.processes for each in samples], color=BLUE, label="processes")
    axes.plot(rings, [each.threads for each in samples], color=GREY, label="threads of the server")
    axes.set(title="Processes", xlabel="rings", ylim=(0, None))
    axes.legend(loc="best", fontsize=7.5)


def draw_knee(steps: Sequence[Step], sizes: Sequence[Size], file: Path) -> None:
    """Where the line bends, who uses the processors on the way, and what a large home changes."""
    with mpl.rc_context(STYLE):
        figure, (left, middle, right) = plt.subplots(
            1, 3, figsize=(12.5, 3.4), layout="constrained"
        )
        _line(left, steps)
        _cores(middle, steps)
        _found(right, sizes)
        _save(figure, file)


def _line(axes: Any, steps: Sequence[Step]) -> None:
    rates = [each.rate for each in steps]
    late = [each.p95 for each in steps]
    usual = [
        median(end.times.answer for end in each.ended if end.times.answer is not None)
        for each in steps
    ]
    axes.plot(rates, late, "o--", color=GREY, markersize=4, linewidth=1, label="95th percentile")
    axes.plot(rates, usual, "o-", color=BLUE, markersize=4, label="median")
    bent = [each.rate for each in steps if is_bent(each, steps)]
    if bent:
        axes.axvspan(bent[0] - 0.5, rates[-1] + 0.5, color=RED, alpha=0.08, linewidth=0)
    axes.set(
        title="The knee", xlabel="rings a second, offered", ylabel="press → answer, s",
        ylim=(0, None),
    )  # fmt: skip
    axes.legend(loc="upper left")


def _cores(axes: Any, steps: Sequence[Step]) -> None:
    rates = [each.rate for each in steps]
    kinds = (*machine.KINDS, machine.NOT_OURS)
    shares = [[each.cores.get(kind, 0.0) for each in steps] for kind in kinds]
    colours = (*COLOURS[:5], "#b9bdc4", "#e6e8eb")
    axes.stackplot(rates, shares, labels=kinds, colors=colours, linewidth=0)
    axes.set(title="Who uses the processors", xlabel="rings a second, offered", ylabel="cores")
    handles, labels = axes.get_legend_handles_labels()
    axes.legend(
        handles[::-1], labels[::-1], loc="upper left", bbox_to_anchor=(1.0, 1.0), fontsize=7.5
    )


def _found(axes: Any, sizes: Sequence[Size]) -> None:
    people = [each.residents for each in sizes]
    for colour, similarity in zip(COLOURS, SIMILARITIES, strict=False):
        counted = [accuracy(each.seen, similarity) for each in sizes]
        found = [100 * each.right / each.residents for each in counted]
        taken = [100 * each.taken / each.strangers for each in counted]
        axes.plot(people, found, "o-", color=colour, markersize=4)
        axes.plot(people, taken, "o--", color=colour, markersize=4, label=f"from {similarity:g} %")
    axes.set_xscale("log")
    axes.set_xticks(people)
    axes.xaxis.set_major_formatter(mpl.ticker.ScalarFormatter())
    axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    axes.set(title="Who is found", xlabel="residents in the home", ylim=(0, 104))
    axes.set_ylabel("%: residents (lines), strangers (dashed)")
    axes.legend(loc="center left", fontsize=7.5)


def _save(figure: Any, file: Path) -> None:
    figure.get_layout_engine().set(w_pad=0.12)
    figure.savefig(file, dpi=150)
    plt.close(figure)
