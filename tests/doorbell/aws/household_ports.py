"""The ports of a household that one table serves, on DynamoDB and in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.rings import RingTable
from doorbell.aws.dynamodb.settings import SettingsTable
from doorbell.aws.dynamodb.subscriptions import SubscriptionTable
from doorbell.aws.dynamodb.visits import VisitTable
from tests.fakes import EVERYBODY
from tests.household_fakes import make_household

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from doorbell.household.ports import (
        AllSettings,
        CameraFilms,
        Consents,
        HomeDevices,
        LastPictures,
        Pairings,
        Pins,
        Presences,
        ResidentPhotos,
        Subscriptions,
        Visits,
    )
    from doorbell.household.services import Household
    from doorbell.ports import Devices, Residents
    from tests.household_fakes import FakeHousehold


class HouseholdPorts(NamedTuple):
    """What a table serves of a household, and enrolment, which writes of its photos."""

    devices: HomeDevices
    settings: AllSettings
    subscriptions: Subscriptions
    pairings: Pairings
    presences: Presences
    visits: Visits
    pins: Pins
    residents: ResidentPhotos
    consents: Consents
    last_pictures: LastPictures
    camera_films: CameraFilms
    enrolment: Residents
    added: Devices
    """The same devices, as the operator adds them."""


def on_dynamodb(table: Table) -> HouseholdPorts:
    """As they are deployed."""
    devices = HomeDeviceTable(table)
    for device in EVERYBODY:
        devices.add(device)
    return HouseholdPorts(
        devices=devices,
        settings=SettingsTable(table),
        subscriptions=SubscriptionTable(table),
        pairings=PairingTable(table),
        presences=PresenceTable(table),
        visits=VisitTable(table),
        pins=PasscodeTable(table),
        residents=ResidentPhotoTable(table),
        consents=ConsentTable(table),
        last_pictures=LastPictureTable(table),
        camera_films=CameraFilmTable(table),
        enrolment=ResidentTable(table),
        added=devices,
    )


def in_memory() -> HouseholdPorts:
    """As all other tests have them; nobody manages the home yet."""
    made = make_household()
    made.devices.phones.clear()
    return HouseholdPorts(
        devices=made.devices,
        settings=made.settings,
        subscriptions=made.subscriptions,
        pairings=made.pairings,
        presences=made.presences,
        visits=made.visits,
        pins=made.made.passcodes,
        residents=made.residents,
        consents=made.consents,
        last_pictures=made.last_pictures,
        camera_films=made.camera_films,
        enrolment=made.made.residents,
        added=made.devices,
    )


def household_on(table: Table, made: FakeHousehold) -> Household:
    """A household whose table is DynamoDB, and all else is in memory."""
    ports = on_dynamodb(table)._asdict()
    del ports["enrolment"], ports["added"]
    return made.household._replace(
        **ports, rings=RingTable(table), opens=OpenTable(table), connections=ConnectionTable(table)
    )
