"""The pictures of the models: how long a ring takes on AWS, and what many homes meet there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl

mpl.use("Agg")  # a file, no window

from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from benchmarks.faces_queue import Evening
    from benchmarks.storm import Storm

BLUE, GREY = "#1f5fa8", "#8a8f98"
STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": GREY,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#e6e8eb",
    "axes.axisbelow": True,
    "legend.frameon": False,
}


_LINES: dict[str, str] = {"warm": "-", "usual": "-.", "cold": "--"}


def draw_shares(
    times: Mapping[str, Sequence[float]], goals: Mapping[str, float], file: Path
) -> None:
    """Write the PNG: which share of rings has come so far after so many seconds."""
    with mpl.rc_context(STYLE):
        figure, panels = plt.subplots(1, 2, figsize=(9.0, 3.2), sharey=True)
        for axes, (what, goal) in zip(panels, goals.items(), strict=True):
            for name, seconds in times.items():
                if what in name:
                    _share(axes, name, seconds)
            axes.axvline(goal, color="#c0392b", linewidth=1, linestyle=":")
            axes.set(title=f"Until the {what}", xlabel="s after the press", xlim=(0, 4 * goal))
            axes.legend(loc="lower right", fontsize=7.5)
        panels[0].set_ylabel("share of rings")
        figure.tight_layout(w_pad=2.5)
        figure.savefig(file, dpi=150)
        plt.close(figure)


def _share(axes: Any, name: str, seconds: Sequence[float]) -> None:
    ordered = sorted(seconds)
    color = GREY if name.startswith("seed") else "#2e8b57" if "pushed" in name else BLUE
    line = next((style for end, style in _LINES.items() if name.endswith(end)), "-")
    shares = [(n + 1) / len(ordered) for n in range(len(ordered))]
    axes.plot(ordered, shares, line, color=color, linewidth=1.3, label=name)


def draw_evening(
    nights: Mapping[tuple[int, Any], Evening], storms: Mapping[str, Storm], file: Path
) -> None:
    """Write the PNG: which rings are compared, by quota; and when a cell's doors are back."""
    with mpl.rc_context(STYLE):
        figure, (left, right) = plt.subplots(1, 2, figsize=(9.0, 3.2))
        colors = (GREY, "#c07f2b", BLUE)
        policies = list(dict.fromkeys(policy for _, policy in nights))
        for color, policy in zip(colors, policies, strict=True):
            quotas = [quota for quota, of in nights if of == policy]
            shares = [100 * nights[quota, policy].share for quota in quotas]
            left.plot(quotas, shares, "o-", color=color, markersize=4, label=policy)
        left.set(title="Rings compared", xlabel="face searches a second", ylabel="%", ylim=(0, 102))
        left.legend(loc="lower right")
        for color, (name, storm) in zip((GREY, BLUE), storms.items(), strict=True):
            shares = [100 * (n + 1) / len(storm.connected) for n in range(len(storm.connected))]
            label = f"{name} ({len(storm.turned_away) / len(storm.connected):.1f} times 429 a door)"
            right.plot(storm.connected, shares, color=color, label=label)
        right.set(title="A cell of 10,000 doors comes back", xlabel="s", ylabel="% connected")
        right.legend(loc="lower right", fontsize=7.5)
        figure.tight_layout(w_pad=2.5)
        figure.savefig(file, dpi=150)
        plt.close(figure)
