"""Wiring: what the phone's API and the household's jobs work with on AWS."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.dynamodb.camera_films import CameraFilmTable
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.consents import ConsentTable
from doorbell.aws.dynamodb.home_devices import HomeDeviceTable
from doorbell.aws.dynamodb.last_pictures import LastPictureTable
from doorbell.aws.dynamodb.opens import OpenTable
from doorbell.aws.dynamodb.pairings import PairingTable
from doorbell.aws.dynamodb.passcodes import PasscodeTable
from doorbell.aws.dynamodb.presences import PresenceTable
from doorbell.aws.dynamodb.resident_photos import ResidentPhotoTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.aws.dynamodb.subscriptions import SubscriptionTable
from doorbell.aws.dynamodb.table import Table, table_names
from doorbell.aws.dynamodb.visits import VisitTable
from doorbell.aws.eventbridge import EventBridgeBus
from doorbell.aws.film_machine import FilmMachine, FilmSchedules, Target
from doorbell.aws.film_store import BucketFilms
from doorbell.aws.parameters import SecretText
from doorbell.aws.s3 import BucketPhotos
from doorbell.aws.sdk import Sdk
from doorbell.aws.socket_activity import ApiGatewayActivity
from doorbell.aws.stored_photos import BucketContents
from doorbell.household.services import Household
from doorbell.settings import required, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from doorbell.aws.api.client import Client


def build_household(environment: Mapping[str, str], client: Client) -> Household:
    """What a household works with. Makes no call yet. Raises SettingsError."""
    table = Table(client, table_names(environment))
    bucket = required(environment, "BUCKET")
    sdk = Sdk()
    machine = environment.get("STOP_MOTION", "")
    return Household(
        devices=HomeDeviceTable(table),
        connections=ConnectionTable(table),
        sockets=ApiGatewaySockets(client),
        activity=ApiGatewayActivity(client),
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
        store=BucketContents(sdk, bucket),
        stored=BucketFilms(sdk, bucket),
        last_pictures=LastPictureTable(table),
        camera_films=CameraFilmTable(table),
        # PhoneApi alone is told which; nothing else starts films.
        films=FilmMachine(client, machine),
        schedules=FilmSchedules(lambda: sdk.scheduler, _schedules(environment, machine)),
        photos=BucketPhotos(client, bucket),
        bus=EventBridgeBus(client, required(environment, "BUS")),
        code_key=SecretText(client, required(environment, "CODE_KEY")),
        clock=time.time,
        randbelow=secrets.randbelow,
        picture_days=whole_number(environment, "PICTURE_DAYS", 30, low=1, high=3650),
        history_days=whole_number(environment, "HISTORY_DAYS", 30, low=1, high=3650),
        offline_after=whole_number(environment, "OFFLINE_AFTER", 600, low=1, high=86_400),
        open_valid_for=whole_number(environment, "OPEN_VALID_FOR", 15, low=1, high=60),
        stack=environment.get("STACK", ""),
        origin=environment.get("ORIGIN", ""),
        loopback_push=environment.get("PUSH_TO_LOOPBACK") == "true",
    )


def _schedules(environment: Mapping[str, str], machine: str) -> Target:
    """Where films' schedules are; like the machine, PhoneApi alone is told."""
    return Target(
        group=environment.get("FILM_SCHEDULES", ""),
        machine=machine,
        role=environment.get("FILM_SCHEDULE_ROLE", ""),
        lost=environment.get("LOST", ""),
    )
