"""What the judgement needs: something that sees what moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from doorbell.liveness.model import Match, Plane


class Step(Protocol):
    """What moved from one picture to the next."""

    @property
    def matches(self) -> Sequence[Match]:
        """The pieces that were found elsewhere; what stands still is not among them."""

    def beside(self, plane: Plane) -> Sequence[Match]:
        """The same, looked for anew about where this motion brings them, and so more exactly."""


class Tracker(Protocol):
    """Follows pieces of pictures."""

    def steps(self, jpegs: Iterable[bytes]) -> Iterator[Step]:
        """From each picture that can be opened to the next one."""
