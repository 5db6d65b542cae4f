"""A phone joins by a code that serves once, for ten minutes, and is never a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorbell.auth import authenticate, digest, read_token
from doorbell.errors import BadName, TokenError
from doorbell.household import devices
from doorbell.household.pairing import LIFE, invite, join, link
from doorbell.household.problems import Problem
from tests.fakes import ADA, BOB, token_of
from tests.household_fakes import ORIGIN, FakeHousehold, make_household

if TYPE_CHECKING:
    from doorbell.household.pairing import Joined


def invited(made: FakeHousehold, name: str = "Tablet", **more: object) -> str:
    """A code for one more phone of the home."""
    resident = more.pop("resident", None)
    code, _ = invite(made.pairings, "home", name, resident, made.clock(), **more)  # type: ignore[arg-type]
    return code


def refusal(made: FakeHousehold, code: str) -> tuple[str, str]:
    """What somebody is told who shows this code."""
    with pytest.raises(Problem) as refused:
        join(made.household, code)
    return refused.value.name, refused.value.title


def comes_in(made: FakeHousehold, joined: Joined) -> bool:
    """Whether the token is known."""
    return authenticate(joined.token, made.devices, ("phone",)).id == joined.phone.id


def test_a_phone_that_shows_a_code_gets_a_token_of_its_own() -> None:
    made = make_household()
    joined = join(made.household, invited(made, "Anna's phone", resident="Anna"))
    assert comes_in(made, joined)
    assert (joined.phone.home, joined.phone.role) == ("home", "phone")
    assert (joined.phone.name, joined.phone.resident) == ("Anna's phone", "Anna")
    assert joined.phone.id.startswith("anna-s-phone-")
    assert not joined.manager


def test_a_code_is_no_token_and_neither_is_kept() -> None:
    made = make_household()
    code = invited(made)
    kept = str(made.pairings.kept)
    assert code not in kept
    assert digest(code) in kept
    joined = join(made.household, code)
    assert joined.token.secret not in str(made.devices.known)
    assert joined.token.secret not in code


def test_a_code_serves_once() -> None:
    made = make_household()
    code = invited(made)
    join(made.household, code)
    before = dict(made.devices.known)
    assert refusal(made, code)[0] == "no_such_pairing"
    assert made.devices.known == before


@pytest.mark.parametrize(("age", "serves"), [(0, True), (599.9, True), (600, False), (9e9, False)])
def test_a_code_serves_for_ten_minutes(age: float, serves: bool) -> None:
    made = make_household()
    code = invited(made)
    made.clock.now += age
    if serves:
        assert comes_in(made, join(made.household, code))
    else:
        assert refusal(made, code)[0] == "no_such_pairing"
    assert LIFE == 600


def test_a_wrong_a_used_and_an_expired_code_are_refused_in_the_same_words() -> None:
    made = make_household()
    used, expired = invited(made), invited(made)
    join(made.household, used)
    made.clock.now += LIFE
    wrong = ("home.wrong", "away.wrong", "nowhere.wrong", "", ".", "home.", expired[5:])
    said = {refusal(made, code) for code in (used, expired, *wrong)}
    assert said == {("no_such_pairing", "This code was used, is too old, or never was one.")}


@given(st.text(st.characters(exclude_categories=()), max_size=40))
@example("home.\ud800")
@example("HOME.x")
@example("home\x00.x")
@example("home.x" * 1000)
def test_whatever_else_is_shown_is_refused_in_the_same_words(text: str) -> None:
    made = make_household()
    invited(made)
    assert refusal(made, text)[0] == "no_such_pairing"
    assert refusal(made, f"home.{text}")[0] == "no_such_pairing"


def test_a_code_of_one_home_lets_nobody_into_another() -> None:
    made = make_household()
    secret = invited(made).partition(".")[2]
    assert refusal(made, f"away.{secret}")[0] == "no_such_pairing"


def test_of_two_phones_that_show_a_code_at_once_one_joins() -> None:
    """The second one reads the pairing before the first one uses it."""
    made = make_household()
    code = invited(made)
    read = made.pairings.find
    first: list[Joined] = []

    def overtaken(home: str, code_hash: str) -> object:
        found = read(home, code_hash)
        if not first:
            made.pairings.find = read  # type: ignore[method-assign]
            first.append(join(made.household, code))
        return found

    made.pairings.find = overtaken  # type: ignore[assignment,method-assign]
    before = len(made.devices.known)
    assert refusal(made, code)[0] == "no_such_pairing"
    assert len(made.devices.known) == before + 1
    assert comes_in(made, first[0])


def test_two_phones_of_one_name_are_two_devices() -> None:
    """Also if chance gives the second one the mark of the first."""
    made = make_household()
    marks = iter([7, 7, 8])
    household = made.household._replace(randbelow=lambda _: next(marks))
    first, second = (join(household, invited(made, "Tablet")) for _ in range(2))
    assert (first.phone.id, second.phone.id) == ("tablet-0007", "tablet-0008")
    assert comes_in(made, first)
    assert comes_in(made, second)


def test_a_home_whose_ids_are_all_taken_is_asked_to_try_again() -> None:
    made = make_household()
    household = made.household._replace(randbelow=lambda _: 7)
    join(household, invited(made))
    code = invited(made)
    with pytest.raises(Problem) as refused:
        join(household, code)
    assert refused.value.name == "try_again"
    assert comes_in(made, join(made.household, code)), "the code was not used up"


def test_the_first_phone_of_a_home_manages_it_and_the_next_one_does_not() -> None:
    made = make_household()
    for expected in (True, False):
        code, _ = invite(made.pairings, "new", "Phone", None, made.clock())
        joined = join(made.household, code)
        assert joined.manager is expected
        assert made.settings.phone("new", joined.phone.id).manager is expected


def test_a_home_whose_managers_are_all_revoked_gets_one_with_the_next_phone() -> None:
    """The operator may revoke the last one."""
    made = make_household()
    made.devices.remove(ADA.home, ADA.id)
    assert join(made.household, invited(made)).manager


def test_a_manager_may_be_invited() -> None:
    made = make_household()
    joined = join(made.household, invited(made, manager=True))
    assert joined.manager
    assert devices.find(made.household, "home", joined.phone.id).manager


def test_a_phone_may_join_under_another_name() -> None:
    made = make_household()
    assert join(made.household, invited(made), " Küche ").phone.name == "Küche"
    code = invited(made)
    with pytest.raises(BadName):
        join(made.household, code, "two\nlines")
    assert join(made.household, code).phone.name == "Tablet", "the code was not used up"


@pytest.mark.parametrize("name", ["", " ", "x" * 65, "two\nlines", "code"])
def test_no_code_is_made_for_a_name_that_cannot_be_kept(name: str) -> None:
    made = make_household()
    with pytest.raises(BadName):
        invited(made, name)
    if name.strip():
        with pytest.raises(BadName):
            invited(made, resident=name)
    assert made.pairings.kept == {}


# --- a phone that the operator added --------------------------------------------------------


def test_a_phone_that_is_there_draws_a_new_token_and_the_printed_one_is_nobodys() -> None:
    made = make_household()
    joined = join(made.household, invited(made, "Bob", device=BOB.id))
    assert joined.phone.id == BOB.id
    assert comes_in(made, joined)
    with pytest.raises(TokenError):
        authenticate(read_token(token_of(BOB)), made.devices, ("phone",))
    assert made.devices.find("home", BOB.id) == BOB._replace(token_hash=digest(joined.token.secret))


def test_whoever_listens_with_the_printed_token_is_hung_up_on() -> None:
    made = make_household()
    listens, other = made.made.connect(BOB), made.made.connect(ADA)
    join(made.household, invited(made, "Bob", device=BOB.id))
    assert made.made.sockets.closed == [listens.id]
    assert made.made.connections.of("home", "phone") == [other]


def test_a_socket_that_cannot_be_closed_costs_the_phone_no_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    made = make_household()
    made.made.connect(BOB)

    def broken(connection: str) -> None:
        raise RuntimeError("secret")

    made.made.sockets.close = broken  # type: ignore[method-assign]
    assert comes_in(made, join(made.household, invited(made, "Bob", device=BOB.id)))
    assert caplog.messages == ["sockets of a former token may be open: RuntimeError"]


def test_a_phone_that_is_there_may_take_another_name() -> None:
    made = make_household()
    joined = join(made.household, invited(made, "Bob", device=BOB.id), "Bob's new phone")
    known = made.devices.find("home", BOB.id)
    assert known
    assert joined.phone.name == known.name == "Bob's new phone"


def test_a_phone_that_is_there_keeps_managing_the_home() -> None:
    made = make_household()
    assert join(made.household, invited(made, "Ada", device=ADA.id)).manager
    assert join(made.household, invited(made, "Bob", device=BOB.id, manager=True)).manager


def test_its_code_serves_once_and_not_when_the_phone_is_revoked() -> None:
    made = make_household()
    code, late = (invited(made, "Bob", device=BOB.id) for _ in range(2))
    join(made.household, code)
    assert refusal(made, code)[0] == "no_such_pairing"
    made.devices.remove("home", BOB.id)
    assert refusal(made, late)[0] == "no_such_pairing"
    assert made.devices.find("home", BOB.id) is None


def test_of_two_that_draw_a_token_for_the_same_phone_at_once_one_gets_it() -> None:
    made = make_household()
    code = invited(made, "Bob", device=BOB.id)
    find = made.devices.find
    first: list[Joined] = []

    def overtaken(home: str, device: str) -> object:
        if not first:
            made.devices.find = find  # type: ignore[method-assign]
            first.append(join(made.household, code))
        return find(home, device)

    made.devices.find = overtaken  # type: ignore[assignment,method-assign]
    assert refusal(made, code)[0] == "no_such_pairing"
    assert comes_in(made, first[0])


@pytest.mark.parametrize("origin", [ORIGIN, f"{ORIGIN}/"])
def test_a_link_has_the_code_where_no_server_sees_it(origin: str) -> None:
    assert link(origin, "home.secret") == f"{ORIGIN}/#pair=home.secret"
