"""Wiring: what enrolment works with on AWS, from environment variables."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from doorbell.aws.api.client import Client
from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.table import Table, table_names
from doorbell.aws.rekognition import Collections
from doorbell.aws.sdk import Sdk
from doorbell.aws.stored_photos import BucketContents
from doorbell.enrolment import Registry
from doorbell.settings import required

if TYPE_CHECKING:
    from collections.abc import Mapping


def build_registry(environment: Mapping[str, str]) -> Registry:
    """What enrolment works with. Makes no call yet. Raises SettingsError."""
    client, sdk = Client(environment), Sdk()
    table = Table(client, table_names(environment))
    return Registry(
        residents=ResidentTable(table),
        photos=BucketContents(sdk, required(environment, "BUCKET")),
        faces=Collections(sdk, required(environment, "COLLECTION_PREFIX")),
        connections=ConnectionTable(table),
        sockets=ApiGatewaySockets(client),
        clock=time.time,
        sleep=time.sleep,
    )
