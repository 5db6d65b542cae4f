"""Wiring: the house and the registry as they stand on AWS, from environment variables."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from doorbell.aws.clients import Clients
from doorbell.aws.codes import CodeTable
from doorbell.aws.devices import ConnectionTable, DeviceTable
from doorbell.aws.opens import OpenTable
from doorbell.aws.residents import Collections, ResidentTable
from doorbell.aws.rings import RingTable
from doorbell.aws.table import Table
from doorbell.aws.world import (
    ApiGatewaySockets,
    BucketPhotos,
    CodeKey,
    EventBridgeBus,
    TaskWaits,
)
from doorbell.enrolment import Registry
from doorbell.house import House
from doorbell.settings import read_settings, required

if TYPE_CHECKING:
    from collections.abc import Mapping


def build_house(environment: Mapping[str, str]) -> House:
    """The ring path's world. Makes no call yet. Raises SettingsError."""
    clients = Clients()
    table = Table(clients, required(environment, "TABLE"))
    return House(
        devices=DeviceTable(table),
        connections=ConnectionTable(table),
        rings=RingTable(table),
        codes=CodeTable(table),
        opens=OpenTable(table),
        residents=ResidentTable(table),
        sockets=ApiGatewaySockets(clients),
        bus=EventBridgeBus(clients, required(environment, "BUS")),
        photos=BucketPhotos(clients, required(environment, "BUCKET")),
        waits=TaskWaits(clients),
        code_key=CodeKey(clients, required(environment, "CODE_KEY")),
        settings=read_settings(environment),
        clock=time.time,
        sleep=time.sleep,
        randbelow=secrets.randbelow,
    )


def build_registry(environment: Mapping[str, str]) -> Registry:
    """Enrolment's world. Raises SettingsError."""
    clients = Clients()
    table = Table(clients, required(environment, "TABLE"))
    return Registry(
        residents=ResidentTable(table),
        faces=Collections(clients, required(environment, "COLLECTION_PREFIX")),
        connections=ConnectionTable(table),
        sockets=ApiGatewaySockets(clients),
        clock=time.time,
        sleep=time.sleep,
    )
