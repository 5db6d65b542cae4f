"""Residents and their photos: whose face is known, by whose consent, under which name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.auth import authenticate, read_token
from doorbell.errors import BadName
from doorbell.homes import guest_photo_key, photo_name, resident_name
from doorbell.household import residents
from doorbell.household.model import Consent, ResidentPhotoRow
from doorbell.household.problems import Problem
from doorbell.model import ResidentPhoto
from tests.fakes import ADA, BOB, KITCHEN, NOON, a_ring, token_of
from tests.household_fakes import FakeHousehold, make_household

if TYPE_CHECKING:
    from collections.abc import Callable


def enrol(
    made: FakeHousehold, resident: str, name: str, *, face: bool = True, home: str = "home"
) -> str:
    """A photo was put, and enrolment has looked at it; its key."""
    key = f"residents/{home}/{resident}/{name}.jpeg"
    made.store.keys.add(key)
    look(made, key, face=face)
    return key


def look(made: FakeHousehold, key: str, *, face: bool = True) -> None:
    """Enrolment looks at a photo that was put."""
    photo = ResidentPhoto(key.split("/")[1], resident_name(key), key)
    made.made.residents.photo_came(photo)
    if face:
        made.made.residents.add_face(photo, f"face of {key}")
    else:
        made.made.residents.refused(photo, "no_face")


def forget(made: FakeHousehold) -> None:
    """Enrolment hears of what was deleted."""
    for home, key in list(made.made.residents.happened):
        if key not in made.store.keys:
            made.made.residents.photo_went(ResidentPhoto(home, resident_name(key), key))
            made.made.residents.disown(home, f"face of {key}")


def names(made: FakeHousehold, home: str = "home") -> list[str]:
    return [shown.name for shown in residents.show_all(made.household, home)]


def refusal(made: FakeHousehold, ask: Callable[[], object]) -> str:
    """By which name this is refused; nothing was stored."""
    before = set(made.store.keys)
    with pytest.raises(Problem) as refused:
        ask()
    assert made.store.keys == before
    return refused.value.name


# --- who lives here ---------------------------------------------------------------------


def test_whoever_has_a_photo_a_face_or_a_phone_is_shown_by_name() -> None:
    """Ada and Bob have phones; the case of letters does not sort."""
    made = make_household()
    enrol(made, "chris", "1")
    enrol(made, "Eve", "1", home="away")
    assert names(made) == ["Ada", "Bob", "chris"]
    assert names(made, "away") == ["Eve"]


def test_a_resident_is_shown_with_photos_faces_and_consent() -> None:
    made = make_household()
    good, bad = enrol(made, "Ada", "1"), enrol(made, "Ada", "2", face=False)
    made.consents.add(Consent("home", "Ada", "Bob", NOON))
    ada, _ = residents.show_all(made.household, "home")
    assert ada.faces == 1
    assert ada.consent == Consent("home", "Ada", "Bob", NOON)
    assert ada.photos == (ResidentPhotoRow(good), ResidentPhotoRow(bad, "no_face"))


# --- photos -----------------------------------------------------------------------------


def test_a_photo_is_uploaded_to_the_resident_s_folder_and_the_consent_is_kept() -> None:
    made = make_household()
    photo, upload = residents.add_photo(made.household, "home", "Eve", "Ada")
    assert upload.method == "PUT"
    assert upload.url == f"https://put/residents/home/Eve/{photo}.jpeg?300"
    assert made.consents.of_home("home") == {"Eve": Consent("home", "Eve", "Ada", NOON)}


def test_two_photos_of_one_moment_are_two_photos() -> None:
    made = make_household()
    photos = {residents.add_photo(made.household, "home", "Eve", "Ada")[0] for _ in range(5)}
    assert len(photos) == 5


def test_the_first_consent_stays() -> None:
    made = make_household()
    for by in ("Ada", "Bob"):
        residents.add_photo(made.household, "home", "Eve", by)
        made.clock.now += 60
    assert made.consents.of_home("home")["Eve"] == Consent("home", "Eve", "Ada", NOON)


def test_white_space_around_a_name_makes_no_other_resident() -> None:
    made = make_household()
    _, upload = residents.add_photo(made.household, "home", " Eve ", "Ada")
    assert upload.url.startswith("https://put/residents/home/Eve/")
    assert set(made.consents.of_home("home")) == {"Eve"}


@pytest.mark.parametrize("name", ["", "a/b", "..", "x" * 65, "two\nlines", "code", "\ud800"])
def test_a_name_that_cannot_be_a_folder_is_refused(name: str) -> None:
    made = make_household()
    made.store.keys.add(guest_photo_key("home", "ring-1"))
    enrol(made, "Eve", "1")
    for ask in (
        lambda: residents.add_photo(made.household, "home", name, "Ada"),
        lambda: residents.name_face(made.household, "home", "ring-1", name, "Ada"),
        lambda: residents.rename(made.household, "home", "Eve", name),
    ):
        with pytest.raises(BadName):
            ask()
    assert made.consents.kept == {}
    assert names(made) == ["Ada", "Bob", "Eve"]


def test_a_resident_has_a_limit_of_photos_also_of_rings() -> None:
    made = make_household()
    made.store.keys.add(guest_photo_key("home", "ring-1"))
    for number in range(residents.MOST_PHOTOS):
        enrol(made, "Eve", str(number), face=number % 2 == 0)
    one_more = partial(residents.add_photo, made.household, "home", "Eve", "Ada")
    this_is = partial(residents.name_face, made.household, "home", "ring-1", "Eve", "Ada")
    assert refusal(made, one_more) == refusal(made, this_is) == "too_many"
    residents.add_photo(made.household, "home", "Bob", "Ada")
    residents.add_photo(made.household, "away", "Eve", "Ada")


def test_one_photo_is_removed_and_the_others_stay() -> None:
    made = make_household()
    kept, gone = enrol(made, "Ada", "1"), enrol(made, "Ada", "2")
    residents.remove_photo(made.household, "home", "Ada", "2")
    assert made.store.keys == {kept}
    forget(made)
    assert residents.show_all(made.household, "home")[0].photos == (ResidentPhotoRow(kept),)
    assert gone not in made.store.keys


@pytest.mark.parametrize(
    ("home", "resident", "photo"),
    [("home", "Ada", "2"), ("home", "Bob", "1"), ("away", "Ada", "1"), ("home", "Ada", "../Ada/1"),
     ("home", "Ada", "1.jpeg"), ("home", "", "1"), ("home", "Ada", "")],
)  # fmt: skip
def test_a_photo_that_there_is_not_cannot_be_removed(home: str, resident: str, photo: str) -> None:
    made = make_household()
    enrol(made, "Ada", "1")
    ask = partial(residents.remove_photo, made.household, home, resident, photo)
    assert refusal(made, ask) == "not_found"


# --- this is … --------------------------------------------------------------------------


def test_the_face_on_a_ring_s_photo_becomes_a_resident_s() -> None:
    made = make_household()
    made.store.keys.add(guest_photo_key("home", "ring-1"))
    photo = residents.name_face(made.household, "home", "ring-1", " Eve", "Ada")
    assert photo == "ring-1"
    assert "residents/home/Eve/ring-1.jpeg" in made.store.keys
    assert made.consents.of_home("home") == {"Eve": Consent("home", "Eve", "Ada", NOON)}


@pytest.mark.parametrize("home", ["home", "away"])
def test_a_ring_whose_photo_is_gone_enrols_nobody(home: str) -> None:
    """Or that is another home's."""
    made = make_household()
    made.store.keys.add(guest_photo_key("elsewhere", a_ring().id))
    ask = partial(residents.name_face, made.household, home, a_ring().id, "Eve", "Ada")
    assert refusal(made, ask) == "not_found"
    assert made.consents.kept == {}


