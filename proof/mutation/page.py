"""The page: a table of rooms, what survived unexplained, and the reasons."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from proof.mutation.explained import reason
from proof.mutation.rooms import ROOMS, ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from proof.mutation.explained import Explained
    from proof.mutation.kept import Found, Survivor

PAGE: Final = ROOT / "docs" / "proof" / "mutation.md"
GOAL: Final = 95.0
"""Percent."""
METHOD: Final = (
    "`make mutation`, or `make mutation ROOM=doorbell/push` for one room. The code is spoiled in "
    "one place at a time, by mutmut's operators and two more (a call that stands alone is left "
    "out, a condition without an operator is turned round; of mutmut's three changes to a text "
    "one is taken). Then the quick tests that run that line must fail: those that mirror the "
    "room, and those of the functions over fakes; no stack, no browser, and beside the file that "
    "mirrors the changed one at most 12 seconds of them. Each change has a process of its own; a "
    "test that fails in one without any change is not asked, for it would notice everything. What "
    "mypy refuses is refused by `make test`, too. Values of modules and classes are not changed, "
    "as in mutmut. *Score* is the part noticed of all that is not explained. The reasons stand in "
    "[mutation-survivors.toml](mutation-survivors.toml)."
)


class Row(NamedTuple):
    """A room, or all of them."""

    name: str
    changes: int
    tests: int
    hung: int
    types: int
    survived: int
    explained: int

    @property
    def noticed(self) -> int:
        """By whatever `make test` does."""
        return self.tests + self.hung + self.types

    @property
    def score(self) -> float:
        """Percent of what is not explained."""
        return 100 * self.noticed / max(1, self.changes - self.explained)

    @property
    def raw(self) -> float:
        """Percent of all."""
        return 100 * self.noticed / max(1, self.changes)


def rows(found: Mapping[str, Found], explained: Sequence[Explained]) -> list[Row]:
    """A row for each room that was run, then one for all of them."""
    made = []
    for room in ROOMS:
        of_room = [found[file] for file in room.files() if file in found]
        if of_room:
            made.append(_row(room.name, of_room, explained))
    return [
        *made,
        Row("all", *(sum(figures) for figures in zip(*(row[1:] for row in made), strict=True))),
    ]


def page(found: Mapping[str, Found], explained: Sequence[Explained]) -> str:
    """The whole of it."""
    made = rows(found, explained)
    ran = {row.name for row in made}
    missing = [room.name for room in ROOMS if room.name not in ran]
    return "\n".join(
        [
            "# Mutation: what the quick tests notice",
            "",
            METHOD,
            "",
            "| room | changes | noticed by tests | of them by hanging | by types | survived |"
            " of them explained | score | without explanations |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
            *(_cells(row) for row in made),
            *(["", f"Not run: {', '.join(missing)}."] if missing else []),
            "",
            "## Survived, and not explained",
            "",
            *_survivors(found, explained),
            "",
            "## Explained",
            "",
            *_reasons(found, explained),
            "",
        ]
    )


def _row(name: str, of_room: Sequence[Found], explained: Sequence[Explained]) -> Row:
    counts: Counter[str] = Counter()
    for each in of_room:
        counts += each.counts
    reasons = [reason(s, explained) for each in of_room for s in each.survivors]
    return Row(
        name,
        counts.total() - counts["impossible"],
        counts["killed"],
        counts["hung"],
        counts["types"],
        len(reasons),
        sum(1 for each in reasons if each),
    )


def _cells(row: Row) -> str:
    cells = (
        row.name, row.changes, row.tests + row.hung, row.hung, row.types, row.survived,
        row.explained, f"{row.score:.1f} %", f"{row.raw:.1f} %",
    )  # fmt: skip
    return f"| {' | '.join(f'{each:,}' if isinstance(each, int) else each for each in cells)} |"


def _survivors(found: Mapping[str, Found], explained: Sequence[Explained]) -> list[str]:
    left = [s for each in found.values() for s in each.survivors if not reason(s, explained)]
    if not left:
        return ["None."]
    lines = []
    for file in sorted({survivor.file for survivor in left}):
        lines += [f"**{file}**", ""]
        lines += [_line(survivor) for survivor in left if survivor.file == file]
        lines += [""]
    return lines[:-1]


def _line(survivor: Survivor) -> str:
    shown = " → ".join(
        " ".join(line[2:] for line in survivor.change.splitlines() if line[0] == mark)
        for mark in "-+"
    )
    unrun = "" if survivor.run else " (no quick test runs it)"
    return f"- `{survivor.function}`: ``{shown}``{unrun}"


def _reasons(found: Mapping[str, Found], explained: Sequence[Explained]) -> list[str]:
    count = Counter(reason(s, explained) for each in found.values() for s in each.survivors)
    del count[""]
    return [f"- {number}: {why}" for why, number in count.most_common()] or ["None."]
