"""An execution of a state machine, and what it asks for."""

from __future__ import annotations

from typing import Final, NamedTuple


class Run(NamedTuple):
    """An execution, at a state that takes time."""

    name: str
    machine: str
    began_with: str
    """Its input, as JSON."""
    state: str
    phase: str
    """`ready`: a task on the table is next · `job`: a function works, or is waited for · `wait`:
    nothing happens until `until`.
    """
    given: str
    """The state's input, as JSON."""
    variables: str
    since: float
    until: float = 0.0
    tries: tuple[int, ...] = ()
    """How often each retrier of the state has tried again."""
    held: float = 0.0
    """Since when its task takes its time; 0 if it does not."""

    @property
    def token(self) -> str:
        """What a job that is waited for is known by; each try has its own."""
        return f"{self.name}:{self.state}:{sum(self.tries)}"


class Came(NamedTuple):
    """What became of an execution, and what it asks for."""

    run: Run | None
    """None: it has ended."""
    invokes: str = ""
    """The event of a job of the ring path, as JSON."""
    starts: str = ""
    """The input of a `visitor`, as JSON."""
    failed: bool = False


ABORTED: Final = Came(None, failed=True)
"""Somebody, or something that no Catch sees, has ended it."""
