"""The pictures of the page: what was simulated, and how far apart prints and people are."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import matplotlib as mpl
from PIL import Image

from doorbell.liveness.judging import FLAT
from proof.liveness.scenes import FRAMES, PEOPLE, PRINTS, burst

mpl.use("Agg")
from matplotlib import pyplot as plt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from proof.liveness.trials import Trial

SMALL: Final = (120, 90)


def draw_scenes(into: Path, seed: int) -> None:
    """A line of each kind."""
    kinds = PRINTS + PEOPLE
    sheet = Image.new("RGB", (FRAMES * SMALL[0], len(kinds) * SMALL[1]))
    for row, kind in enumerate(kinds):
        for column, jpeg in enumerate(burst(kind, seed).jpegs):
            with Image.open(io.BytesIO(jpeg)) as picture:
                small = picture.resize(SMALL, Image.Resampling.BOX)
            sheet.paste(small, (column * SMALL[0], row * SMALL[1]))
    sheet.save(into, quality=82)


def draw_trials(into: Path, trials: Sequence[Trial]) -> None:
    """Of each burst that says something: what its tilts moved, and what was left."""
    figure, axes = plt.subplots(figsize=(7, 4.5), layout="constrained")
    for kinds, colour, mark, label in (
        (PRINTS, "#0f6650", "o", "prints"), (PEOPLE, "#c8552f", "^", "people"),
    ):  # fmt: skip
        told = [each for each in trials if each.told and each.kind in kinds]
        axes.plot([each.tilt for each in told], [each.beside for each in told], mark,
                  color=colour, markersize=4, alpha=0.7, label=label)  # fmt: skip
    reach = [1.0, 40.0]
    axes.plot(reach, [FLAT * each for each in reach], color="#59615d", linewidth=1,
              label="below: moves like a flat print")  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="moved by tilts (pixels)",
             ylabel="left beside the plane (pixels)")  # fmt: skip
    axes.legend(frameon=False)
    figure.savefig(into, dpi=120)
    plt.close(figure)
