"""The household is looked after from the same place: history, residents, guests, devices."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from playwright.sync_api import expect

from demo.people import Person, door_photo
from tests.phone.fake_home import problem, visit
from tests.phone.fake_server import PUSH_KEY

if TYPE_CHECKING:
    from pathlib import Path

    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App


def open_page(app: App, path: str) -> None:
    app.page.evaluate("path => { location.hash = path; }", f"#/{path}")


def test_the_first_page_tells_doors_and_last_visits(app: App) -> None:
    expect(app.text("Front door · ready")).to_be_visible()
    expect(app.text("Garden gate · offline for 2 hours")).to_be_visible()
    expect(app.text("Let in by Eileen")).to_be_visible()


@pytest.mark.own_phone
def test_without_a_network_the_last_history_is_shown(app: App) -> None:
    app.page.evaluate("navigator.serviceWorker.ready.then(() => 1)")
    app.page.wait_for_function("caches.keys().then(names => names.length > 0)")
    app.page.context.set_offline(True)
    app.page.reload()
    expect(app.text("this is how it was last seen")).to_be_visible()
    expect(app.text("Let in by Eileen")).to_be_visible()
    expect(app.not_connected).to_be_visible()


def test_the_history_comes_in_pages_without_gap_or_double(app: App, cloud: FakeCloud) -> None:
    cloud.home.visits = [visit(f"v{n}", by=f"Number {n}", outcome="declined") for n in range(45)]
    app.go("History")
    for _ in range(2):
        app.page.mouse.wheel(0, 20000)
        app.page.wait_for_timeout(300)
    rows = app.page.get_by_text(re.compile(r"Declined by Number \d+"))
    expect(rows).to_have_count(45)
    expect(app.button("Load more")).to_be_hidden()


def test_the_history_can_be_narrowed(app: App) -> None:
    app.go("History")
    expect(app.text("Plumber")).to_be_visible()
    app.button("Missed").click()
    expect(app.text("Plumber")).to_be_hidden()
    expect(app.button("Missed")).to_have_attribute("aria-pressed", "true")
    expect(app.button("Missed")).to_be_focused()


def test_a_photo_that_is_gone_leaves_quietly(app: App, cloud: FakeCloud) -> None:
    cloud.photos.clear()
    app.page.reload()
    app.go("History")
    expect(app.heading("Today")).to_be_visible()
    expect(app.page.locator("img")).to_have_count(0)


def test_a_face_of_the_history_becomes_a_resident(app: App, cloud: FakeCloud) -> None:
    open_page(app, "visit/r1")
    app.field("This is").fill("Grace")
    app.button("Remember this face").click()
    expect(app.text("has to agree first")).to_be_visible()
    app.agree()
    app.button("Remember this face").click()
    expect(app.text("Grace is known at the door")).to_be_visible()
    assert ("POST", "/rings/r1/face", {"resident": "Grace", "consent": True}) in cloud.home.asked


def test_a_new_resident_is_enrolled_and_each_photo_tells_its_result(
    app: App, cloud: FakeCloud, tmp_path: Path
) -> None:
    cloud.home.failures = [None, "too_dark"]
    files = []
    for number in range(2):
        file = tmp_path / f"{number}.jpeg"
        file.write_bytes(door_photo(Person.GRACE, number))
        files.append(str(file))
    open_page(app, "new-resident")
    app.field("Name").fill("Anna")
    app.agree()
    app.choose_photos(files[0])
    expect(app.text("Face found")).to_be_visible()
    app.choose_photos(files[1])
    expect(app.text("Too dark. Find more light.")).to_be_visible()


def test_photos_wait_for_name_and_consent(app: App) -> None:
    open_page(app, "new-resident")
    app.text("Choose photos").click()
    expect(app.text("Enter the name first.")).to_be_visible()
    app.field("Name").fill("Anna")
    app.text("Choose photos").click()
    expect(app.text("Tick the box first")).to_be_visible()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("letter.jpeg", b"Dear Eileen, this is no photo.", "This file is not a photo."),
        ("iphone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), "cannot read HEIC"),
        ("torn.jpeg", b"\xff\xd8\xff\xe0" + bytes(99), "This photo cannot be read."),
    ],
)
def test_a_file_that_is_no_photo_is_refused_with_a_word_that_helps(
    app: App, cloud: FakeCloud, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    open_page(app, "residents/Eileen")
    app.agree()
    app.choose_photos(str(tmp_path / name))
    expect(app.text(words)).to_be_visible()
    assert not [path for method, path, _ in cloud.home.asked if method == "POST"]


def test_a_huge_photo_is_made_small_upright_and_tells_no_place(
    app: App, cloud: FakeCloud, tmp_path: Path
) -> None:
    image = Image.effect_noise((2400, 1800), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Secret camera"
    image.save(tmp_path / "huge.jpeg", exif=exif)
    with (tmp_path / "huge.jpeg").open("ab") as file:
        file.write(bytes(20_000_000))
    open_page(app, "residents/Eileen")
    app.agree()
    app.choose_photos(str(tmp_path / "huge.jpeg"))
    expect(app.text("Face found")).to_be_visible(timeout=15_000)
    sent = next(data for name, data in cloud.photos.items() if name.startswith("photo"))
    assert Image.open(io.BytesIO(sent)).size == (1200, 1600)
    assert b"Secret" not in sent


def test_a_residents_page_says_who_said_that_they_agree(app: App, cloud: FakeCloud) -> None:
    """Or that nobody did, as of a photo put by hand; or that whoever did was forgotten since."""
    open_page(app, "residents/Eileen")
    expect(app.text("Eileen's phone said that this person agrees")).to_be_visible()
    open_page(app, "residents/Grace")
    expect(app.text("Nobody has said that this person agrees.")).to_be_visible()
    cloud.home.residents[0]["consent"]["by"] = ""
    open_page(app, "residents/Eileen")
    expect(app.text("Somebody said that this person agrees")).to_be_visible()


def test_a_resident_is_renamed_and_removed(app: App, cloud: FakeCloud) -> None:
    open_page(app, "residents/Grace")
    app.button("Rename").click()
    app.dialog.get_by_label("Name").fill("Grace Hopper")
    app.confirm("Save")
    expect(app.heading("Grace Hopper")).to_be_visible()
    app.page.locator(".actions").get_by_role("button", name="Remove").click()
    app.confirm("Remove")
    expect(app.heading("Residents")).to_be_visible()
    assert ("DELETE", "/residents/Grace Hopper", {}) in cloud.home.asked


def test_a_guest_gets_a_pin_that_is_shown_once(app: App, cloud: FakeCloud) -> None:
    app.go("Guests")
    app.link("Invite a guest").click()
    app.field("Who comes").fill("Aunt")
    app.button("Make a PIN").click()
    assert app.pin() == "042137"
    made = cloud.home.asked[-1][2]
    assert (made["uses"], made["doors"]) == (1, ["door1", "door2"])
    assert made["start"] < made["end"] < made["start"] + 26 * 3600
    app.button("Done").click()
    expect(app.heading("Aunt").first).to_be_visible()
    expect(app.text("042137")).to_have_count(0)


def test_a_pin_is_withdrawn_after_a_question(app: App, cloud: FakeCloud) -> None:
    app.go("Guests")
    app.button("Withdraw").first.click()
    app.confirm("Cancel")
    assert len(cloud.home.guests) == 3
    app.button("Withdraw").first.click()
    app.confirm("Withdraw")
    expect(app.heading("Cleaner")).to_have_count(0)


def test_quiet_hours_are_set_and_a_change_elsewhere_is_told(app: App, cloud: FakeCloud) -> None:
    app.go("Settings")
    app.page.get_by_role("switch", name="Quiet hours on this phone").check()
    expect(app.field("From")).to_have_value("22:00")
    assert cloud.home.mine["quiet"]["hours"]["end"] == "07:00"
    cloud.home.problems["PUT /home/quiet-hours"] = problem(412, "changed")
    home = app.page.get_by_role("switch", name="Quiet hours on all phones")
    home.click()
    expect(app.text("Another phone has changed this")).to_be_visible()
    expect(home).not_to_be_checked()
    app.button("For an hour").click()
    expect(app.text("Do not disturb until")).to_be_visible()


def test_a_phone_is_added_by_a_code_to_photograph(app: App, cloud: FakeCloud) -> None:
    app.go("Settings")
    app.link("Add a phone").click()
    app.field("What the phone is called").fill("Anna's phone")
    app.field("Whose codes it gets").select_option("Grace")
    app.button("Make a pairing code").click()
    expect(app.page.get_by_role("img", name="Pairing code")).to_be_visible()
    assert cloud.home.asked[-1][2] == {
        "name": "Anna's phone", "resident": "Grace", "manager": False
    }  # fmt: skip


def test_devices_are_renamed_and_revoked_and_the_last_manager_stays(
    app: App, cloud: FakeCloud
) -> None:
    app.go("Settings")
    app.link("Kitchen tablet").click()
    app.button("Rename").click()
    app.dialog.get_by_label("Name").fill("Hall tablet")
    app.confirm("Save")
    expect(app.heading("Hall tablet")).to_be_visible()
    app.button("Revoke").click()
    app.confirm("Revoke")
    expect(app.heading("Settings")).to_be_visible()
    assert ("DELETE", "/devices/phone3", {}) in cloud.home.asked
    cloud.home.problems["PATCH /devices/phone1"] = problem(409, "last_manager")
    app.link("Eileen's phone").click()
    manages = app.page.get_by_role("switch", name="Manages the home")
    manages.click()
    expect(app.text("Make another phone a manager first")).to_be_visible()
    expect(manages).to_be_checked()


def test_a_phone_that_manages_nothing_is_offered_no_change(app: App, cloud: FakeCloud) -> None:
    cloud.home.phone["manager"] = False
    app.page.reload()
    for place, words in [("Residents", "Add a resident"), ("Guests", "Invite a guest"),
                         ("Settings", "Add a phone")]:  # fmt: skip
        app.go(place)
        expect(app.page.locator(".card").first).to_be_visible()
        expect(app.text(words)).to_have_count(0)


def test_notices_say_how_they_really_stand(app: App, cloud: FakeCloud) -> None:
    """Off until they are turned on; and where a home sends none, that."""
    app.go("Settings")
    expect(app.page.get_by_role("switch", name="Notices when the app")).not_to_be_checked()
    cloud.config["push"] = None
    try:
        app.page.reload()
        app.go("Settings")
        expect(app.text("This home sends no notices to closed apps.")).to_be_visible()
    finally:
        cloud.config["push"] = PUSH_KEY
