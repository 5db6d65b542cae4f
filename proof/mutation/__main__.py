"""`make mutation`: all rooms, or those that are named, or files of them.

Prints and keeps what was found, and writes `docs/proof/mutation.md`.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from proof.mutation import explained, kept, page
from proof.mutation.rooms import ROOMS
from proof.mutation.spoiling import spoil

if TYPE_CHECKING:
    from collections.abc import Sequence

    from proof.mutation.rooms import Room


def main(arguments: Sequence[str] | None = None) -> int:
    """0 if everything could be run."""
    parser = argparse.ArgumentParser(prog="proof.mutation", description=__doc__)
    parser.add_argument("named", nargs="*", metavar="ROOM", help="a room, or files of one")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--left", action="store_true", help="only what survived the last time")
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    asked = parser.parse_args(arguments)
    for room in () if asked.page else ROOMS:
        files = [f for f in room.files() if _is_meant(room, f, asked.named)]
        # Each in a process of its own: pytest runs once in a process.
        if files and not _in_another(room, files, asked.workers, left=asked.left):
            return 1
    return _told_all()


def _told_all() -> int:
    """The page, the table on the terminal, and reasons that are not needed."""
    found, reasons = kept.load(), explained.load()
    page.PAGE.write_text(page.page(found, reasons), "utf-8")
    for row in page.rows(found, reasons):
        told = f"{row.noticed:6} of {row.changes:6} noticed, {row.explained:4} explained"
        print(f"{row.name:24} {told}: {row.score:5.1f} %")
    for each in explained.left_over(reasons, found):
        print(f"explains nothing this time: {each}", file=sys.stderr)
    return 0


def _is_meant(room: Room, file: str, named: Sequence[str]) -> bool:
    return not named or room.name in named or file in named


def _in_another(room: Room, files: Sequence[str], workers: int, *, left: bool) -> bool:
    if pid := os.fork():
        return os.waitpid(pid, 0)[1] == 0
    try:
        ended = spoil(room, files, workers, left=left)
    except BaseException as error:
        print(f"{room.name}: {error!r}", file=sys.stderr)
        ended = 1
    os._exit(ended)


if __name__ == "__main__":
    sys.exit(main())
