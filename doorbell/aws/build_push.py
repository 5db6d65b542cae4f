"""Wiring: what notices work with on AWS, from environment variables."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from doorbell.aws.build import build_services
from doorbell.aws.dynamodb.home_devices import HomeDeviceTable
from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.aws.dynamodb.subscriptions import SubscriptionTable
from doorbell.aws.dynamodb.table import Table, table_names
from doorbell.aws.parameters import SecretText
from doorbell.push.services import Pushing
from doorbell.settings import required
from doorbell.web_push.services import WebPushServices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.aws.api.client import Client

NOBODY: str = "mailto:nobody@example.org"
"""Who sends, where no address of the app is known: push services want one (RFC 8292, 2.1)."""


def build_pushing(environment: Mapping[str, str], client: Client) -> Pushing:
    """What notices to browsers work with. Makes no call yet. Raises SettingsError."""
    table = Table(client, table_names(environment))
    origin = environment.get("ORIGIN", "")
    return Pushing(
        services=build_services(environment, client),
        devices=HomeDeviceTable(table),
        settings=SettingsTable(table),
        subscriptions=SubscriptionTable(table),
        push=WebPushServices(
            SecretText(client, required(environment, "PUSH_KEY")),
            origin if origin.startswith("https:") else NOBODY,
            loopback=environment.get("PUSH_TO_LOOPBACK") == "true",
        ),
        clock=time.time,
        sleep=time.sleep,
        jitter=random.random,
    )
