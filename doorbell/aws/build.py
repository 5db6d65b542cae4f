"""Wiring: what the ring path works with on AWS, from environment variables."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Final

from doorbell.aws.api.endpoints import DYNAMODB, EVENTS, SOCKETS
from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.opens import OpenTable
from doorbell.aws.dynamodb.passcodes import PasscodeTable
from doorbell.aws.dynamodb.records import RecordTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.table import Table, table_names
from doorbell.aws.eventbridge import EventBridgeBus
from doorbell.aws.parameters import SecretText
from doorbell.aws.s3 import BucketPhotos
from doorbell.aws.stepfunctions import TaskWaits
from doorbell.services import Services
from doorbell.settings import read_settings, required

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.aws.api.client import Client

FIRST_NEEDED: Final = (DYNAMODB, SOCKETS, EVENTS)
"""What a `ring` speaks to."""


def build_services(environment: Mapping[str, str], client: Client) -> Services:
    """What the ring path works with. Makes no call yet. Raises SettingsError."""
    table = Table(client, table_names(environment))
    return Services(
        records=RecordTable(table),
        devices=DeviceTable(table),
        connections=ConnectionTable(table),
        rings=RingTable(table),
        passcodes=PasscodeTable(table),
        opens=OpenTable(table),
        sockets=ApiGatewaySockets(client),
        bus=EventBridgeBus(client, required(environment, "BUS")),
        photos=BucketPhotos(client, required(environment, "BUCKET")),
        waits=TaskWaits(client),
        code_key=SecretText(client, required(environment, "CODE_KEY")),
        settings=read_settings(environment),
        clock=time.time,
        sleep=time.sleep,
        randbelow=secrets.randbelow,
    )
