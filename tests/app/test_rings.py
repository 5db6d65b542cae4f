"""Somebody rings, and the app in a hand shows it: real browser, real faces, the whole stack."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from demo.people import Person
from doorbell.aws.apigateway import ApiGatewaySockets
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.table import Table
from doorbell.protocol import Declined, EnterCode, Open, Opened, Ring, Ticket, Welcome
from tests.stories.doorstep import Home, PhotoOf, put, ring

if TYPE_CHECKING:
    from demo.device import Device
    from doorbell.model import Connection
    from tests.app.conftest import Paired
    from tests.phone.page import App


def opens(door: Device) -> Open:
    """The door is told to open, does it, and says so."""
    order = door.hear(Open)
    door.send(Opened(order.open))
    return order


def connected(home: Home) -> list[Connection]:
    """The sockets of this home's phones, once there is one."""
    at, deadline = home.stack.deployed, time.monotonic() + 20
    table = ConnectionTable(Table(at.client, at.table))
    while not (found := table.of(home.id, "phone")) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def hang_up(home: Home) -> None:
    """The cloud closes all phones' sockets of this home."""
    sockets = ApiGatewaySockets(home.stack.deployed.client)
    for each in connected(home):
        sockets.close(each.id)


def test_a_resident_s_ring_shows_the_code_and_typing_it_opens(
    resident: Person, paired: Paired, door: Device, photo_of: PhotoOf
) -> None:
    eileen = paired("Eileen's phone", "Eileen")
    ring(door, photo_of(resident))
    door.hear(Welcome)
    code = eileen.shown_code()
    door.send(EnterCode(code))
    opens(door)
    eileen.ring_says("Opened")


def test_a_stranger_s_ring_shows_the_photo_and_holding_lets_in(
    resident: Person, anna: App, door: Device, photo_of: PhotoOf
) -> None:
    door.send(Ring())
    ticket = door.hear(Ticket)
    anna.ring_says("Someone is at Front door")
    assert put(ticket.upload, photo_of(Person.GRACE)) == 200
    expect(anna.visitor_photo).to_be_visible()
    assert anna.visitor_photo.evaluate("image => image.decode().then(() => image.naturalWidth)")
    anna.let_in()
    assert opens(door).ring == ticket.ring
    anna.ring_says(re.compile("Opened|let in", re.IGNORECASE))


def test_declining_tells_the_door_and_the_other_phone_who_did(
    resident: Person, paired: Paired, door: Device, photo_of: PhotoOf
) -> None:
    anna, ben = paired("Anna's phone"), paired("Ben's phone")
    ring(door, photo_of(Person.GRACE))
    expect(ben.visitor_photo).to_be_visible()
    anna.decline()
    door.hear(Declined)
    ben.ring_says("Anna's phone")


def test_a_reload_in_the_middle_of_a_ring_shows_it_once_and_it_can_be_answered(
    resident: Person, anna: App, door: Device, photo_of: PhotoOf
) -> None:
    ring(door, photo_of(Person.GRACE))
    expect(anna.visitor_photo).to_be_visible()
    anna.page.reload()
    expect(anna.visitor_photo).to_have_count(1)
    anna.let_in()
    opens(door)


def test_a_code_survives_a_reload(
    resident: Person, paired: Paired, door: Device, photo_of: PhotoOf
) -> None:
    eileen = paired("Eileen's phone", "Eileen")
    ring(door, photo_of(resident))
    eileen.shown_code()
    eileen.page.reload()
    door.send(EnterCode(eileen.shown_code()))
    opens(door)


def test_a_phone_that_lost_its_line_shows_the_truth_when_it_is_back(
    resident: Person, home: Home, anna: App, door: Device, photo_of: PhotoOf
) -> None:
    assert connected(home)
    anna.page.context.set_offline(True)
    hang_up(home)
    expect(anna.not_connected).to_be_visible()
    ring(door, photo_of(Person.GRACE))
    anna.page.context.set_offline(False)
    expect(anna.visitor_photo).to_be_visible()
    anna.let_in()
    opens(door)


def test_an_answer_that_came_second_says_so(
    resident: Person, paired: Paired, door: Device, photo_of: PhotoOf
) -> None:
    anna, ben = paired("Anna's phone"), paired("Ben's phone")
    ring(door, photo_of(Person.GRACE))
    expect(ben.visitor_photo).to_be_visible()
    expect(anna.visitor_photo).to_be_visible()
    anna.let_in()
    order = door.hear(Open)
    ben.let_in()
    ben.ring_says("Another phone was quicker")
    door.send(Opened(order.open))
    ben.ring_says("Anna's phone")
