"""PhoneApi: pairing, the home as a phone sees it, what is chosen for it, and its devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import segno

from doorbell.household.model import Presence, Quiet, QuietHours, Subscription
from tests.fakes import ADA, BOB, CAMERA, DOOR, FOREIGN_PHONE, KITCHEN, NOON
from tests.functions.phone import BODIES, KEYS, QUIET, Phone
from tests.household_fakes import ORIGIN

if TYPE_CHECKING:
    from tests.household_fakes import FakeHousehold

NONE_SUCH = "This home has none such."
NIGHT = QuietHours("22:00", "07:00", "Europe/Berlin")


# --- pairing ----------------------------------------------------------------------------


def test_a_manager_s_code_lets_one_more_phone_in(made: FakeHousehold) -> None:
    asked = {"name": "Eve's phone", "resident": "Eve", "manager": True}
    pairing = Phone().ask("POST", "pairings", asked)
    assert pairing.status == 201
    code = pairing.json["code"]
    assert pairing.json["link"] == f"{ORIGIN}/#pair={code}"
    assert pairing.json["expires_at"] == NOON + 600
    paired = Phone(None).ask("POST", f"pairings/{code}", {})
    assert paired.status == 201
    phone = paired.json["phone"]
    assert (phone["name"], phone["resident"], phone["manager"]) == ("Eve's phone", "Eve", True)
    assert paired.json["home"] == "home"
    home = Phone(paired.json["token"]).ask("GET", "home").json
    assert home["phone"] == phone


@pytest.mark.usefixtures("made")
def test_the_code_is_drawn_as_the_link_s_qr_code_without_its_margin() -> None:
    pairing = Phone().ask("POST", "pairings", {"name": "Tablet"}).json
    drawn = segno.make(pairing["link"], error="m", micro=False)
    assert pairing["qr"] == ["".join(map(str, row)) for row in drawn.matrix]
    assert len({len(row) for row in pairing["qr"]}) == 1
    assert pairing["qr"][0].startswith("11111110")


@pytest.mark.usefixtures("made")
def test_a_phone_joins_under_another_name_if_it_says_one() -> None:
    for body, name in (({"name": " Küche "}, "Küche"), ({"name": None}, "Tablet"), ({}, "Tablet")):
        code = Phone().ask("POST", "pairings", {"name": "Tablet"}).json["code"]
        assert Phone(None).ask("POST", f"pairings/{code}", body).json["phone"]["name"] == name


def test_wrong_used_and_expired_codes_are_answered_alike(made: FakeHousehold) -> None:
    used, expired = (Phone().ask("POST", "pairings", {"name": "x"}).json["code"] for _ in "ab")
    Phone(None).ask("POST", f"pairings/{used}", {})
    made.clock.now += 600
    codes = (used, expired, "home.wrong", "nowhere.x", "", "%00", "x" * 5000, "home.%ED%A0%80")
    answers = [Phone(None).ask("POST", f"pairings/{code}", {}) for code in codes]
    assert {(each.status, each.problem) for each in answers} == {(404, "no_such_pairing")}
    assert len({each.text for each in answers}) == 1


@pytest.mark.parametrize("name", ["two\nlines", "code", " ", "\u009bx"])
@pytest.mark.usefixtures("made")
def test_a_name_that_cannot_be_kept_is_refused(name: str) -> None:
    code = Phone().ask("POST", "pairings", {"name": "x"}).json["code"]
    for answer in (
        Phone().ask("POST", "pairings", {"name": name}),
        Phone().ask("POST", "pairings", {"name": "x", "resident": name}),
        Phone(None).ask("POST", f"pairings/{code}", {"name": name}),
        Phone().ask("PATCH", "devices/bob", {"name": name}),
        Phone().ask("POST", "guests", BODIES["addGuest"] | {"name": name}),
    ):
        assert (answer.status, answer.problem) == (400, "bad_name")


# --- the home ---------------------------------------------------------------------------


def test_the_home_as_a_phone_sees_it(made: FakeHousehold) -> None:
    made.made.connect(DOOR)
    made.devices.seen["home", DOOR.id] = Presence("home", DOOR.id, NOON - 60)
    made.settings.set_home_quiet("home", Quiet(NIGHT, NOON + 60), 0)
    made.settings.set_phone_quiet("home", BOB.id, Quiet(None, NOON + 5))
    made.subscriptions.add(Subscription("home", BOB.id, "https://x", "p", "a", True, NOON))
    answer = Phone.of(BOB).ask("GET", "home")
    assert answer.status == 200
    assert answer.headers["etag"] == '"1"'
    home = answer.json
    assert (home["home"], home["history_days"]) == ("home", 30)
    assert home["phone"]["id"] == BOB.id
    assert [device["id"] for device in home["devices"]] == [
        "front", "front-2", "ada", "bob", "kitchen", "camera"
    ]  # fmt: skip
    assert home["devices"][0] == {
        "id": "front", "role": "door", "name": "Front", "resident": None, "manager": False,
        "online": True, "last_seen": NOON - 60, "offline_since": None,
    }  # fmt: skip
    assert home["quiet"] == {"hours": NIGHT._asdict(), "until": NOON + 60}
    assert home["mine"] == {
        "quiet": {"hours": None, "until": NOON + 5}, "push": True, "code_on_lock_screen": True
    }  # fmt: skip


def test_another_phone_s_choices_and_subscriptions_are_its_own(made: FakeHousehold) -> None:
    made.settings.set_phone_quiet("home", BOB.id, Quiet(NIGHT))
    made.subscriptions.add(Subscription("home", BOB.id, "https://x", "p", "a", True, NOON))
    home = Phone().ask("GET", "home")
    assert home.json["mine"] == {
        "quiet": {"hours": None, "until": None}, "push": False, "code_on_lock_screen": False
    }  # fmt: skip
    assert "https://x" not in home.text


def test_a_phone_that_is_revoked_while_it_asks_is_told_so(made: FakeHousehold) -> None:
    phones = made.settings.phones
    made.settings.phones = lambda home: (  # type: ignore[method-assign]
        made.devices.known.pop(("home", BOB.id), None), phones(home)
    )[1]  # fmt: skip
    assert Phone.of(BOB).ask("GET", "home").problem == "bad_token"


# --- quiet hours ------------------------------------------------------------------------


def test_quiet_hours_of_the_home_change_from_the_version_that_was_shown(
    made: FakeHousehold,
) -> None:
    etag = Phone().ask("GET", "home").headers["etag"]
    first = Phone().ask("PUT", "home/quiet-hours", QUIET, if_match=etag)
    assert (first.status, first.headers["etag"]) == (204, '"1"')
    late = Phone().ask("PUT", "home/quiet-hours", QUIET | {"until": 5}, if_match=etag)
    assert (late.status, late.problem) == (412, "changed")
    assert made.settings.of_home("home").quiet == Quiet(NIGHT)
    again = Phone().ask("PUT", "home/quiet-hours", QUIET, if_match=first.headers["etag"])
    assert again.headers["etag"] == Phone().ask("GET", "home").headers["etag"] == '"2"'


@pytest.mark.parametrize(
    ("if_match", "status"),
    [('"0"', 204), ('W/"0"', 204), (' "0" ', 204), ('"1"', 412), ("0", 412), ("*", 412), ("", 412),
     ('"0", "1"', 412), ('"-1"', 412), ('"\u0660"', 412), ('"9999999999"', 412)],
)  # fmt: skip
def test_a_version_that_was_never_shown_changes_nothing(
    made: FakeHousehold, if_match: str, status: int
) -> None:
    answer = Phone().ask("PUT", "home/quiet-hours", QUIET, if_match=if_match)
    assert answer.status == status
    assert made.settings.of_home("home").version == (1 if status == 204 else 0)


@pytest.mark.usefixtures("made")
def test_whoever_changes_the_home_says_what_was_shown() -> None:
    answer = Phone().ask("PUT", "home/quiet-hours", QUIET)
    assert (answer.status, answer.problem) == (400, "bad_field")
    assert "`If-Match`" in answer.json["title"]


def test_every_phone_chooses_its_own_quiet_hours(made: FakeHousehold) -> None:
    for body, quiet in (
        (QUIET, Quiet(NIGHT)),
        ({"hours": None, "until": 1e10}, Quiet(None, 1e10)),
        ({"hours": QUIET["hours"], "until": 0}, Quiet(NIGHT, 0.0)),
        ({"hours": None, "until": None}, Quiet()),
    ):
        assert Phone.of(BOB).ask("PUT", "me/quiet-hours", body).status == 204
        assert made.settings.phone("home", BOB.id).quiet == quiet
    assert made.settings.phone("home", ADA.id).quiet == Quiet()


HOURS: dict[str, Any] = {**NIGHT._asdict()}


@pytest.mark.parametrize(
    "body",
    [{"hours": None}, {"until": None}, {"hours": None, "until": -1},
     {"hours": None, "until": 1.1e10}, {"hours": None, "until": "5"},
     {"hours": HOURS | {"zone": "Europe"}, "until": None},
     {"hours": HOURS | {"zone": "../x"}, "until": None},
     {"hours": HOURS | {"start": "24:00"}, "until": None},
     {"hours": HOURS | {"end": "07:00\n"}, "until": None},
     {"hours": HOURS | {"more": 1}, "until": None},
     {"hours": {"start": "22:00", "end": "07:00"}, "until": None}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_chosen_is_refused_for_phone_and_home(
    made: FakeHousehold, body: Any
) -> None:
    for path in ("me/quiet-hours", "home/quiet-hours"):
        answer = Phone().ask("PUT", path, body, if_match='"0"')
        assert (answer.status, answer.problem) == (400, "bad_field")
    assert made.settings.homes == {}
    assert made.settings.phone("home", ADA.id).quiet == Quiet()


# --- notices ----------------------------------------------------------------------------


def test_a_phone_says_where_its_notices_go_and_that_they_shall_end(made: FakeHousehold) -> None:
    for more in ({}, {"code_on_lock_screen": True}):
        body: dict[str, Any] = {"endpoint": "https://push.example.org/1", "keys": KEYS, **more}
        assert Phone.of(BOB).ask("PUT", "me/push", body).status == 204
        (kept,) = made.subscriptions.of_home("home")
        assert (kept.device, kept.endpoint, kept.added_at) == (BOB.id, body["endpoint"], NOON)
        assert {"p256dh": kept.p256dh, "auth": kept.auth} == KEYS
        assert kept.code_on_lock_screen is bool(more)
    for _ in range(2):
        assert Phone.of(BOB).ask("DELETE", "me/push").status == 204
    assert made.subscriptions.of_home("home") == []


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example.org/", "https://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/",
     "https://169.254.169.254/latest/meta-data/", "https://localhost/", "javascript:alert(1)", ""],
)  # fmt: skip
def test_notices_go_to_the_internet_alone(made: FakeHousehold, endpoint: str) -> None:
    answer = Phone().ask("PUT", "me/push", {"endpoint": endpoint, "keys": KEYS})
    assert (answer.status, answer.problem) == (400, "bad_endpoint")
    assert made.subscriptions.of_home("home") == []


# --- devices ----------------------------------------------------------------------------


def test_a_device_is_renamed_and_made_a_manager(made: FakeHousehold) -> None:
    answer = Phone().ask("PATCH", "devices/bob", {"name": " Ben ", "manager": True})
    assert answer.status == 200
    assert (answer.json["name"], answer.json["manager"]) == ("Ben", True)
    assert Phone().ask("PATCH", "devices/bob", {"manager": False}).json["manager"] is False
    assert Phone().ask("PATCH", "devices/front", {"name": "Door"}).json["role"] == "door"
    kept = made.devices.find("home", BOB.id)
    assert kept
    assert kept.name == "Ben"


@pytest.mark.parametrize("body", [{}, {"name": None}, {"name": None, "manager": None}])
@pytest.mark.usefixtures("made")
def test_a_change_says_what_to_change(body: Any) -> None:
    answer = Phone().ask("PATCH", "devices/bob", body)
    assert (answer.status, answer.problem) == (400, "bad_field")


@pytest.mark.usefixtures("made")
def test_a_door_manages_nothing() -> None:
    assert Phone().ask("PATCH", "devices/front", {"manager": True}).problem == "bad_field"


@pytest.mark.usefixtures("made")
def test_the_last_manager_can_be_neither_unmade_nor_revoked() -> None:
    for answer in (
        Phone().ask("PATCH", "devices/ada", {"manager": False}),
        Phone().ask("DELETE", "devices/ada"),
    ):
        assert (answer.status, answer.problem) == (409, "last_manager")


def test_a_manager_revokes_any_device_and_its_sockets_are_closed(made: FakeHousehold) -> None:
    for device in (DOOR, BOB, CAMERA):
        socket = made.made.connect(device)
        assert Phone().ask("DELETE", f"devices/{device.id}").status == 204
        assert made.devices.find("home", device.id) is None
        assert socket.id in made.made.sockets.closed
    assert Phone.of(BOB).ask("GET", "home").problem == "bad_token"


def test_a_phone_revokes_itself_and_no_other(made: FakeHousehold) -> None:
    for other in (KITCHEN.id, ADA.id, "unknown"):
        answer = Phone.of(BOB).ask("DELETE", f"devices/{other}")
        assert (answer.status, answer.problem) == (403, "not_manager")
    assert Phone.of(BOB).ask("DELETE", f"devices/{BOB.id}").status == 204
    assert made.devices.find("home", BOB.id) is None


@pytest.mark.parametrize(
    "device", ["unknown", "garage", "", "ada%20", "%00", "x" * 2000, "ada%23", "%ED%A0%80"]
)
def test_a_device_of_another_home_is_answered_like_none_at_all(
    made: FakeHousehold, device: str
) -> None:
    made.devices.add(FOREIGN_PHONE._replace(id="garage"))
    for method, body in (("PATCH", {"name": "x"}), ("DELETE", None)):
        answer = Phone().ask(method, f"devices/{device}", body)
        assert (answer.status, answer.problem) == (404, "not_found")
        assert answer.json["title"] == NONE_SUCH
    assert made.devices.find("away", "garage")
