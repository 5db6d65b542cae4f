"""A household in memory: the ports of `doorbell.household` beside those that `tests/fakes.py` has.

`make_household()` has the same devices of two homes; Ada's phone manages `home`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from doorbell.aws.dynamodb.values import millis
from doorbell.errors import BadSetting, Conflict
from doorbell.household.model import (
    HomeSettings,
    PhoneSettings,
    Presence,
    Quiet,
    ResidentPhotoRow,
    Visit,
)
from doorbell.household.services import Household
from doorbell.settings import Settings
from tests.fakes import ADA, EVERYBODY, KEY, FakeDevices, FakePhotos, FakeServices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorbell.films.model import Period
    from doorbell.household.model import (
        CameraFilm,
        Consent,
        FilmUnderWay,
        LastPicture,
        Pairing,
        Subscription,
    )
    from doorbell.model import Device
    from tests.fakes import FakeResidents

ORIGIN = "https://door.example.org"
NOT_ENDED = ("pending", "code", "asked")


class FakeHomeDevices(FakeDevices):
    """`doorbell.household.ports.HomeDevices`, and the rows that go with a device."""

    def __init__(self) -> None:
        super().__init__()
        self.phones: dict[tuple[str, str], PhoneSettings] = {}
        self.pushes: dict[tuple[str, str], Subscription] = {}
        self.seen: dict[tuple[str, str], Presence] = {}

    def all(self, home: str) -> list[Device]:
        return [device for (at, _), device in sorted(self.known.items()) if at == home]

    def rename(self, home: str, device: str, name: str) -> None:
        self.known[home, device] = self.existing(home, device)._replace(name=name)

    def give_to(self, home: str, device: str, resident: str) -> None:
        self.known[home, device] = self.existing(home, device)._replace(resident=resident)

    def remove(self, home: str, device: str) -> None:
        super().remove(home, device)
        for rows in (self.phones, self.pushes, self.seen):
            rows.pop((home, device), None)

    def remove_member(self, home: str, device: str) -> None:
        if self.manages(home, device):
            raise Conflict
        self.remove(home, device)

    def remove_manager(self, home: str, device: str, other: str) -> None:
        if not self.manages(home, other):
            raise Conflict
        self.remove(home, device)

    def existing(self, home: str, device: str) -> Device:
        """Raises Conflict if there is no such device."""
        known = self.find(home, device)
        if known is None:
            raise Conflict
        return known

    def manages(self, home: str, device: str) -> bool:
        """Whether this phone manages the home."""
        known = self.phones.get((home, device))
        return known is not None and known.manager


class FakeSettings:
    """`doorbell.household.ports.AllSettings`."""

    def __init__(self, devices: FakeHomeDevices) -> None:
        self._devices = devices
        self.homes: dict[str, HomeSettings] = {}

    def phone(self, home: str, device: str) -> PhoneSettings:
        return self._devices.phones.get((home, device), PhoneSettings(home, device))

    def phones(self, home: str) -> list[PhoneSettings]:
        return [kept for (at, _), kept in sorted(self._devices.phones.items()) if at == home]

    def set_phone_quiet(self, home: str, device: str, quiet: Quiet) -> None:
        self._devices.existing(home, device)
        self._keep(self.phone(home, device)._replace(quiet=quiet))

    def of_home(self, home: str) -> HomeSettings:
        return self.homes.get(home, HomeSettings(home))

    def set_home_quiet(self, home: str, quiet: Quiet, was: int) -> int:
        if self.of_home(home).version != was:
            raise Conflict
        self.homes[home] = HomeSettings(home, quiet, was + 1)
        return was + 1

    def make_manager(self, home: str, device: str) -> None:
        self._devices.existing(home, device)
        self._keep(self.phone(home, device)._replace(manager=True))

    def unmake_manager(self, home: str, device: str, other: str) -> None:
        managed = self._devices.manages(home, other) and self._devices.manages(home, device)
        if other == device or not managed:
            raise Conflict
        self._keep(self.phone(home, device)._replace(manager=False))

    def _keep(self, settings: PhoneSettings) -> None:
        self._devices.phones[settings.home, settings.device] = settings


class FakeSubscriptions:
    """`doorbell.household.ports.Subscriptions`."""

    def __init__(self, devices: FakeHomeDevices) -> None:
        self._devices = devices

    def of_home(self, home: str) -> list[Subscription]:
        return [kept for (at, _), kept in sorted(self._devices.pushes.items()) if at == home]

    def find(self, home: str, device: str) -> Subscription | None:
        return self._devices.pushes.get((home, device))

    def add(self, subscription: Subscription) -> None:
        self._devices.existing(subscription.home, subscription.device)
        self._devices.pushes[subscription.home, subscription.device] = subscription

    def remove(self, home: str, device: str, endpoint: str | None = None) -> None:
        known = self.find(home, device)
        if known and endpoint in (None, known.endpoint):
            del self._devices.pushes[home, device]


class FakePairings:
    """`doorbell.household.ports.Pairings`."""

    def __init__(self, devices: FakeHomeDevices, settings: FakeSettings) -> None:
        self._devices = devices
        self._settings = settings
        self.kept: dict[tuple[str, str], Pairing] = {}

    def add(self, pairing: Pairing) -> None:
        self.kept[pairing.home, pairing.code_hash] = pairing

    def find(self, home: str, code_hash: str) -> Pairing | None:
        return self.kept.get((home, code_hash))

    def use(self, pairing: Pairing, phone: Device, *, manager: bool, now: float) -> None:
        self._check(pairing, now)
        self._devices.add(phone)
        self._used(pairing, phone, manager)

    def renew(self, pairing: Pairing, phone: Device, now: float) -> None:
        self._check(pairing, now)
        known = self._devices.existing(phone.home, phone.id)
        self._devices.known[phone.home, phone.id] = known._replace(token_hash=phone.token_hash)
        self._used(pairing, phone, pairing.manager)

    def _check(self, pairing: Pairing, now: float) -> None:
        known = self.kept.get((pairing.home, pairing.code_hash))
        if known is None or known.expires_at <= now:
            raise Conflict

    def _used(self, pairing: Pairing, phone: Device, manager: bool) -> None:
        del self.kept[pairing.home, pairing.code_hash]
        if manager:
            self._settings.make_manager(phone.home, phone.id)


class FakePresences:
    """`doorbell.household.ports.Presences`."""

    def __init__(self, devices: FakeHomeDevices) -> None:
        self._devices = devices
        self._doors: set[tuple[str, str]] = set()

    def of_home(self, home: str) -> dict[str, Presence]:
        return {device: kept for (at, device), kept in self._devices.seen.items() if at == home}

    def find(self, home: str, device: str) -> Presence | None:
        return self._devices.seen.get((home, device))

    def doors(self) -> list[Presence]:
        return [kept for at, kept in self._devices.seen.items() if at in self._doors]

    def seen(self, home: str, device: str, now: float, *, door: bool = False) -> None:
        if self._devices.find(home, device):
            self._devices.seen[home, device] = Presence(home, device, now)
            (self._doors.add if door else self._doors.discard)((home, device))

    def heard(self, presence: Presence, at: float, *, silent: bool) -> None:
        known = self._unchanged(presence)
        self._devices.seen[presence.home, presence.device] = known._replace(
            seen_at=at, silent=silent
        )

    def told_offline(self, presence: Presence) -> None:
        known = self._unchanged(presence)
        self._devices.seen[presence.home, presence.device] = known._replace(told_offline=True)

    def _unchanged(self, presence: Presence) -> Presence:
        known = self.find(presence.home, presence.device)
        if known is None or known.seen_at != presence.seen_at:
            raise Conflict
        return known


class FakeActivity:
    """`doorbell.household.ports.Activity`: when something last went through the open sockets.

    One that is not here is closed; with `breaks`, asking for that one fails.
    """

    def __init__(self) -> None:
        self.at: dict[str, float] = {}
        self.breaks: str | None = None
        self.asked: list[str] = []

    def last_active(self, connection: str) -> float | None:
        self.asked.append(connection)
        if connection == self.breaks:
            raise TimeoutError
        return self.at.get(connection)


class FakeVisits:
    """`doorbell.household.ports.Visits`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Visit] = {}
        self.keep_until: dict[tuple[str, str], float] = {}

    def decided(self, visit: Visit, keep_until: float) -> None:
        known = self.kept.get((visit.home, visit.id))
        if known is None or (visit.outcome != "pending" and known.outcome in NOT_ENDED):
            self._write(visit, keep_until)
        elif visit.outcome != "pending":
            learnt = known._replace(decision=visit.decision, resident=visit.resident)
            self._write(learnt, keep_until)

    def ended(self, visit: Visit, keep_until: float) -> None:
        known = self.kept.get((visit.home, visit.id))
        before = (*NOT_ENDED, "declined", "missed", "not_opened")
        over = before if visit.outcome == "opened" else NOT_ENDED
        if known is None or known.outcome in over:
            self._write(visit, keep_until)

    def filmed(self, visit: Visit, keep_until: float) -> None:
        self.decided(visit, keep_until)
        known = self.kept[visit.home, visit.id]
        self.kept[visit.home, visit.id] = known._replace(film=True, flat=visit.flat or known.flat)

    def find(self, home: str, visit: str) -> Visit | None:
        return self.kept.get((home, visit))

    def before(self, home: str, cursor: str | None, most: int) -> tuple[list[Visit], str | None]:
        if cursor is not None and not re.fullmatch(r"[0-9]{13}-[A-Za-z0-9_-]{1,64}", cursor):
            raise BadSetting("There is no such page.")
        of_home = {_place(v): v for (at, _), v in self.kept.items() if at == home}
        places = sorted((p for p in of_home if cursor is None or p < cursor), reverse=True)
        page = places[:most]
        return [of_home[place] for place in page], page[-1] if len(places) > most else None

    def _write(self, visit: Visit, keep_until: float) -> None:
        """What is not known leaves what stands there."""
        known = self.kept.get((visit.home, visit.id), visit)
        said = {name: value for name, value in visit._asdict().items() if value is not None}
        self.kept[visit.home, visit.id] = known._replace(**said)
        self.keep_until[visit.home, visit.id] = keep_until


