"""No phone has the app open: the machine has the code pushed, and rings if nobody takes it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from demo.people import Person
from doorbell.auth import new_device
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.home_devices import HomeDeviceTable
from doorbell.aws.dynamodb.subscriptions import SubscriptionTable
from doorbell.household.model import Subscription
from doorbell.protocol import EnterCode, Open, RingThrough, Visitor, Welcome
from tests.push_service import Answer, Browser, push_service
from tests.statemachines.scene import seen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from demo.device import Device
    from tests.statemachines.scene import Scene
    from tests.template.sources import Tree


@pytest.fixture
def browser(patient: Scene) -> Iterator[Browser]:
    """The browser of Grace's phone, whose app is closed."""
    patient.forget_codes()
    device, _ = new_device(patient.home, "phone", "Grace's phone", "Grace")
    with push_service() as service:
        browser = Browser(service, "grace")
        DeviceTable(patient.table).add(device)
        subscription = Subscription(
            patient.home, device.id, browser.endpoint, browser.p256dh, browser.auth,
            code_on_lock_screen=False, added_at=time.time(),
        )  # fmt: skip
        SubscriptionTable(patient.table).add(subscription)
        yield browser
        HomeDeviceTable(patient.table).remove(patient.home, device.id)


def test_a_code_that_was_pushed_keeps_the_bell_quiet(
    patient: Scene, door: Device, browser: Browser
) -> None:
    """The machine learns only that: the code stands in no state."""
    ring = patient.pressed()
    visit = patient.photographed(ring, seen(Person.GRACE))
    code = browser.hear("code", ring=ring)["code"]
    door.hear(Welcome, ring=ring)
    assert patient.works.ended(visit) == "SUCCEEDED"
    run = patient.works.read(visit)
    assert run.states() == ["Claim", "SearchFaces", "IssueCode", "PushCode"]
    assert run.result("PushCode") == {"answer": "pushed", "by": ""}
    assert code not in str(run)
    assert door.all_about(ring) == ["Welcome"]
    found = patient.rings.find(patient.home, ring)
    assert found
    assert found.decision == "resident"
    door.send(EnterCode(code))
    door.hear(Open, ring=ring)


def test_a_code_that_nobody_took_rings(
    patient: Scene, door: Device, phone: Device, browser: Browser
) -> None:
    browser.service.answers[browser.path] = [Answer(400)]
    ring = patient.pressed()
    visit = patient.photographed(ring, seen(Person.GRACE))
    assert door.hear(RingThrough, ring=ring).reason == "no_phone"
    assert phone.hear(Visitor, ring=ring).reason == "no_phone"
    assert patient.works.read(visit).states()[-3:] == ["IssueCode", "PushCode", "RingThrough"]
    patient.works.stop(visit)


def test_a_face_that_is_forgotten_meanwhile_rings_as_a_strangers(
    patient: Scene, door: Device, phone: Device
) -> None:
    """Between the look for a socket and the push."""

    def forget(states: Tree) -> None:
        states["PushCode"]["Arguments"]["Payload"]["face"] = "forgotten"
        photo = states["SearchFaces"]["Arguments"]["Image"]["S3Object"]
        photo["Name"] = f"residents/{patient.home}/Grace/portrait.jpeg"

    patient.forget_codes()
    ring = patient.pressed()
    visit = patient.works.start(patient.works.broken("Visitor", forget), patient.came(ring))
    assert door.hear(RingThrough, ring=ring).reason == "stranger"
    assert phone.hear(Visitor, ring=ring).reason == "stranger"
    assert patient.works.read(visit).states()[-2:] == ["PushCode", "RingThrough"]
    patient.works.stop(visit)


def test_where_notices_are_down_the_bell_rings(patient: Scene, door: Device, phone: Device) -> None:
    """The function cannot be called at all."""

    def lose(states: Tree) -> None:
        del states["PushCode"]["Retry"]
        states["PushCode"]["Arguments"]["FunctionName"] += "-that-is-not"
        # A photo of Grace that starts no machine but this one.
        photo = states["SearchFaces"]["Arguments"]["Image"]["S3Object"]
        photo["Name"] = f"residents/{patient.home}/Grace/portrait.jpeg"

    patient.forget_codes()
    ring = patient.pressed()
    down = patient.works.broken("Visitor", lose)
    visit = patient.works.start(down, patient.came(ring))
    assert door.hear(RingThrough, ring=ring).reason == "no_phone"
    assert phone.hear(Visitor, ring=ring).reason == "no_phone"
    assert patient.works.read(visit).states()[-2:] == ["PushCode", "RingThrough"]
    patient.works.stop(visit)
