"""Wiring: what films work with on AWS, from environment variables."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.table import Table, table_names
from doorbell.aws.eventbridge import EventBridgeBus
from doorbell.aws.film_store import SILENCE, BucketFilms
from doorbell.aws.s3 import BucketPhotos
from doorbell.aws.sdk import Sdk
from doorbell.errors import SettingsError
from doorbell.films.services import Films
from doorbell.settings import required

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.aws.api.client import Client
    from doorbell.films.ports import Maker
    from doorbell.liveness.ports import Tracker

REBOUND: Final[dict[str, tuple[str, ...]]] = {
    "none": (),
    "party": ("party",),
    "all": ("party", "ring"),
}
"""The parameter `FilmRebound`, and which bursts that means."""


def build_films(
    environment: Mapping[str, str], client: Client, maker: Maker, tracker: Tracker
) -> Films:
    """What films work with. Makes no call yet. Raises SettingsError."""
    table = Table(client, table_names(environment))
    bucket = required(environment, "BUCKET")
    rebound = required(environment, "FILM_REBOUND")
    if rebound not in REBOUND:
        raise SettingsError(f"FILM_REBOUND must be one of {', '.join(REBOUND)}, not {rebound!r}.")
    return Films(
        store=BucketFilms(Sdk(SILENCE), bucket),
        maker=maker,
        tracker=tracker,
        rings=RingTable(table),
        devices=DeviceTable(table),
        photos=BucketPhotos(client, bucket),
        connections=ConnectionTable(table),
        sockets=ApiGatewaySockets(client),
        bus=EventBridgeBus(client, required(environment, "BUS")),
        rebound=REBOUND[rebound],
        clock=time.time,
        sleep=time.sleep,
    )