def _place(visit: Visit) -> str:
    return f"{millis(visit.at)}-{visit.id}"


class FakeResidentPhotos:
    """`doorbell.household.ports.ResidentPhotos`: what enrolment has written."""

    def __init__(self, residents: FakeResidents) -> None:
        self._residents = residents

    def photos(self, home: str) -> list[ResidentPhotoRow]:
        return [
            ResidentPhotoRow(key, self._residents.failures.get((at, key)))
            for (at, key), (_, deleted) in sorted(self._residents.happened.items())
            if at == home and not deleted and key.startswith(f"residents/{home}/")
        ]

    def faces(self, home: str) -> dict[str, int]:
        return Counter(whose for (at, _), whose in self._residents.faces.items() if at == home)


class FakeConsents:
    """`doorbell.household.ports.Consents`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Consent] = {}

    def of_home(self, home: str) -> dict[str, Consent]:
        return {whose: consent for (at, whose), consent in self.kept.items() if at == home}

    def add(self, consent: Consent) -> None:
        self.kept.setdefault((consent.home, consent.resident), consent)

    def remove(self, home: str, resident: str) -> None:
        self.kept.pop((home, resident), None)


class FakePhotoStore:
    """`doorbell.household.ports.PhotoStore`: the keys that are there; set `breaks` to fail."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.breaks: Exception | None = None

    def copy(self, source: str, target: str) -> bool:
        if source in self.keys:
            self.keys.add(target)
        return source in self.keys

    def delete(self, key: str) -> None:
        if self.breaks:
            raise self.breaks
        self.keys.discard(key)


