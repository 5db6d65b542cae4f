"""`python -m proof liveness`: how many prints are said to move like one, and how few people."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from proof.liveness.chances import upper_bound
from proof.liveness.scenes import FRAMES, PEOPLE, PRINTS
from proof.liveness.trials import costs, memory, run
from proof.report import PLACE, Claim, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proof.liveness.trials import Cost, Trial

SEEDS: Final = range(1, 19)
"""The thresholds were chosen on seeds from 1000 on."""
MOST_WRONG: Final = 0.03
FOUND: Final = 0.8
TITLE: Final = "Moves like a flat print"
METHOD: Final = (
    f"Bursts of {FRAMES} pictures in 3 s, 640 by 480, of prints and people that are drawn and "
    "rendered (`proof/liveness`): prints and phones that a hand waves, tilts, bends a little, "
    "brings nearer or only holds, half of them with somebody behind; heads with nose, hollow "
    "eyes, chin and ears on a body, that turn, nod, speak, stand, walk up, sway, or carry a "
    "parcel, and blink. Other faces, clothes, walls, lenses (53 to 73 degrees), light that "
    "drifts, blur, noise and JPEG each time. The thresholds were chosen on seeds from 1000 on; "
    "these figures are of seeds {first} to {last}. A burst is unsaid if nothing was tilted enough "
    "before the camera. Simulated people are not people: what a real door adds, as branches and "
    "reflections, is left beside the plane, too. Not found, by its nature: a film of a face on a "
    "screen, a mask, a print that is held still."
)


def prove(*, short: bool) -> Report:
    """Judge all kinds; `short` takes one seed, and neither costs nor pictures."""
    seeds = SEEDS[:1] if short else SEEDS
    trials = run((kind, seed) for seed in seeds for kind in PRINTS + PEOPLE)
    claims = [*_found(trials), *_by_kind(trials)]
    pictures: list[str] = []
    if not short:
        claims += _costs(costs(seeds[0]), memory(seeds[0]))
        pictures = _drawn(trials)
    return Report(
        "liveness", TITLE, METHOD.format(first=seeds[0], last=seeds[-1]), claims, pictures
    )


def _found(trials: Sequence[Trial]) -> list[Claim]:
    prints = [each for each in trials if each.kind in PRINTS]
    people = [each for each in trials if each.kind in PEOPLE]
    told = [each for each in prints if each.told]
    turned = [each for each in people if each.told]
    found = _marked(told)
    return [
        Claim(
            "people who are marked although they are none", _at_most(people), "no more than 3 %",
            upper_bound(_marked(people), len(people)) <= MOST_WRONG,
        ),
        Claim(
            "the same, of those who were tilted enough before the camera to say something",
            _at_most(turned), "",
        ),
        Claim(
            "prints that are marked, of those that were tilted enough to say something",
            f"{found} of {len(told)}", "4 of 5", found >= FOUND * len(told),
        ),
        Claim("prints that are marked, of all", f"{_marked(prints)} of {len(prints)}", ""),
    ]  # fmt: skip


def _at_most(of: Sequence[Trial]) -> str:
    bound = upper_bound(_marked(of), len(of)) if of else 1.0
    return f"{_marked(of)} of {len(of)}; with a confidence of 95 % no more than {bound:.1%}"


def _by_kind(trials: Sequence[Trial]) -> list[Claim]:
    claims = []
    for kind in PRINTS + PEOPLE:
        of = [each for each in trials if each.kind == kind]
        other = sum(each.told and not each.marked for each in of)
        unsaid = sum(not each.told for each in of)
        found = f"{_marked(of)} of {len(of)}; {other} seen not to be flat, {unsaid} unsaid"
        claims.append(
            Claim(f"marked: {'print' if kind in PRINTS else 'person'}, {kind}", found, "")
        )
    return claims


def _marked(trials: Sequence[Trial]) -> int:
    return sum(each.marked for each in trials)


def _costs(taken: Sequence[Cost], most: tuple[float, float]) -> list[Claim]:
    judged, ratio = (
        median(each.judged for each in taken), median(each.judged / each.filmed for each in taken),
    )  # fmt: skip
    return [
        Claim("CPU time to judge a burst of pictures of 1280 by 960", f"{judged:.2f} s", ""),
        Claim("the same, in times of making its film in the same process", f"{ratio:.1f}", ""),
        Claim(
            "most memory of a process that films, and of one that also judges",
            f"{most[0]:.0f} MB, {most[1]:.0f} MB", "less than 30 MB more",
            most[1] < most[0] + 30,
        ),
    ]  # fmt: skip


def _drawn(trials: Sequence[Trial]) -> list[str]:
    from proof.liveness.pictures import draw_scenes, draw_trials  # matplotlib takes a while

    PLACE.mkdir(parents=True, exist_ok=True)
    draw_trials(PLACE / "liveness.png", trials)
    draw_scenes(PLACE / "liveness-scenes.jpeg", SEEDS[0])
    return ["liveness.png", "liveness-scenes.jpeg"]
