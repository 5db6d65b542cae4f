"""Which files are spoiled, and which tests must notice: those that mirror them, and the jobs'."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[2]

JOBS: Final = ("tests/functions", "tests/websocket")
"""The domain as functions and sockets use it, over fakes."""


class Room(NamedTuple):
    """Files that are tested together."""

    name: str
    """A folder; `doorbell` stands for the files in it alone."""
    tests: Sequence[str]
    waits: bool = False
    """Whether its tests wait for a clock more than for the processor: then more run at once."""

    def files(self, root: Path = ROOT) -> list[str]:
        """What is spoiled, in the order of names."""
        folder = root / self.name
        found = folder.glob("*.py") if self.name == "doorbell" else folder.rglob("*.py")
        inner = {each.name for each in ROOMS if each.name.startswith(f"{self.name}/")}
        names = [str(file.relative_to(root)) for file in found if file.name != "__init__.py"]
        return sorted(n for n in names if not any(n.startswith(f"{each}/") for each in inner))


ROOMS: Final = (
    Room(
        "doorbell",
        ("tests/doorbell/test_*.py", "tests/doorbell/films", "tests/doorbell/publishing", *JOBS),
    ),
    Room(
        "doorbell/protocol",
        ("tests/doorbell/test_protocol.py", "tests/doorbell/test_words.py", "tests/websocket"),
    ),
    Room("doorbell_client/door", ("tests/doorbell_client/door",), waits=True),
    Room("doorbell_client/outbox", ("tests/doorbell_client/outbox",), waits=True),
    Room("doorbell/household", ("tests/doorbell/household", *JOBS)),
    Room("doorbell/push", ("tests/doorbell/push", *JOBS)),
    Room("doorbell/films", ("tests/doorbell/films", *JOBS)),
    Room("doorbell/cameras", ("tests/doorbell/cameras", *JOBS)),
    Room("doorbell/publishing", ("tests/doorbell/publishing", *JOBS)),
    Room("doorbell/messengers", ("tests/doorbell/messengers",)),
    Room("doorbell/web_push", ("tests/doorbell/web_push",)),
    Room("doorbell/x", ("tests/doorbell/x",)),
    Room("doorbell/aws", ("tests/doorbell/aws", *JOBS)),
    Room("doorbell/aws/api", ("tests/doorbell/aws/api", *JOBS)),
    Room("doorbell/aws/dynamodb", ("tests/doorbell/aws", *JOBS)),
)
"""In the order of what a fault in them would cost."""


def given_to_pytest(room: Room, root: Path = ROOT) -> list[str]:
    """The files and folders that pytest is given."""
    return [str(each.relative_to(root)) for part in room.tests for each in sorted(root.glob(part))]
