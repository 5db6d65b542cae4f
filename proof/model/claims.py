"""What must hold in every world, and in every world in which nothing happens any more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from proof.model.home import HOME

if TYPE_CHECKING:
    from proof.model.world import World


def broken(world: World, quiet: bool) -> str:
    """What is wrong here; empty if nothing is. `quiet`: nothing happens any more."""
    if world.seen.wrong or not quiet:
        return world.seen.wrong
    return _silent(world) or _undecided(world) or _untold(world)


def _silent(world: World) -> str:
    """Every press rings: a bell sounded after it, a phone showed a code for it, or a resident
    answered it.
    """
    for press in world.seen.pressed:
        ring = _ring_of(world, press)
        if press not in world.seen.heard and (ring is None or ring["id"] not in world.seen.shown):
            return "a press is silent for ever"
    return ""


def _undecided(world: World) -> str:
    """Every press is recorded, and somebody was asked, or was given a code."""
    for press in world.seen.pressed:
        ring = _ring_of(world, press)
        if ring is None:
            return "a press is not recorded"
        if ring["kind"] != "late" and not ring.get("decision"):
            return "a press is never decided: nobody is asked"
        for phone in world.phones:
            if phone.lines == 1 and phone.line and ring["id"] not in phone.told:
                return f"{phone.id}, on the line all the time, was never told"
    return ""


def _untold(world: World) -> str:
    """Every opening is told to the phones, if one has been on the line all the time."""
    listens = any(phone.lines == 1 and phone.line for phone in world.phones)
    for right in world.seen.moved:
        if listens and right.split()[-1] not in world.seen.opened:
            return "the door opened, and the phones were never told"
    return ""


def _ring_of(world: World, press: str) -> dict[str, str] | None:
    """The ring that this press belongs to, as the table keeps it."""
    rows = dict(world.table)
    for key, row in rows.items():
        if key.startswith(f"{HOME}/ring#"):
            found = _plain(row)
            if found.get("press") == press:
                whole = found.get("part_of")
                return _plain(rows[f"{HOME}/ring#{whole}"]) if whole else found
    return None


def _plain(row: str) -> dict[str, str]:
    return {name: next(iter(value.values())) for name, value in json.loads(row).items()}
