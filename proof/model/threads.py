"""Threads in the order of their numbers: what is done side by side is done one after another."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

from doorbell import parallel, sending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class _OneAfterAnother:
    """In place of a pool of threads: an order that is one of those that may be."""

    def __init__(self, _most: int) -> None:
        pass

    def __enter__(self) -> _OneAfterAnother:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, work: Callable[[], Any]) -> _Result:
        """Done at once."""
        try:
            return _Result(work(), None)
        except Exception as error:
            return _Result(None, error)

    def map(self, work: Callable[[Any], Any], over: Iterable[Any]) -> list[Any]:
        """Done at once."""
        return [work(each) for each in over]


class _Result(NamedTuple):
    value: Any
    error: Exception | None

    def result(self) -> Any:
        """Raises what the work raised."""
        if self.error:
            raise self.error
        return self.value


@contextmanager
def without_threads() -> Iterator[None]:
    """Within this, no pool has a thread."""
    with (
        mock.patch.object(parallel, "ThreadPoolExecutor", _OneAfterAnother),
        mock.patch.object(sending, "ThreadPoolExecutor", _OneAfterAnother),
    ):
        yield
