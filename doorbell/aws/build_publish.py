"""Wiring: what publishing works with on AWS."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.published import PublishedTable
from doorbell.aws.dynamodb.table import Table, table_names
from doorbell.aws.film_store import SILENCE, BucketFilms
from doorbell.aws.publication_secrets import HomePublications
from doorbell.aws.sdk import Sdk
from doorbell.messengers.apprise_posts import ApprisePosts
from doorbell.publishing.accounts import AllAccounts
from doorbell.publishing.services import Publishing
from doorbell.settings import required
from doorbell.x.posts import XPosts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.aws.api.client import Client


def build_publishing(environment: Mapping[str, str], client: Client) -> Publishing:
    """What publishing works with. Makes no call yet. Raises SettingsError."""
    table = Table(client, table_names(environment))
    return Publishing(
        secrets=HomePublications(client, required(environment, "SECRET_PREFIX")),
        devices=DeviceTable(table),
        films=BucketFilms(Sdk(SILENCE), required(environment, "BUCKET")),
        published=PublishedTable(table, time.time),
        accounts=AllAccounts(
            apprise=ApprisePosts(),
            x=XPosts(time.time, time.sleep, lambda: secrets.token_hex(16)),
        ),
    )
