"""Digest is RFC 7616's, to the letter of its examples, and nothing else is taken for it."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.relay import digest

EXAMPLE = (
    'username="Mufasa", realm="http-auth@example.org", uri="/dir/index.html", '
    'algorithm={algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", nc=00000001, '
    'cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", qop=auth, response="{response}", '
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
"""RFC 7616, 3.9.1."""
RESPONSES = {
    "MD5": "8ca523f5e9506fed4657c9700eebdbec",
    "SHA-256": "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
}


@pytest.mark.parametrize("algorithm", RESPONSES)
def test_the_examples_of_the_rfc_are_answers_to_their_password(algorithm: str) -> None:
    text = EXAMPLE.format(algorithm=algorithm, response=RESPONSES[algorithm])
    sent = digest.read(text)
    assert sent is not None
    assert digest.response(sent, "Circle of Life", "GET") == RESPONSES[algorithm]
    assert sent.is_answer("Circle of Life", "GET")
    assert not sent.is_answer("Circle of life", "GET")
    assert not sent.is_answer("Circle of Life", "POST")


def test_a_camera_that_names_no_algorithm_means_md5() -> None:
    text = EXAMPLE.format(algorithm="MD5", response=RESPONSES["MD5"])
    sent = digest.read(text.replace("algorithm=MD5, ", ""))
    assert sent is not None
    assert sent.is_answer("Circle of Life", "GET")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("qop=auth", "qop=auth-int"),
        ("qop=auth, ", ""),
        ("nc=00000001", "nc=1"),
        ("nc=00000001", "nc=0000000g"),
        ("algorithm=MD5", "algorithm=MD5-sess"),
        ("algorithm=MD5", "algorithm=SHA-512-256"),
        ('username="Mufasa"', 'username="Mufasa", userhash=true'),
        ('username="Mufasa", ', ""),
        ('username="Mufasa"', 'username="Mufasa", username="Scar"'),
        ('cnonce="', 'cnonce='),
    ],
)  # fmt: skip
def test_what_is_not_offered_is_not_taken(old: str, new: str) -> None:
    text = EXAMPLE.format(algorithm="MD5", response=RESPONSES["MD5"])
    assert old in text
    assert digest.read(text.replace(old, new)) is None


NAMES = st.text(string.ascii_letters, min_size=1, max_size=8)
VALUES = st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20)


def quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(
    st.dictionaries(NAMES.map(str.lower), VALUES, max_size=6), st.sampled_from([",", ", ", " , "])
)
def test_whatever_is_written_in_quotes_is_read_again(values: dict[str, str], between: str) -> None:
    text = between.join(f"{name}={quoted(value)}" for name, value in values.items())
    assert digest.parameters(text) == values


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    digest.parameters(text)
    assert digest.read(text) is None


@pytest.mark.parametrize("algorithm", digest.ALGORITHMS)
def test_a_challenge_can_be_read_by_the_same_rules(algorithm: str) -> None:
    value = digest.challenge("doorbell relay", "abc", algorithm, stale=True)
    scheme, _, rest = value.partition(" ")
    assert scheme == "Digest"
    assert digest.parameters(rest) == {
        "realm": "doorbell relay", "qop": "auth", "algorithm": algorithm, "nonce": "abc",
        "stale": "true",
    }  # fmt: skip
