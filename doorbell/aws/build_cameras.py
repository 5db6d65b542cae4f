"""Wiring: what receiving works with on AWS, from environment variables."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from doorbell.aws.api.client import Client
from doorbell.aws.camera_objects import CameraObjects
from doorbell.aws.dynamodb.cameras import CameraTable
from doorbell.aws.dynamodb.records import RecordTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.table import Table, table_names
from doorbell.aws.eventbridge import EventBridgeBus
from doorbell.aws.sdk import Sdk
from doorbell.cameras.services import Reception
from doorbell.settings import read_settings, required

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

JOINED_WITHIN: Final = 20.0
"""Seconds; S3 joins the parts of a long clip before it answers."""


def build_reception(
    environment: Mapping[str, str], check_picture: Callable[[bytes], None]
) -> Reception:
    """What receiving works with. Makes no call yet. Raises SettingsError."""
    client = Client(environment)
    table = Table(client, table_names(environment))
    objects = CameraObjects(Sdk(JOINED_WITHIN), required(environment, "BUCKET"))
    return Reception(
        devices=CameraTable(table),
        records=RecordTable(table),
        rings=RingTable(table),
        objects=objects,
        uploads=objects,
        bus=EventBridgeBus(client, required(environment, "BUS")),
        check_picture=check_picture,
        settings=read_settings(environment),
        clock=time.time,
    )
