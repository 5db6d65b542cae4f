"""Two hands sign alike: the library that the product uses, and the RFC's words in `tests.oauth`."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st
from oauthlib.oauth1 import Client

from tests import oauth

PHOTOS = "http://photos.example.net/photos?file=vacation.jpg&size=original"
GIVEN = {
    "oauth_consumer_key": "dpf43f3p2l4k3l03",
    "oauth_token": "nnch734d00sl2jdk",
    "oauth_signature_method": "HMAC-SHA1",
    "oauth_timestamp": "137131202",
    "oauth_nonce": "chapoH",
}
SECRETS = ("kd94hf93k423kf44", "pfkkdhi9sl3r4s00")
HEADER = (
    'OAuth realm="Photos",'
    + ",".join(f'{name}="{value}"' for name, value in GIVEN.items())
    + ',oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"'
)
"""RFC 5849, section 1.2."""

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


def test_the_example_of_the_standard_is_signed() -> None:
    assert oauth.is_signed("GET", PHOTOS, HEADER, *SECRETS)


def test_nothing_of_it_may_be_another() -> None:
    """Method, address, query, a parameter, either secret, the signature itself."""
    assert not oauth.is_signed("POST", PHOTOS, HEADER, *SECRETS)
    assert not oauth.is_signed("GET", PHOTOS.replace("photos?", "photo?"), HEADER, *SECRETS)
    assert not oauth.is_signed("GET", PHOTOS.replace("original", "small"), HEADER, *SECRETS)
    assert not oauth.is_signed("GET", PHOTOS, HEADER.replace("chapoH", "chapoI"), *SECRETS)
    assert not oauth.is_signed("GET", PHOTOS, HEADER.replace("MdpQ", "MdpR"), *SECRETS)
    for secrets in [("x", SECRETS[1]), (SECRETS[0], "x"), SECRETS[::-1]]:
        assert not oauth.is_signed("GET", PHOTOS, HEADER, *secrets)


@given(st.lists(words, min_size=4, max_size=4), st.dictionaries(words, words, max_size=4))
def test_the_librarys_signatures_are_the_standards(keys: list[str], query: dict[str, str]) -> None:
    """Whatever stands in keys and query."""
    url = f"https://api.x.com/2/media/upload?{urlencode(query)}"
    client = Client(keys[0], keys[1], keys[2], keys[3])
    _, headers, _ = client.sign(url, http_method="GET")
    assert oauth.is_signed("GET", url, headers["Authorization"], keys[1], keys[3])