# --- removing ---------------------------------------------------------------------------


def test_removing_a_resident_removes_all_photos_everywhere_and_the_consent() -> None:
    made = make_household()
    for name in ("1", "2"):
        enrol(made, "Eve", name, face=name == "1")
    kept = [enrol(made, "Eve", "1", home="away"), enrol(made, "Evelyn", "1")]
    made.consents.add(Consent("home", "Eve", "Ada", NOON))
    residents.remove(made.household, "home", "Eve")
    assert made.store.keys == set(kept)
    assert made.consents.kept == {}
    forget(made)
    assert names(made) == ["Ada", "Bob", "Evelyn"]
    assert names(made, "away") == ["Eve"]


def test_a_resident_with_a_phone_stays_paired_and_can_be_removed_twice() -> None:
    made = make_household()
    enrol(made, "Ada", "1")
    for _ in range(2):
        residents.remove(made.household, "home", "Ada")
        forget(made)
    assert names(made) == ["Ada", "Bob"]
    assert made.devices.find("home", ADA.id) == ADA


@pytest.mark.parametrize(("home", "name"), [("home", "Nobody"), ("away", "Ada"), ("home", "")])
def test_whom_there_is_not_can_neither_be_removed_nor_renamed(home: str, name: str) -> None:
    made = make_household()
    enrol(made, "Ada", "1")
    for ask in (
        lambda: residents.remove(made.household, home, name),
        lambda: residents.rename(made.household, home, name, "Eve"),
    ):
        assert refusal(made, ask) == "not_found"


