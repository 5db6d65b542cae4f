"""HTTP Digest as RFC 7616 has it: reads what a camera sends, and computes what it should have sent.

Of its variants there are MD5, which is all that many cameras know, and SHA-256, with `qop=auth`.
"""

import hashlib
import hmac
import re
from typing import Final, NamedTuple

ALGORITHMS: Final = {"SHA-256": "sha256", "MD5": "md5"}
"""What is offered, the better one first, and what hashlib calls it."""

_PARAMETER: Final = re.compile(
    r"\s*([A-Za-z][A-Za-z0-9*_-]*)\s*=\s*"
    r'(?:"((?:[^"\\]|\\.)*)"|([^\s",=]+))\s*(?:,|$)'
)
_ESCAPED: Final = re.compile(r"\\(.)")
_COUNT: Final = re.compile(r"[0-9a-fA-F]{8}")
_NEEDED: Final = ("username", "realm", "nonce", "uri", "response", "nc", "cnonce", "qop")


class Credentials(NamedTuple):
    """What stands behind `Authorization: Digest`."""

    username: str
    realm: str
    nonce: str
    uri: str
    response: str
    nc: str
    """How often the camera has used this nonce, this time included: eight hexadecimal digits."""
    cnonce: str
    algorithm: str

    def is_answer(self, password: str, method: str) -> bool:
        """Whether it was computed with this password, for a request with this method."""
        expected = response(self, password, method)
        return hmac.compare_digest(expected.encode(), self.response.lower().encode())


def parameters(text: str) -> dict[str, str] | None:
    """`name=value, name="value"` by lower-case name; None if it is anything else."""
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        match = _PARAMETER.match(text, at)
        if match is None or match[1].lower() in found:
            return None
        quoted = match[2]
        found[match[1].lower()] = match[3] if quoted is None else _ESCAPED.sub(r"\1", quoted)
        at = match.end()
    return found


def read(text: str) -> Credentials | None:
    """The credentials that a camera sent; None if they are none that could be right."""
    sent = parameters(text)
    if sent is None or any(name not in sent for name in _NEEDED):
        return None
    algorithm = sent.get("algorithm", "MD5").upper()
    counts = sent["qop"] == "auth" and _COUNT.fullmatch(sent["nc"])
    if algorithm not in ALGORITHMS or not counts or sent.get("userhash", "false") == "true":
        return None
    return Credentials(
        sent["username"], sent["realm"], sent["nonce"], sent["uri"], sent["response"],
        sent["nc"], sent["cnonce"], algorithm,
    )  # fmt: skip


def response(of: Credentials, password: str, method: str) -> str:
    """What somebody who knows the password computes (RFC 7616, 3.4.1), in hexadecimal."""

    def hashed(text: str) -> str:
        # MD5 is what such a camera knows; of the password it gives away no more than Basic does.
        return hashlib.new(
            ALGORITHMS[of.algorithm], text.encode("utf-8", "replace"), usedforsecurity=False
        ).hexdigest()

    user = hashed(f"{of.username}:{of.realm}:{password}")
    request = hashed(f"{method}:{of.uri}")
    return hashed(f"{user}:{of.nonce}:{of.nc}:{of.cnonce}:auth:{request}")


def challenge(realm: str, nonce: str, algorithm: str, *, stale: bool) -> str:
    """The value of `WWW-Authenticate` that asks for it."""
    again = ", stale=true" if stale else ""
    return f'Digest realm="{realm}", qop="auth", algorithm={algorithm}, nonce="{nonce}"{again}'
