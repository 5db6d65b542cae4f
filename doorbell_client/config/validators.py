"""URLs to which a token or a picture may be sent."""

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host's name or address can only be this machine."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def is_safe_url(url: str, secure: str, plain: str) -> bool:
    """Whether `url` is encrypted, or is plain and cannot leave this machine.

    `secure` and `plain` are the schemes, such as `wss` and `ws`.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or parts.username or any(c.isspace() or not c.isprintable() for c in url):
        return False
    return parts.scheme == secure or (parts.scheme == plain and is_loopback(host))


def is_broker_url(url: str) -> bool:
    """Whether `url` names an MQTT broker and nothing else: no user, no password, no path.

    Plain MQTT is taken, too: it is what most homes' brokers speak.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or any(c.isspace() or not c.isprintable() for c in url):
        return False
    bare = not (parts.username or parts.password or parts.query or parts.fragment)
    return bare and parts.scheme in ("mqtt", "mqtts") and parts.path in ("", "/")


def is_stack_url(url: str) -> bool:
    """Whether a token may be sent to this WebSocket URL.

    A URL that holds a token itself is refused: URLs stand in logs and proxies.
    """
    return is_safe_url(url, "wss", "ws") and "token=" not in urlsplit(url).query


def is_recipient_url(url: str) -> bool:
    """Whether cameras' pictures and tokens may be sent to this URL, the stack's `Recipient`.

    It holds no token itself. Plain HTTP is for this machine alone: a token that it has carried may
    never ring.
    """
    return is_safe_url(url, "https", "http") and not urlsplit(url).query