# --- renaming ---------------------------------------------------------------------------


def test_photos_phones_and_consent_follow_a_new_name() -> None:
    made = make_household()
    enrol(made, "Ada", "1")
    made.consents.add(Consent("home", "Ada", "Bob", NOON))
    socket = made.made.connect(ADA)
    others = made.made.connect(BOB), made.made.connect(KITCHEN)
    residents.rename(made.household, "home", "Ada", "Ada Lovelace")
    assert made.store.keys == {"residents/home/Ada Lovelace/1.jpeg"}
    assert made.consents.of_home("home") == {
        "Ada Lovelace": Consent("home", "Ada Lovelace", "Bob", NOON)
    }
    phone = authenticate(read_token(token_of(ADA)), made.devices, ("phone",))
    assert phone.resident == "Ada Lovelace", "the token serves on"
    assert made.made.sockets.closed == [socket.id], "it remembers whose it is"
    assert {c.id for c in made.made.connections.of("home", "phone")} == {c.id for c in others}


def test_the_new_photos_are_there_before_the_old_ones_go() -> None:
    made = make_household()
    enrol(made, "Eve", "1")
    made.store.breaks = RuntimeError()
    with pytest.raises(RuntimeError):
        residents.rename(made.household, "home", "Eve", "Eva")
    assert made.store.keys == {"residents/home/Eve/1.jpeg", "residents/home/Eva/1.jpeg"}


@pytest.mark.parametrize("enrolled", [True, False], ids=["after a while", "at once"])
def test_a_renaming_that_broke_off_goes_on_when_it_is_done_again(enrolled: bool) -> None:
    made = make_household()
    enrol(made, "Eve", "1")
    made.store.breaks = RuntimeError()
    with pytest.raises(RuntimeError):
        residents.rename(made.household, "home", "Eve", "Eva")
    made.store.breaks = None
    if enrolled:
        look(made, "residents/home/Eva/1.jpeg")
    residents.rename(made.household, "home", "Eve", "Eva")
    assert made.store.keys == {"residents/home/Eva/1.jpeg"}


def test_nobody_takes_the_name_of_another_resident() -> None:
    made = make_household()
    enrol(made, "Eve", "1")
    enrol(made, "Ada", "1")
    enrol(made, "Ada", "2")
    ask = partial(residents.rename, made.household, "home", "Eve", "Ada")
    assert refusal(made, ask) == "name_taken"


def test_a_name_that_only_failed_photos_or_a_phone_have_is_free() -> None:
    made = make_household()
    enrol(made, "Eve", "1")
    enrol(made, "Bob", "2", face=False)
    residents.rename(made.household, "home", "Eve", "Bob")
    assert "residents/home/Bob/1.jpeg" in made.store.keys


def test_the_same_name_changes_nothing() -> None:
    made = make_household()
    enrol(made, "Eve", "1")
    residents.rename(made.household, "home", "Eve", " Eve ")
    assert made.store.keys == {"residents/home/Eve/1.jpeg"}


@given(st.sets(st.sampled_from(["1", "2", "3", "ring-1"]), min_size=1), st.integers(0, 4))
def test_a_renaming_moves_every_photo_that_is_there(photos: set[str], gone: int) -> None:
    """A photo that somebody deletes meanwhile is moved by nobody, and does not come back."""
    made = make_household()
    keys = [enrol(made, "Eve", name) for name in sorted(photos)]
    left = set(keys[gone:])
    made.store.keys &= left
    residents.rename(made.household, "home", "Eve", "Eva")
    assert {photo_name(key) for key in made.store.keys} == {photo_name(key) for key in left}
    assert {resident_name(key) for key in made.store.keys} <= {"Eva"}


def test_residents_stand_in_the_order_of_their_names() -> None:
    made = make_household()
    for name in ("zoe", "bob", "Carl"):
        enrol(made, name, "1")
    shown = [each.name for each in residents.show_all(made.household, "home")]
    assert shown == sorted(shown, key=str.casefold)
    assert shown.index("bob") < shown.index("Carl") < shown.index("zoe")


def test_a_photo_is_named_by_its_moment_and_by_chance() -> None:
    """Of two that are put in one moment, neither takes the other's place."""
    made = make_household()
    asked: list[int] = []

    def randbelow(below: int) -> int:
        asked.append(below)
        return below - 1

    household = made.household._replace(randbelow=randbelow)
    name, _ = residents.add_photo(household, "home", "Ada", "Ada")
    assert name == f"{NOON:.0f}000-ffffffff"
    assert asked == [2**32]
