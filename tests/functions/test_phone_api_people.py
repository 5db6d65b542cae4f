"""PhoneApi: who came, who lives here, and who may come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from doorbell.homes import guest_photo_key
from doorbell.household import history, residents
from doorbell.household.model import DAY, Consent, Visit
from doorbell.model import ResidentPhoto
from tests.fakes import ADA, BOB, DOOR, FOREIGN_DOOR, FOREIGN_PHONE, NOON
from tests.functions.phone import BODIES, Phone

if TYPE_CHECKING:
    from tests.functions.phone import Answer
    from tests.household_fakes import FakeHousehold

NONE_SUCH = "This home has none such."
AGREED = {"consent": True}


def visited(made: FakeHousehold, ring: str = "ring-1", home: str = "home", **more: Any) -> None:
    """A stranger was declined a minute ago."""
    known = Visit(home, ring, NOON - 60, DOOR.id, "Front", "stranger")
    visit = known._replace(outcome="declined", by="Ada", ended_at=NOON)._replace(**more)
    made.visits.ended(visit, NOON + DAY)


def enrolled(made: FakeHousehold, resident: str, name: str, home: str = "home") -> str:
    """A photo that gave a face."""
    key = f"residents/{home}/{resident}/{name}.jpeg"
    made.store.keys.add(key)
    photo = ResidentPhoto(home, resident, key)
    made.made.residents.photo_came(photo)
    made.made.residents.add_face(photo, f"face of {key}")
    return key


def none_such(answer: Answer) -> bool:
    """Whether this is the answer about what is nowhere, and so about what is elsewhere."""
    said = answer.status, answer.problem, answer.json["title"]
    return said == (404, "not_found", NONE_SUCH)


# --- who came ---------------------------------------------------------------------------


def test_a_ring_is_shown_with_a_link_to_its_photo(made: FakeHousehold) -> None:
    visited(made)
    shown = {
        "ring": "ring-1", "at": NOON - 60, "door": "Front", "decision": "stranger",
        "resident": None, "outcome": "declined", "by": "Ada", "seconds": 60.0,
        "photo": f"https://get/{guest_photo_key('home', 'ring-1')}?900", "film": None,
        "flat": False,
    }  # fmt: skip
    for phone in (Phone(), Phone.of(BOB)):
        assert phone.ask("GET", "rings/ring-1").json == shown
        assert phone.ask("GET", "rings").json == {"rings": [shown], "next": None}


def test_a_ring_is_shown_with_links_to_its_film(made: FakeHousehold) -> None:
    visited(made, film=True)
    place = "https://get/guest/home/ring-1"
    assert Phone().ask("GET", "rings/ring-1").json["film"] == {
        "gif": f"{place}/film.gif?900", "mp4": f"{place}/film.mp4?900",
    }  # fmt: skip
    made.clock.now += 2 * DAY
    assert Phone().ask("GET", "rings/ring-1").json["film"] is None


def test_a_ring_is_shown_as_flat_as_long_as_it_is_shown(made: FakeHousehold) -> None:
    """Its film is gone by then; that one should have looked twice is not."""
    visited(made, film=True, flat=True)
    made.clock.now += 2 * DAY
    assert Phone().ask("GET", "rings/ring-1").json["flat"] is True


def test_a_ring_under_way_has_no_end_and_an_old_one_no_photo(made: FakeHousehold) -> None:
    visited(made, outcome="asked", by=None, ended_at=0.0)
    made.clock.now += 2 * DAY
    shown = Phone().ask("GET", "rings/ring-1").json
    assert (shown["seconds"], shown["by"], shown["photo"]) == (None, None, None)


def test_clocks_that_are_apart_make_no_ring_shorter_than_nothing(made: FakeHousehold) -> None:
    visited(made, ended_at=NOON - 61)
    assert Phone().ask("GET", "rings/ring-1").json["seconds"] == 0


def test_rings_come_in_pages_that_can_be_asked_for_one_after_another(made: FakeHousehold) -> None:
    for number in range(history.PAGE + 1):
        visited(made, f"ring-{number}", at=NOON + number)
    first = Phone().ask("GET", "rings").json
    assert first["rings"][0]["ring"] == f"ring-{history.PAGE}"
    last = Phone().ask("GET", "rings", query=f"cursor={first['next']}").json
    assert ([r["ring"] for r in last["rings"]], last["next"]) == (["ring-0"], None)


def test_strangers_and_missed_can_be_asked_for_alone(made: FakeHousehold) -> None:
    visited(made, "a")
    visited(made, "b", at=NOON, decision="resident", resident="Ada", outcome="missed")
    found = {
        only: [r["ring"] for r in Phone().ask("GET", "rings", query=f"only={only}").json["rings"]]
        for only in ("strangers", "missed")
    }
    assert found == {"strangers": ["a"], "missed": ["b"]}


@pytest.mark.parametrize(
    "query",
    ["only=", "only=all", "only=strangers,missed", "cursor=", "cursor=x", "cursor=1700000000000/x"],
)
@pytest.mark.usefixtures("made")
def test_another_filter_or_a_cursor_of_nobody_s_is_refused(query: str) -> None:
    answer = Phone().ask("GET", "rings", query=query)
    assert (answer.status, answer.problem) == (400, "bad_field")


@pytest.mark.parametrize("ring", ["unknown", "theirs", "", "%00", "x" * 5000])
def test_a_ring_of_another_home_is_answered_like_none_at_all(
    made: FakeHousehold, ring: str
) -> None:
    visited(made, "theirs", "away")
    made.store.keys.add(guest_photo_key("away", "theirs"))
    assert none_such(Phone().ask("GET", f"rings/{ring}"))
    assert none_such(Phone().ask("POST", f"rings/{ring}/face", BODIES["nameFace"]))
    assert Phone().ask("GET", "rings").json == {"rings": [], "next": None}
    assert made.store.keys == {guest_photo_key("away", "theirs")}


# --- this is … --------------------------------------------------------------------------


def test_the_face_of_a_ring_is_named_with_the_person_s_consent(made: FakeHousehold) -> None:
    visited(made)
    made.store.keys.add(guest_photo_key("home", "ring-1"))
    answer = Phone().ask("POST", "rings/ring-1/face", {"resident": "Eve", "consent": False})
    assert (answer.status, answer.problem) == (400, "no_consent")
    assert len(made.store.keys) == 1
    answer = Phone().ask("POST", "rings/ring-1/face", {"resident": "Eve", "consent": True})
    assert (answer.status, answer.json) == (202, {"photo": "ring-1"})
    assert "residents/home/Eve/ring-1.jpeg" in made.store.keys
    assert made.consents.of_home("home")["Eve"] == Consent("home", "Eve", "Ada", NOON)


def test_a_ring_whose_photo_is_gone_names_nobody(made: FakeHousehold) -> None:
    visited(made)
    answer = Phone().ask("POST", "rings/ring-1/face", BODIES["nameFace"])
    assert (answer.status, answer.problem) == (404, "not_found")


def test_a_face_of_somebody_with_photos_enough_is_not_added(made: FakeHousehold) -> None:
    visited(made)
    made.store.keys.add(guest_photo_key("home", "ring-1"))
    for number in range(residents.MOST_PHOTOS):
        enrolled(made, "Eve", str(number))
    for path in ("rings/ring-1/face", "residents/Eve/photos"):
        body = BODIES["nameFace"] if "face" in path else AGREED
        answer = Phone().ask("POST", path, body)
        assert (answer.status, answer.problem) == (409, "too_many")


# --- who lives here ---------------------------------------------------------------------


def test_residents_are_shown_with_links_to_their_photos(made: FakeHousehold) -> None:
    key = enrolled(made, "Eve", "1")
    other = ResidentPhoto("home", "Eve", key.replace("1", "2"), "0B")
    made.made.residents.photo_came(other)
    made.made.residents.refused(other, "no_face")
    made.consents.add(Consent("home", "Eve", "Ada", NOON))
    enrolled(made, "Mallory", "1", "away")
    shown = Phone.of(BOB).ask("GET", "residents").json["residents"]
    assert [each["name"] for each in shown] == ["Ada", "Bob", "Eve"]
    assert shown[2] == {
        "name": "Eve", "faces": 1, "consent": {"by": "Ada", "at": NOON},
        "photos": [
            {"photo": "1", "url": f"https://get/{key}?900", "failure": None},
            {"photo": "2", "url": f"https://get/{other.key}?900", "failure": "no_face"},
        ],
    }  # fmt: skip
    assert shown[0] == {"name": "Ada", "faces": 0, "consent": None, "photos": []}


@pytest.mark.parametrize(
    ("path", "name"),
    [("Eve", "Eve"), ("%20Eve%20", "Eve"), ("%3Cb%3E", "<b>"), ("%F0%9F%91%A9", "👩"),
     ("%D7%A9%D7%9C%D7%95%D7%9D", "שלום"), ("x" * 64, "x" * 64),
     ("50%25", "50%"), ("50%2525", "50%25"), ("a%23b%3F", "a#b?"), ("שלום 👩", "שלום 👩")],
)  # fmt: skip
def test_a_photo_of_any_name_is_uploaded_to_that_name_s_folder(
    made: FakeHousehold, path: str, name: str
) -> None:
    """Percent-encoded, or as API Gateway hands it on: decoded, but for the percent sign itself."""
    answer = Phone().ask("POST", f"residents/{path}/photos", AGREED)
    assert answer.status == 201
    photo = answer.json["photo"]
    assert answer.json["upload"] == {
        "method": "PUT", "url": f"https://put/residents/home/{name}/{photo}.jpeg?300",
        "headers": {"Content-Type": "image/jpeg"},
    }  # fmt: skip
    assert set(made.consents.of_home("home")) == {name}


@pytest.mark.parametrize("path", ["", "%20", "a%2Fb", "..", "%2E%2E", "x" * 65, "a%0Ab", "code",
                                  "%ED%A0%80%ED%A0%80x%00"])  # fmt: skip
def test_nobody_is_enrolled_under_what_is_no_name(made: FakeHousehold, path: str) -> None:
    for answer in (
        Phone().ask("POST", f"residents/{path}/photos", AGREED),
        Phone().ask("PATCH", "residents/Ada", {"name": "a/b"}),
    ):
        assert (answer.status, answer.problem) == (400, "bad_name")
    assert made.consents.kept == {}


def test_nobody_is_enrolled_without_consent(made: FakeHousehold) -> None:
    answer = Phone().ask("POST", "residents/Eve/photos", {"consent": False})
    assert (answer.status, answer.problem) == (400, "no_consent")
    assert made.consents.kept == {}


def test_a_resident_is_renamed_and_removed(made: FakeHousehold) -> None:
    enrolled(made, "Ada", "1")
    assert Phone().ask("PATCH", "residents/Ada", {"name": "Ada L."}).status == 204
    assert made.store.keys == {"residents/home/Ada L./1.jpeg"}
    made.made.residents.photo_came(ResidentPhoto("home", "Ada L.", "residents/home/Ada L./1.jpeg"))
    assert Phone().ask("DELETE", "residents/Ada%20L./photos/1").status == 204
    assert Phone().ask("DELETE", "residents/Ada%20L.").status == 204
    assert made.store.keys == set()


def test_a_name_that_somebody_has_is_taken(made: FakeHousehold) -> None:
    for resident in ("Eve", "Bob"):
        enrolled(made, resident, resident)
    answer = Phone().ask("PATCH", "residents/Eve", {"name": "Bob"})
    assert (answer.status, answer.problem) == (409, "name_taken")


@pytest.mark.parametrize("name", ["Nobody", "Mallory", "", "%00", "x" * 5000])
def test_a_resident_of_another_home_is_answered_like_none_at_all(
    made: FakeHousehold, name: str
) -> None:
    key = enrolled(made, "Mallory", "1", "away")
    for method, path, body in (
        ("PATCH", f"residents/{name}", {"name": "Eve"}),
        ("DELETE", f"residents/{name}", None),
        ("DELETE", f"residents/{name}/photos/1", None),
    ):
        assert none_such(Phone().ask(method, path, body))
    assert made.store.keys == {key}


# --- who may come -----------------------------------------------------------------------


def test_a_guest_s_pin_stands_in_one_answer_and_in_no_other(made: FakeHousehold) -> None:
    asked = BODIES["addGuest"] | {"doors": ["front", "front-2"], "uses": 3}
    answer = Phone().ask("POST", "guests", asked)
    assert answer.status == 201
    guest = answer.json
    pin = guest.pop("pin")
    assert guest == {
        "id": guest["id"], "name": "Plumber", "doors": ["front", "front-2"], "start": NOON,
        "end": NOON + 60, "uses_left": 3, "used_at": None,
    }  # fmt: skip
    listed = Phone.of(BOB).ask("GET", "guests")
    assert listed.json == {"guests": [guest]}
    (kept,) = made.made.passcodes.guests("home")
    for secret in (pin, kept.hashes[0]):
        assert secret not in listed.text
    assert kept.hashes[0] not in answer.text


@pytest.mark.parametrize(
    "change",
    [{"end": NOON}, {"end": NOON + 400 * DAY}, {"start": NOON + 61}, {"start": -1}, {"end": 1.1e10},
     {"uses": 0}, {"uses": 1001}, {"uses": 1.5}, {"doors": []}, {"doors": ["front"] * 21},
     {"doors": ["x" * 65]}, {"doors": "front"}, {"name": "x" * 65}, {"pin": "123456"}],
    ids=str,
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused(made: FakeHousehold, change: dict[str, Any]) -> None:
    """A PIN that somebody has chosen, above all."""
    answer = Phone().ask("POST", "guests", BODIES["addGuest"] | change)
    assert (answer.status, answer.problem) == (400, "bad_field")
    assert made.made.passcodes.guests("home") == []


@pytest.mark.parametrize("door", ["garage", "unknown", ADA.id, ""])
def test_a_door_of_another_home_is_answered_like_none_at_all(
    made: FakeHousehold, door: str
) -> None:
    made.devices.add(FOREIGN_DOOR._replace(id="garage"))
    answer = Phone().ask("POST", "guests", BODIES["addGuest"] | {"doors": ["front", door]})
    assert (answer.status, answer.json["title"]) == (404, "This home has no such door.")


def test_a_home_has_twenty_guests_at_most(made: FakeHousehold) -> None:
    for _ in range(20):
        Phone().ask("POST", "guests", BODIES["addGuest"])
    answer = Phone().ask("POST", "guests", BODIES["addGuest"])
    assert (answer.status, answer.problem) == (409, "too_many")
    assert len(made.made.passcodes.guests("home")) == 20


def test_a_guest_is_withdrawn_by_a_manager_of_the_same_home(made: FakeHousehold) -> None:
    made.settings.make_manager(FOREIGN_PHONE.home, FOREIGN_PHONE.id)
    guest = Phone().ask("POST", "guests", BODIES["addGuest"]).json["id"]
    theirs = Phone.of(FOREIGN_PHONE)
    for phone, known in ((theirs, guest), (Phone(), "unknown"), (Phone(), "x" * 5000)):
        assert none_such(phone.ask("DELETE", f"guests/{known}"))
    assert Phone().ask("DELETE", f"guests/{guest}").status == 204
    assert made.made.passcodes.guests("home") == []
    assert none_such(Phone().ask("DELETE", f"guests/{guest}"))
