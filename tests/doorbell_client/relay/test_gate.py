"""Each camera comes with its own token, or its own user and password; nobody else comes in."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.config.cameras import Camera
from doorbell_client.relay.gate import Claim, Gate, Refusal
from tests.doorbell_client.relay.camera import basic, digest

GARDEN = Camera("garden", "home.garden.secret", "axis", "rosebud")
DRIVE = Camera("drive", "home.drive.secret", "drive", "home.drive.secret")


def claim(target: str = "/", authorization: str | None = None) -> Claim:
    return Claim("POST", target, authorization)


def let_in(gate: Gate, *, target: str = "/", **headers: str) -> Camera | Refusal:
    return gate.camera(claim(target, headers.get("Authorization")))


@pytest.fixture
def gate() -> Gate:
    return Gate([GARDEN, DRIVE])


def challenge(gate: Gate, algorithm: str = "MD5") -> str:
    refusal = gate.camera(claim())
    assert isinstance(refusal, Refusal)
    return next(each for each in refusal.challenges if f"algorithm={algorithm}," in each)


@pytest.mark.parametrize("camera", [GARDEN, DRIVE], ids=lambda each: each.name)
@pytest.mark.parametrize("around", ["{}", " {}", "{} ", "\t{} \n"])
def test_a_token_is_taken_wherever_it_stands_and_with_white_space_around_it(
    gate: Gate, camera: Camera, around: str
) -> None:
    token = around.format(camera.token)
    assert gate.camera(claim(f"/?accessToken={quote(token)}")) == camera
    assert gate.camera(claim(authorization=f"Bearer {token}")) == camera
    assert let_in(gate, **basic("anybody", token)) == camera


def test_a_user_and_its_password_are_taken_by_basic_and_digest(gate: Gate) -> None:
    assert let_in(gate, **basic("axis", "rosebud")) == GARDEN
    for algorithm in ("MD5", "SHA-256"):
        headers = digest(challenge(gate, algorithm), "axis", "rosebud")
        assert let_in(gate, **headers) == GARDEN


def test_a_camera_without_a_user_of_its_own_is_called_by_its_name(gate: Gate) -> None:
    assert let_in(gate, **digest(challenge(gate), "drive", DRIVE.token)) == DRIVE


@pytest.mark.parametrize(
    "authorization",
    [
        "", "Bearer", "Bearer home.garden.secrets", "Bearer rosebud", "Basic", "Basic !",
        "Basic YQ==", "Negotiate abc", "Digest", "Digest username=axis",
        basic("axis", "wrong")["Authorization"],
        basic("drive", "rosebud")["Authorization"], basic("axis", "")["Authorization"],
        "Basic " + base64.b64encode(b"\xff\xfe:\xff").decode(),
    ],
)  # fmt: skip
def test_nobody_else_comes_in_and_each_is_challenged(gate: Gate, authorization: str) -> None:
    refusal = gate.camera(claim(authorization=authorization or None))
    assert isinstance(refusal, Refusal)
    kinds = [each.split(" ")[0] for each in refusal.challenges]
    assert kinds == ["Digest", "Digest", "Basic"]
    assert "algorithm=SHA-256" in refusal.challenges[0]
    assert refusal.offered is bool(authorization)
    assert "stale" not in " ".join(refusal.challenges)


def test_two_tokens_in_one_query_are_none(gate: Gate) -> None:
    both = f"/?accessToken={GARDEN.token}&accessToken={DRIVE.token}"
    assert isinstance(gate.camera(claim(both)), Refusal)


def test_a_digest_that_is_seen_on_the_wire_cannot_be_sent_again(gate: Gate) -> None:
    headers = digest(challenge(gate), "axis", "rosebud")
    assert let_in(gate, **headers) == GARDEN
    again = let_in(gate, **headers)
    assert isinstance(again, Refusal)
    assert "stale=true" in again.challenges[0]
    assert not again.offered, "the password is right: nobody is told of an attempt"


def test_a_digest_is_for_one_target_and_one_method(gate: Gate) -> None:
    headers = digest(challenge(gate), "axis", "rosebud", target="/a")
    assert isinstance(let_in(gate, target="/b", **headers), Refusal)
    assert let_in(gate, target="/a", **headers) == GARDEN
    put = Claim("PUT", "/", digest(challenge(gate), "axis", "rosebud")["Authorization"])
    assert isinstance(gate.camera(put), Refusal)


def test_a_wrong_password_uses_no_count_up(gate: Gate) -> None:
    asked = challenge(gate)
    assert isinstance(let_in(gate, **digest(asked, "axis", "wrong")), Refusal)
    assert let_in(gate, **digest(asked, "axis", "rosebud")) == GARDEN


@given(st.text(max_size=60), st.text(st.characters(min_codepoint=33, max_codepoint=126)))
def test_no_claim_breaks_the_gate(authorization: str, target: str) -> None:
    gate = Gate([GARDEN])
    for scheme in ("", "Basic ", "Bearer ", "Digest "):
        assert isinstance(gate.camera(claim(target, scheme + authorization)), Refusal)
