"""The household is looked after from the app: people, guests, phones, history, quiet hours."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import httpx
from playwright.sync_api import expect

from demo.device import Device
from demo.people import Person, portrait
from doorbell.protocol import (
    Declined,
    Enrolled,
    EnterCode,
    Open,
    Opened,
    Refused,
    RingThrough,
    Welcome,
)
from operations import devices
from tests.app.conftest import Paired, unpaired
from tests.stories.doorstep import Home, PhotoOf, ring

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.phone.page import App


def type_pin(door: Device, pin: str) -> None:
    """The PIN opens the door, which says so."""
    door.send(EnterCode(pin))
    order = door.hear(Open)
    assert order.ring is None
    door.send(Opened(order.open))


def make_pin(app: App, guest: str, uses: int = 1) -> str:
    """A guest is invited for today, to all doors; the PIN as it is shown."""
    app.go("Guests")
    app.link("Invite a guest").click()
    app.field("Who comes").fill(guest)
    app.field("How many times").fill(str(uses))
    app.button("Make a PIN").click()
    return app.pin()


def test_somebody_is_enrolled_from_a_file_and_the_next_ring_knows_them(
    anna: App, door: Device, photo_of: PhotoOf, tmp_path: Path
) -> None:
    picture = tmp_path / "me.jpeg"
    picture.write_bytes(portrait(Person.EILEEN))
    anna.go("Residents")
    anna.link("Add a resident").click()
    anna.field("Name").fill("Eileen")
    anna.agree()
    anna.choose_photos(str(picture))
    expect(anna.text("Face found")).to_be_visible()
    ring(door, photo_of(Person.EILEEN))
    door.hear(Welcome)


def test_this_is_somebody_on_a_ring_s_photo_and_then_they_are_known(
    resident: Person, anna: App, door: Device, photo_of: PhotoOf, home: Home
) -> None:
    with Device("phone", home.websocket, home.phone) as phone:
        ring(door, photo_of(Person.GRACE))
        door.hear(RingThrough)
        anna.decline()
        anna.ring_says("Declined")
        anna.ring.get_by_role("button", name="Close", exact=True).click()
        anna.go("History")
        anna.page.get_by_role("link", name=re.compile("Front door")).first.click()
        anna.field("This is").fill("Grace")
        anna.agree()
        anna.button("Remember this face").click()
        expect(anna.text("Grace is known at the door")).to_be_visible()
        assert phone.hear(Enrolled).resident == "Grace"
    ring(door, photo_of(Person.GRACE))
    door.hear(Welcome)


def test_a_guest_s_pin_opens_as_often_as_was_said_and_the_phones_hear_who_came(
    anna: App, door: Device
) -> None:
    pin = make_pin(anna, "Plumber", uses=2)
    anna.button("Done").click()
    for _ in range(2):
        type_pin(door, pin)
        expect(anna.text("Plumber").first).to_be_visible()
    door.send(EnterCode(pin))
    assert door.hear(Refused).reason == "used"
    anna.go("History")
    expect(anna.text("Plumber").first).to_be_visible()


def test_a_pin_that_is_withdrawn_opens_nothing(anna: App, door: Device) -> None:
    pin = make_pin(anna, "Plumber")
    anna.button("Done").click()
    anna.button("Withdraw").click()
    anna.confirm("Withdraw")
    expect(anna.text("Nobody is expected.")).to_be_visible()
    door.send(EnterCode(pin))
    assert door.hear(Refused).reason == "none"


def test_a_revoked_phone_says_so_and_forgets_everything(paired: Paired, home: Home) -> None:
    ben = paired("Ben's phone", manager=False)
    devices.revoke(home.stack.deployed, "Ben's phone", home.id)
    expect(ben.heading("This phone was removed")).to_be_visible()
    ben.page.goto(ben.origin)
    expect(ben.heading("Your door, in your hand")).to_be_visible()


def test_a_link_made_on_a_phone_pairs_one_other_and_no_second(browser: Browser, anna: App) -> None:
    anna.go("Settings")
    anna.link("Add a phone").click()
    anna.field("What the phone is called").fill("Tablet")
    with anna.page.expect_response("**/api/pairings") as made:
        anna.button("Make a pairing code").click()
    link = made.value.json()["link"]
    expect(anna.page.get_by_role("img", name=re.compile("Pairing code"))).to_be_visible()
    tablet, second = unpaired(browser, anna.origin), unpaired(browser, anna.origin)
    tablet.pair(link)
    second.open_link(link)
    second.button("Pair this phone").click()
    expect(second.page.get_by_role("alert").first).to_contain_text(re.compile("used"))
    for app in (tablet, second):
        app.page.context.close()


def test_the_last_manager_cannot_be_unmade_and_another_can(paired: Paired, home: Home) -> None:
    """The household's own phone came first and is one too: it goes, then Anna is the last."""
    anna = paired("Anna's phone")
    devices.revoke(home.stack.deployed, "Phone", home.id)
    token = anna.page.evaluate(TOKEN)
    api = httpx.Client(
        base_url=anna.origin, headers={"Authorization": f"Bearer {token}"}, trust_env=False
    )
    mine = api.get("/api/home").json()["phone"]["id"]
    refused = api.patch(f"/api/devices/{mine}", json={"manager": False})
    assert (refused.status_code, refused.json()["name"]) == (409, "last_manager")
    assert api.delete(f"/api/devices/{mine}").json()["name"] == "last_manager"


def test_the_door_chimes_in_quiet_hours_and_a_code_still_comes(
    resident: Person, paired: Paired, door: Device, photo_of: PhotoOf
) -> None:
    eileen = paired("Eileen's phone", "Eileen")
    token = eileen.page.evaluate(TOKEN)
    quiet = {"hours": None, "until": time.time() + 3600}
    answer = httpx.put(
        f"{eileen.origin}/api/me/quiet-hours",
        json=quiet,
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    )
    assert answer.status_code == 204
    ring(door, photo_of(Person.GRACE))
    door.hear(RingThrough)
    eileen.decline()
    door.hear(Declined)
    ring(door, photo_of(resident))
    door.hear(Welcome)
    eileen.shown_code()


TOKEN = """() => new Promise((resolve, reject) => {
  const request = indexedDB.open("doorbell", 1);
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const get = request.result.transaction("kept").objectStore("kept").get("paired");
    get.onsuccess = () => { request.result.close(); resolve(get.result.token); };
  };
})"""
"""The token that the app keeps."""
