"""Tokens and who may come in with one."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorbell.auth import authenticate, digest, new_device, read_token, token_in_request
from doorbell.errors import BadName, TokenError
from doorbell.model import Token
from tests.fakes import CAMERA, DOOR, FOREIGN_DOOR, make_services, secret_of, token_of

ids = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", fullmatch=True)
any_text = st.text(st.characters(exclude_categories=()))


@given(ids, ids, st.from_regex(r"[A-Za-z0-9_-]{1,60}", fullmatch=True))
def test_a_token_reads_back(home: str, device: str, secret: str) -> None:
    token = Token(home, device, secret)
    assert read_token(f"  {token}\n") == token


@given(any_text)
@example("home.front.\ud800")
@example("home.front.")
@example("home..secret")
@example("home.front.secret.more")
@example("Home.front.secret")
@example("home.front-.secret")
def test_any_text_is_admitted_or_refused_and_nothing_else(text: str) -> None:
    """A stranger's text raises TokenError, whatever is in it."""
    with pytest.raises(TokenError):
        authenticate(read_token(text), make_services().devices, ("door", "phone"))


@given(any_text)
def test_no_secret_but_the_right_one_is_admitted(secret: str) -> None:
    with pytest.raises(TokenError):
        authenticate(read_token(f"home.front.{secret}"), make_services().devices, ("door",))


def test_the_right_secret_is_admitted_in_its_role() -> None:
    assert authenticate(read_token(token_of(DOOR)), make_services().devices, ("door",)) == DOOR


def test_a_camera_may_not_come_where_doors_and_phones_do() -> None:
    with pytest.raises(TokenError, match="A camera may not come in here"):
        authenticate(read_token(token_of(CAMERA)), make_services().devices, ("door", "phone"))


def test_a_revoked_token_is_nobodys() -> None:
    made = make_services()
    made.devices.remove(DOOR.home, DOOR.id)
    with pytest.raises(TokenError, match="not known"):
        authenticate(read_token(token_of(DOOR)), made.devices, ("door",))


def test_the_secret_of_another_homes_device_of_the_same_name_is_wrong() -> None:
    made = make_services()
    made.devices.known[FOREIGN_DOOR.home, FOREIGN_DOOR.id] = FOREIGN_DOOR._replace(
        token_hash=digest("another")
    )
    with pytest.raises(TokenError):
        authenticate(Token("away", "front", secret_of("front")), made.devices, ("door",))


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"Authorization": "Bearer home.front.s"}, {}),
        ({"authorization": "bearer   home.front.s "}, {}),
        ({"AUTHORIZATION": "  BEARER home.front.s"}, {"token": "home.other.s"}),
        ({"Authorization": "Basic dXNlcg=="}, {"token": "home.front.s"}),
        ({}, {"token": " home.front.s\n"}),
    ],
)
def test_the_header_goes_before_the_query(headers: dict[str, str], query: dict[str, str]) -> None:
    assert token_in_request(headers, query) == Token("home", "front", "s")


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer "}])
def test_no_token_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(TokenError):
        token_in_request(headers, {})


def test_a_new_device_keeps_no_secret() -> None:
    """The record has a hash; the token alone has the secret, of 256 random bits."""
    device, token = new_device("home", "phone", "Ada's phone", "Ada")
    other = new_device("home", "phone", "Ada's phone", "Ada")[1]
    assert token.secret not in repr(device)
    assert device.token_hash == digest(token.secret)
    assert device.id == "ada-s-phone"
    assert token.secret != other.secret
    assert len(token.secret) >= 43


def test_a_residents_phone_answers_in_the_name_of_the_resident() -> None:
    device, _ = new_device("home", "phone", "A phone", "Ada")
    assert (device.resident, device.person) == ("Ada", "Ada")


@pytest.mark.parametrize(
    ("name", "resident"), [("code", None), ("Phone", "code"), ("Phone", "a/b")]
)
def test_nobody_is_named_as_a_code_is_or_as_no_folder_can_be(
    name: str, resident: str | None
) -> None:
    """Phones hear `code` when a code has opened, and a resident's photos lie in a folder."""
    with pytest.raises(BadName):
        new_device("home", "phone", name, resident)


def test_an_empty_resident_is_the_household() -> None:
    device, _ = new_device("home", "phone", "Kitchen", "")
    assert device.resident is None
    assert device.person == "Kitchen"


@pytest.mark.parametrize(
    ("home", "name"), [("Home", "x"), ("home", "!!!"), ("", "x"), ("h", "x" * 33)]
)
def test_a_name_that_cannot_stand_in_a_key_is_refused(home: str, name: str) -> None:
    with pytest.raises(BadName):
        new_device(home, "door", name, None)
