"""One fault at a time: each call of a job to the world fails, before or after it took effect."""

from __future__ import annotations

import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from doorbell.services import Services
    from tests.fakes import FakeServices

PORTS = (
    "records", "devices", "connections", "rings", "passcodes", "opens", "sockets",
    "bus", "photos", "waits",
)  # fmt: skip


class Fault(NamedTuple):
    """Which call fails: its number, its name, and whether it took effect before that."""

    number: int
    call: str
    took_effect: bool


class Broken(Exception):
    """The world failed."""


class Died(BaseException):
    """The process was killed: nothing catches that."""


class _Calls:
    """Counts calls; the one that is chosen fails."""

    def __init__(self, number: int = -1, *, took_effect: bool = False, fatal: bool = False) -> None:
        self._error: type[BaseException] = Died if fatal else Broken
        self.names: list[str] = []
        self._lock = threading.Lock()
        self._number = number
        self._took_effect = took_effect

    def make(self, name: str, call: Callable[[], Any]) -> Any:
        with self._lock:  # some reads run side by side
            self.names.append(name)
            chosen = len(self.names) - 1 == self._number
        if chosen and not self._took_effect:
            raise self._error(name)
        result = call()
        if chosen:
            raise self._error(name)
        return result


class _Port:
    def __init__(self, name: str, port: object, calls: _Calls) -> None:
        self._name = name
        self._port = port
        self._calls = calls

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._port, method)
        name = f"{self._name}.{method}"
        return lambda *given, **named: self._calls.make(name, partial(real, *given, **named))


def _watched(services: Services, calls: _Calls) -> Services:
    ports = {name: _Port(name, getattr(services, name), calls) for name in PORTS}
    return services._replace(**ports)  # type: ignore[arg-type]


def each_fault(
    start: Callable[[], FakeServices], job: Callable[[Services], object], *, fatal: bool = False
) -> Iterator[tuple[Fault, FakeServices, bool]]:
    """Run the job once for each fault it can meet: the fault, the world after it, and whether the
    job failed. `fatal` kills the job at that moment.
    """
    counted = _Calls()
    job(_watched(start().services, counted))
    for number, name in enumerate(counted.names):
        for took_effect in (False, True):
            made = start()
            failed = True
            with suppress(Broken, Died):
                calls = _Calls(number, took_effect=took_effect, fatal=fatal)
                job(_watched(made.services, calls))
                failed = False
            yield Fault(number, name, took_effect), made, failed
