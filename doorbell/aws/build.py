"""Wiring: what the functions work with on AWS, from environment variables."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.clients import Clients
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.opens import OpenTable
from doorbell.aws.dynamodb.passcodes import PasscodeTable
from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.table import Table
from doorbell.aws.eventbridge import EventBridgeBus
from doorbell.aws.rekognition import Collections
from doorbell.aws.s3 import BucketPhotos
from doorbell.aws.secretsmanager import CodeKey
from doorbell.aws.stepfunctions import TaskWaits
from doorbell.enrolment import Registry
from doorbell.services import Services
from doorbell.settings import read_settings, required

if TYPE_CHECKING:
    from collections.abc import Mapping


def build_services(environment: Mapping[str, str]) -> Services:
    """What the ring path works with. Makes no call yet. Raises SettingsError."""
    clients = Clients()
    table = Table(clients, required(environment, "TABLE"))
    return Services(
        devices=DeviceTable(table),
        connections=ConnectionTable(table),
        rings=RingTable(table),
        passcodes=PasscodeTable(table),
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
    """What enrolment works with. Raises SettingsError."""
    clients = Clients()
    table = Table(clients, required(environment, "TABLE"))
    return Registry(
        residents=ResidentTable(table),
        photos=BucketPhotos(clients, required(environment, "BUCKET")),
        faces=Collections(clients, required(environment, "COLLECTION_PREFIX")),
        connections=ConnectionTable(table),
        sockets=ApiGatewaySockets(clients),
        clock=time.time,
        sleep=time.sleep,
    )
