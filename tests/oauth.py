"""Whether a request is signed as RFC 5849 has it: worked out here once more, from its words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import string
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

UNRESERVED: Final = string.ascii_letters + string.digits + "-._~"


def encode(text: str) -> str:
    """Section 3.6: octets of UTF-8, capital letters, and nothing else left as it is."""
    octets = text.encode()
    return "".join(chr(o) if chr(o) in UNRESERVED else f"%{o:02X}" for o in octets)


def base_string(method: str, url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """Section 3.4.1: method, address without its query, parameters in order."""
    at = urlsplit(url)
    usual = {"http": 80, "https": 443}[at.scheme]
    port = f":{at.port}" if at.port not in (None, usual) else ""
    address = f"{at.scheme}://{(at.hostname or '').lower()}{port}{at.path or '/'}"
    pairs = sorted((encode(name), encode(value)) for name, value in parameters)
    together = "&".join(f"{name}={value}" for name, value in pairs)
    return "&".join(encode(part) for part in (method.upper(), address, together))


def signature(base: str, consumer_secret: str, token_secret: str) -> str:
    """Section 3.4.2: HMAC-SHA1."""
    key = f"{encode(consumer_secret)}&{encode(token_secret)}"
    return base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1)).decode()


def parameters_in(header: str) -> dict[str, str]:
    """Section 3.5.1: the header's parameters. Each stands there once."""
    scheme, _, rest = header.partition(" ")
    assert scheme == "OAuth"
    pairs = [each.strip().split("=", 1) for each in rest.split(",")]
    found = {unquote(name): unquote(value[1:-1]) for name, value in pairs}
    assert len(found) == len(pairs)
    assert all(value[0] == value[-1] == '"' for _, value in pairs)
    return found


def is_signed(method: str, url: str, header: str, consumer_secret: str, token_secret: str) -> bool:
    """Whether the header's signature is that of this request (section 3.2). Bodies that are no
    forms have no part in it.
    """
    given = parameters_in(header)
    theirs = given.pop("oauth_signature")
    given.pop("realm", None)
    query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    base = base_string(method, url, [*query, *given.items()])
    ours = signature(base, consumer_secret, token_secret)
    return given["oauth_signature_method"] == "HMAC-SHA1" and hmac.compare_digest(ours, theirs)
