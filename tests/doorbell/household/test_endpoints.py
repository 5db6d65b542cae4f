"""Where notices may be sent: to push services on the internet, and never into a private network."""

from __future__ import annotations

import base64
import ipaddress
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorbell.errors import BadEndpoint
from doorbell.household.endpoints import MOST_CHARACTERS, check_endpoint, check_keys, is_public

PUSH_SERVICES = [
    "https://fcm.googleapis.com/fcm/send/dZ0:APA91bH",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAA_-",
    "https://web.push.apple.com/QGuQyavXutnMH",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAA%3d",
    "https://push.example.org:443/",
    "https://1.1.1.1/",
    "https://[2606:4700:4700::1111]/",
]

INWARD = [
    "http://push.example.org/",
    "https://push.example.org:8443/",
    "https://anna@push.example.org/",
    "https://:secret@push.example.org/",
    "https://localhost/",
    "https://intranet/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://224.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fd00:ec2::254]/",
    "https://[64:ff9b::a00:1]/",
    "https://[2002:a00:1::]/",
    "https://push.example.org./",
    "https://push.example.org\\@10.0.0.1/",
    "https://push.example.org /",
    "https://push.example.org/\r\nHost: x",
    "https://púsh.example.org/",
    "https://push.example.org:x/",
    "https://[push.example.org]/",
    "https:///path",
    "file:///etc/passwd",
    "gopher://push.example.org/",
    "",
]


@pytest.mark.parametrize("url", PUSH_SERVICES)
def test_push_services_are_taken_as_they_are(url: str) -> None:
    assert check_endpoint(url, loopback=False) == url


@pytest.mark.parametrize("url", INWARD)
def test_nothing_else_is(url: str) -> None:
    with pytest.raises(BadEndpoint):
        check_endpoint(url, loopback=False)


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


POINT, SECRET = b"\x04" + bytes(range(64)), bytes(range(240, 256))


@pytest.mark.parametrize("padded", [True, False])
def test_a_browsers_keys_are_read_with_and_without_their_padding(padded: bool) -> None:
    p256dh, auth = base64url(POINT), base64url(SECRET)
    if not padded:
        p256dh, auth = p256dh.rstrip("="), auth.rstrip("=")
    assert check_keys(p256dh, auth) == (POINT, SECRET)


@pytest.mark.parametrize(
    ("point", "secret"),
    [
        (base64url(POINT[:-1]), base64url(SECRET)),
        (base64url(POINT + b"x"), base64url(SECRET)),
        (base64url(b"\x02" + POINT[1:]), base64url(SECRET)),
        (base64url(POINT), base64url(SECRET[:-1])),
        (base64url(b"\x02" + POINT[1:]), base64url(SECRET + b"x")),
        (base64url(POINT), "====" + base64url(SECRET)),
        (base64url(POINT), base64url(SECRET)[:-3]),
        (base64url(POINT).replace("A", "+"), base64url(SECRET)),
        (base64url(POINT), "ä" * 22),
        ("", ""),
        ("!", "!"),
        ("A", "A"),
    ],
)
def test_whatever_is_no_key_of_a_browser_is_refused(point: str, secret: str) -> None:
    """A point that is not compressed (SEC 1, 2.3.3), and sixteen bytes."""
    with pytest.raises(BadEndpoint, match="no keys of a browser"):
        check_keys(point, secret)


@pytest.mark.parametrize(("length", "taken"), [(253, True), (254, False)])
def test_a_hosts_name_has_the_length_that_dns_allows(length: int, taken: bool) -> None:
    host = ("a" * 49 + ".") * 5 + "b" * (length - 250)
    assert len(host) == length
    if taken:
        assert check_endpoint(f"https://{host}/", loopback=False)
    else:
        with pytest.raises(BadEndpoint):
            check_endpoint(f"https://{host}/", loopback=False)


def test_what_is_no_address_is_no_public_one() -> None:
    assert not is_public("push.example.org")


def test_an_endpoint_has_a_length() -> None:
    longest = "https://push.example.org/".ljust(MOST_CHARACTERS, "a")
    assert check_endpoint(longest, loopback=False) == longest
    with pytest.raises(BadEndpoint):
        check_endpoint(longest + "a", loopback=False)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:4000/p", "http://localhost:1/", "https://[::1]:4000/"]
)
def test_the_one_machine_may_push_to_itself(url: str) -> None:
    assert check_endpoint(url, loopback=True) == url
    with pytest.raises(BadEndpoint):
        check_endpoint(url, loopback=False)


@pytest.mark.parametrize(
    "url", ["http://push.example.org/", "http://10.0.0.1/", "ftp://127.0.0.1/"]
)
def test_and_to_nothing_else_of_its_network(url: str) -> None:
    with pytest.raises(BadEndpoint):
        check_endpoint(url, loopback=True)


@given(st.ip_addresses())
@example(ipaddress.ip_address("::ffff:10.0.0.1"))
def test_an_address_is_taken_only_if_it_is_public(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    written = str(address) if address.version == 4 else f"[{address}]"
    try:
        check_endpoint(f"https://{written}/", loopback=False)
    except BadEndpoint:
        assert not is_public(str(address))
    else:
        assert address.is_global
        assert not any((address.is_private, address.is_loopback, address.is_link_local))


@given(st.text(), st.booleans())
@example("https://[", False)
@example("https://a.b:99999", False)
def test_any_text_is_refused_or_leads_to_one_host(text: str, loopback: bool) -> None:
    """Whatever passes names a host, and no user, whoever parses it."""
    for url in (text, f"https://{text}", f"https://push.example.org{text}"):
        try:
            check_endpoint(url, loopback=loopback)
        except BadEndpoint:
            continue
        parts = urlsplit(url)
        assert parts.hostname
        assert "@" not in parts.netloc
        assert url.isascii()
        assert url.isprintable()
