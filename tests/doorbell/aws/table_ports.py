"""The ports that one table serves, on DynamoDB and in memory, and threads that meet in a job."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.opens import OpenTable
from doorbell.aws.dynamodb.passcodes import PasscodeTable
from doorbell.aws.dynamodb.records import RecordTable
from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.services import Services
from tests.fakes import EVERYBODY, FakeServices, make_services

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from doorbell.aws.dynamodb.table import Table
    from doorbell.ports import (
        Connections,
        Devices,
        Opens,
        Passcodes,
        Records,
        Residents,
        Rings,
    )


class Ports(NamedTuple):
    """The ports that a table serves."""

    records: Records
    devices: Devices
    connections: Connections
    rings: Rings
    passcodes: Passcodes
    opens: Opens
    residents: Residents


def on_dynamodb(table: Table) -> Ports:
    """As they are deployed."""
    made = Ports(
        RecordTable(table),
        DeviceTable(table),
        ConnectionTable(table),
        RingTable(table),
        PasscodeTable(table),
        OpenTable(table),
        ResidentTable(table),
    )
    for device in EVERYBODY:
        made.devices.add(device)
    return made


def in_memory() -> Ports:
    """As all other tests have them."""
    made = make_services()
    services = made.services
    shared = {name: getattr(services, name) for name in Ports._fields if name in Services._fields}
    return Ports(**shared, residents=made.residents)


class Meeting:
    """A place in a job where threads wait for one another, the first time each comes by.

    So all of them have read before any of them writes.
    """

    def __init__(self, parties: int) -> None:
        self._barrier = threading.Barrier(parties, timeout=20)
        self._been_here = threading.local()

    def wait(self) -> None:
        """Go on together."""
        if not hasattr(self._been_here, "yes"):
            self._been_here.yes = True
            self._barrier.wait()


def services_on(ports: Ports, made: FakeServices, **changes: object) -> Services:
    """Services whose table is DynamoDB, and all else is in memory."""
    shared = {name: port for name, port in ports._asdict().items() if name in Services._fields}
    return made.services._replace(**shared)._replace(**changes)  # type: ignore[arg-type]


def together(jobs: Sequence[Callable[[], object]]) -> list[Exception]:
    """Run all jobs at once, each in a thread of its own; the errors they raised."""
    with ThreadPoolExecutor(len(jobs)) as pool:
        futures = [pool.submit(job) for job in jobs]
    errors = [future.exception() for future in futures]
    return [error for error in errors if isinstance(error, Exception)]
