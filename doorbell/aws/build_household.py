"""Wiring: what the phone's API and the household's jobs work with on AWS."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.consents import ConsentTable
from doorbell.aws.dynamodb.home_devices import HomeDeviceTable
from doorbell.aws.dynamodb.opens import OpenTable
from doorbell.aws.dynamodb.pairings import PairingTable
from doorbell.aws.dynamodb.passcodes import PasscodeTable
from doorbell.aws.dynamodb.presences import PresenceTable
from doorbell.aws.dynamodb.resident_photos import ResidentPhotoTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.aws.dynamodb.subscriptions import SubscriptionTable
from doorbell.aws.dynamodb.table import Table
from doorbell.aws.dynamodb.visits import VisitTable
from doorbell.aws.eventbridge import EventBridgeBus
from doorbell.aws.film_machine import FilmMachine
from doorbell.aws.film_store import BucketFilms
from doorbell.aws.parameters import SecretText
from doorbell.aws.s3 import BucketPhotos
from doorbell.aws.sdk import Sdk
from doorbell.aws.stored_photos import BucketContents
from doorbell.household.services import Household
from doorbell.settings import required, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.aws.api.client import Client


def build_household(environment: Mapping[str, str], client: Client) -> Household:
    """What a household works with. Makes no call yet. Raises SettingsError."""
    table = Table(client, required(environment, "TABLE"))
    bucket = required(environment, "BUCKET")
    return Household(
        devices=HomeDeviceTable(table),
        connections=ConnectionTable(table),
        sockets=ApiGatewaySockets(client),
        settings=SettingsTable(table),
        subscriptions=SubscriptionTable(table),
        pairings=PairingTable(table),
        presences=PresenceTable(table),
        visits=VisitTable(table),
        rings=RingTable(table),
        opens=OpenTable(table),
        pins=PasscodeTable(table),
        residents=ResidentPhotoTable(table),
        consents=ConsentTable(table),
        store=BucketContents(Sdk(), bucket),
        stored=BucketFilms(Sdk(), bucket),
        # PhoneApi alone is told which; nothing else starts films.
        films=FilmMachine(client, environment.get("STOP_MOTION", "")),
        photos=BucketPhotos(client, bucket),
        bus=EventBridgeBus(client, required(environment, "BUS")),
        code_key=SecretText(client, required(environment, "CODE_KEY")),
        clock=time.time,
        randbelow=secrets.randbelow,
        history_days=whole_number(environment, "HISTORY_DAYS", 30, low=1, high=3650),
        offline_after=whole_number(environment, "OFFLINE_AFTER", 600, low=1, high=86_400),
        origin=environment.get("ORIGIN", ""),
        loopback_push=environment.get("PUSH_TO_LOOPBACK") == "true",
    )