class FakeStoredKeys:
    """`doorbell.household.ports.StoredKeys`; `asked` is which prefixes were."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.asked: list[str] = []

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        self.asked.append(prefix)
        return iter(sorted(key for key in self.kept if key.startswith(prefix) and key > after))


class FakeMachine:
    """`doorbell.films.ports.Machine`: which films were begun; set `breaks` to fail."""

    def __init__(self) -> None:
        self.started: list[Period] = []
        self.names: list[str | None] = []
        self.breaks: Exception | None = None

    def start(self, period: Period, fps: float | None = None, name: str | None = None) -> str:
        assert fps is None
        if self.breaks:
            raise self.breaks
        self.started.append(period)
        self.names.append(name)
        return f"arn:of:{name}"


class FakeSchedules:
    """`doorbell.films.ports.Schedules`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], tuple[str, str, dict[str, object]]] = {}

    def set(self, home: str, camera: str, when: str, zone: str, asked: dict[str, object]) -> None:
        self.kept[home, camera] = when, zone, asked

    def find(self, home: str, camera: str) -> tuple[str, str] | None:
        found = self.kept.get((home, camera))
        return found and found[:2]

    def remove(self, home: str, camera: str) -> None:
        self.kept.pop((home, camera), None)


class FakeLastPictures:
    """`doorbell.household.ports.LastPictures`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], LastPicture] = {}
        self.until: list[float] = []

    def of_home(self, home: str) -> dict[str, LastPicture]:
        return {camera: kept for (at, camera), kept in self.kept.items() if at == home}

    def came(self, picture: LastPicture, keep_until: float) -> None:
        assert keep_until > picture.came_at
        self.until.append(keep_until)
        known = self.kept.get((picture.home, picture.camera))
        if known is None or known.came_at < picture.came_at:
            self.kept[picture.home, picture.camera] = picture


class FakeCameraFilms:
    """`doorbell.household.ports.CameraFilms`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str, str], CameraFilm] = {}
        self.making: dict[tuple[str, str], FilmUnderWay] = {}
        self.until: list[float] = []

    def made(self, film: CameraFilm, keep_until: float) -> None:
        assert keep_until > film.told_at
        self.until.append(keep_until)
        self.kept[film.home, film.camera, _film_place(film)] = film

    def failed(self, film: CameraFilm, keep_until: float) -> None:
        known = self.kept.get((film.home, film.camera, _film_place(film)))
        if known is None or known.mp4 is None:
            self.made(film, keep_until)

    def before(
        self, home: str, camera: str, cursor: str | None, most: int
    ) -> tuple[list[CameraFilm], str | None]:
        if cursor is not None and not re.fullmatch(r"[0-9]{13}-[A-Za-z0-9_-]{1,100}", cursor):
            raise BadSetting("There is no such page.")
        mine = {place: film for (*of, place), film in self.kept.items() if of == [home, camera]}
        places = sorted((p for p in mine if cursor is None or p < cursor), reverse=True)
        page = places[:most]
        return [mine[place] for place in page], page[-1] if len(places) > most else None

    def under_way(self, home: str, camera: str) -> FilmUnderWay | None:
        return self.making.get((home, camera))

    def begin(self, film: FilmUnderWay, now: float) -> None:
        known = self.under_way(film.home, film.camera)
        if known and known.expires_at > now:
            raise Conflict
        self.making[film.home, film.camera] = film

    def ended(self, home: str, camera: str, film: str) -> None:
        known = self.under_way(home, camera)
        if known and known.id == film:
            self.making[home, camera] = known._replace(expires_at=0)


