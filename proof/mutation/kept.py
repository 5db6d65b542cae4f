"""What was found, file by file, in `docs/proof/mutation.json`: a room alone can be done again."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from proof.mutation.rooms import ROOT

if TYPE_CHECKING:
    from pathlib import Path

KEPT: Final = ROOT / "docs" / "proof" / "mutation.json"


class Survivor(NamedTuple):
    """A change that no test noticed."""

    file: str
    function: str
    change: str
    """The lines that went, each behind a `-`, and those that came, each behind a `+`."""
    kind: str = ""
    """`log` or `error` if only their words changed."""
    run: bool = True
    """Whether any quick test runs its line."""


class Found(NamedTuple):
    """What was found in one file."""

    counts: Counter[str]
    """How many were `killed`, `hung` (which is killed, too), refused by the `types`, `survived` or
    `untested`; and `impossible`, which are none.
    """
    survivors: tuple[Survivor, ...]
    digest: str = ""
    """Of the text that was spoiled."""

    def is_of(self, text: str) -> bool:
        """Whether this was found in the same text. Another one may have as many changes."""
        return self.digest == digest_of(text)


def digest_of(text: str) -> str:
    """By which a file is known again: SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()


def load(kept: Path = KEPT) -> dict[str, Found]:
    """All that was found, by file."""
    if not kept.exists():
        return {}
    return {
        file: Found(
            Counter(each["counts"]),
            tuple(Survivor(file, **survivor) for survivor in each["survivors"]),
            each.get("digest", ""),
        )
        for file, each in json.loads(kept.read_text("utf-8")).items()
    }


def save(found: dict[str, Found], kept: Path = KEPT) -> None:
    """Instead of what was there."""
    written = {
        file: {
            "digest": each.digest,
            "counts": dict(sorted(each.counts.items())),
            "survivors": [_written(survivor) for survivor in each.survivors],
        }
        for file, each in sorted(found.items())
    }
    kept.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _written(survivor: Survivor) -> dict[str, object]:
    kept = survivor._asdict()
    kept.pop("file")
    return {name: value for name, value in kept.items() if value != _DEFAULTS.get(name)}


_DEFAULTS: Final = Survivor._field_defaults
