"""A house whose phones are in pockets: what notices work with, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from doorbell.errors import NotDelivered
from doorbell.household.model import HomeSettings, PhoneSettings, Quiet, Subscription
from doorbell.push.model import Messenger, Sending, Taken
from doorbell.push.services import Notifying, Pushing
from tests.fakes import Clock, FakeServices, make_services

if TYPE_CHECKING:
    from collections.abc import Callable

    from doorbell.model import Device


class FakeSubscriptions:
    """`doorbell.household.ports.Subscriptions`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Subscription] = {}

    def of_home(self, home: str) -> list[Subscription]:
        return [each for (of, _), each in self.kept.items() if of == home]

    def find(self, home: str, device: str) -> Subscription | None:
        return self.kept.get((home, device))

    def add(self, subscription: Subscription) -> None:
        self.kept[subscription.home, subscription.device] = subscription

    def remove(self, home: str, device: str, endpoint: str | None = None) -> None:
        known = self.kept.get((home, device))
        if known and endpoint in (None, known.endpoint):
            del self.kept[home, device]


class FakeSettings:
    """`doorbell.household.ports.AllSettings`, as far as notices read it."""

    def __init__(self) -> None:
        self.quiet_homes: dict[str, Quiet] = {}
        self.quiet_phones: dict[tuple[str, str], Quiet] = {}

    def of_home(self, home: str) -> HomeSettings:
        return HomeSettings(home, self.quiet_homes.get(home, Quiet()))

    def phones(self, home: str) -> list[PhoneSettings]:
        return [
            PhoneSettings(of, device, quiet=quiet)
            for (of, device), quiet in self.quiet_phones.items()
            if of == home
        ]


class FakeHomeDevices:
    """`doorbell.household.ports.HomeDevices`, as far as notices read it."""

    def __init__(self, made: FakeServices) -> None:
        self._made = made

    def find(self, home: str, device: str) -> Device | None:
        return self._made.devices.find(home, device)

    def all(self, home: str) -> list[Device]:
        return [each for (of, _), each in self._made.devices.known.items() if of == home]


class FakePush:
    """`doorbell.push.ports.PushServices`: `answers` by endpoint, the last one for ever."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.sent: list[Sending] = []
        self.at: list[float] = []
        self.answers: dict[str, list[Taken | Exception]] = {}
        self.before: Callable[[], None] = lambda: None

    def post(self, sending: Sending, within: float) -> Taken:
        assert within > 0
        self.before()
        self.sent.append(sending)
        self.at.append(self._clock())
        answers = self.answers.get(sending.endpoint, [Taken(201)])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeMessengers:
    """`doorbell.push.ports.Messengers`."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str, bytes | None]] = []
        self.broken: set[str] = set()

    def send(self, messenger: Messenger, title: str, text: str, photo: bytes | None) -> None:
        if messenger.url in self.broken:
            raise NotDelivered("it did not take the message")
        self.sent.append((messenger.url, title, text, photo))


class FakeTopic:
    """`doorbell.push.ports.Topic`."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.broken = False

    def publish(self, text: str) -> None:
        if self.broken:
            raise ConnectionError
        self.said.append(text)


class FakeVisitorPhotos:
    """`doorbell.push.ports.VisitorPhotos`."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def read(self, key: str) -> bytes | None:
        return self.kept.get(key)


class FakeSecrets:
    """`doorbell.push.ports.MessengerSecrets`."""

    def __init__(self) -> None:
        self.kept: dict[str, list[Messenger]] = {}

    def of_home(self, home: str) -> list[Messenger]:
        return self.kept.get(home, [])


@dataclass
class Pockets:
    """Everything in one hand."""

    made: FakeServices
    subscriptions: FakeSubscriptions = field(default_factory=FakeSubscriptions)
    settings: FakeSettings = field(default_factory=FakeSettings)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    messengers: FakeMessengers = field(default_factory=FakeMessengers)
    topic: FakeTopic = field(default_factory=FakeTopic)
    photos: FakeVisitorPhotos = field(default_factory=FakeVisitorPhotos)

    def __post_init__(self) -> None:
        self.devices = FakeHomeDevices(self.made)
        self.push = FakePush(self.made.clock)

    @property
    def pushing(self) -> Pushing:
        """What notices to browsers work with."""
        clock = self.made.clock
        return Pushing(
            services=self.made.services, devices=self.devices, settings=self.settings,
            subscriptions=self.subscriptions, push=self.push, clock=clock, sleep=clock.sleep,
            jitter=lambda: 1.0,
        )  # fmt: skip

    @property
    def notifying(self) -> Notifying:
        """What messages work with."""
        return Notifying(
            services=self.made.services, devices=self.devices, settings=self.settings,
            secrets=self.secrets, messengers=self.messengers, topic=self.topic,
            photos=self.photos, clock=self.made.clock,
        )  # fmt: skip

    def subscribe(self, device: Device, *, on_lock_screen: bool = False) -> str:
        """This phone's browser takes notices; its endpoint."""
        endpoint = f"https://push.example.org/{device.home}/{device.id}"
        self.subscriptions.add(
            Subscription(device.home, device.id, endpoint, "key", "auth", on_lock_screen, 0.0)
        )
        return endpoint

    def sent_to(self, endpoint: str) -> list[Sending]:
        """What this endpoint was sent, in order."""
        return [each for each in self.push.sent if each.endpoint == endpoint]


def pockets() -> Pockets:
    """A house with devices of two homes, and nobody subscribed."""
    return Pockets(make_services())