def _film_place(film: CameraFilm) -> str:
    return f"{millis(film.end)}-{film.id}"


@dataclass
class FakeHousehold:
    """A household whose every part can be looked into; `made` is the house around it."""

    devices: FakeHomeDevices = field(default_factory=FakeHomeDevices)
    visits: FakeVisits = field(default_factory=FakeVisits)
    consents: FakeConsents = field(default_factory=FakeConsents)
    store: FakePhotoStore = field(default_factory=FakePhotoStore)
    stored: FakeStoredKeys = field(default_factory=FakeStoredKeys)
    films: FakeMachine = field(default_factory=FakeMachine)
    schedules: FakeSchedules = field(default_factory=FakeSchedules)
    last_pictures: FakeLastPictures = field(default_factory=FakeLastPictures)
    camera_films: FakeCameraFilms = field(default_factory=FakeCameraFilms)
    activity: FakeActivity = field(default_factory=FakeActivity)

    def __post_init__(self) -> None:
        self.made = FakeServices(Settings(), devices=self.devices)
        self.clock = self.made.clock
        self.settings = FakeSettings(self.devices)
        self.subscriptions = FakeSubscriptions(self.devices)
        self.pairings = FakePairings(self.devices, self.settings)
        self.presences = FakePresences(self.devices)
        self.residents = FakeResidentPhotos(self.made.residents)

    @property
    def household(self) -> Household:
        """What jobs get."""
        return Household(
            devices=self.devices,
            connections=self.made.connections,
            sockets=self.made.sockets,
            activity=self.activity,
            settings=self.settings,
            subscriptions=self.subscriptions,
            pairings=self.pairings,
            presences=self.presences,
            visits=self.visits,
            rings=self.made.rings,
            opens=self.made.opens,
            pins=self.made.passcodes,
            residents=self.residents,
            consents=self.consents,
            store=self.store,
            stored=self.stored,
            films=self.films,
            schedules=self.schedules,
            last_pictures=self.last_pictures,
            camera_films=self.camera_films,
            photos=FakePhotos(),
            bus=self.made.bus,
            code_key=lambda: KEY,
            clock=self.clock,
            randbelow=self.made.dice,
            picture_days=30,
            history_days=30,
            offline_after=600,
            open_valid_for=15,
            stack="doorbell",
            origin=ORIGIN,
            loopback_push=False,
        )


def make_household() -> FakeHousehold:
    """A household of two homes, one of which Ada manages."""
    made = FakeHousehold()
    for device in EVERYBODY:
        made.devices.add(device)
    made.settings.make_manager(ADA.home, ADA.id)
    return made
