"""Wiring: what messages to messengers and the topic work with on AWS."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from doorbell.aws.build import build_services
from doorbell.aws.dynamodb.home_devices import HomeDeviceTable
from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.aws.dynamodb.table import Table, table_names
from doorbell.aws.messenger_secrets import HomeSecrets
from doorbell.aws.sdk import Sdk
from doorbell.aws.sns import NoticeTopic
from doorbell.aws.stored_photos import BucketContents
from doorbell.messengers.apprise_messengers import AppriseMessengers
from doorbell.push.services import Notifying
from doorbell.settings import required

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.aws.api.client import Client


def build_notifying(environment: Mapping[str, str], client: Client) -> Notifying:
    """What messages work with. Makes no call yet. Raises SettingsError."""
    table, sdk = Table(client, table_names(environment)), Sdk()
    return Notifying(
        services=build_services(environment, client),
        devices=HomeDeviceTable(table),
        settings=SettingsTable(table),
        secrets=HomeSecrets(client, required(environment, "SECRET_PREFIX")),
        messengers=AppriseMessengers(),
        topic=NoticeTopic(sdk, required(environment, "TOPIC")),
        photos=BucketContents(sdk, required(environment, "BUCKET")),
        clock=time.time,
    )
