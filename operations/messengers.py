"""The messengers of a home: addresses in Apprise's form, in a secret of the home's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.aws.messenger_secrets import read_messengers, secret_name, write_messengers
from doorbell.errors import BadName
from doorbell.homes import check_id
from doorbell.push.model import Messenger
from operations.home_secrets import delete_secret, read_secret, write_secret

if TYPE_CHECKING:
    from operations.stacks import Deployed

FORM = "an address in Apprise's form, such as ntfy://topic"


def add_messenger(
    stack: Deployed, name: str, home: str, url: str, *, with_codes: bool = False
) -> int:
    """Tell this messenger too, from now on (within a minute); how many the home has.

    Raises BadName for what is no address.
    """
    check_id(home, "home")
    if "://" not in url or any(ord(letter) <= 32 for letter in url):
        raise BadName(f"Say where: URL=…, {FORM}.")
    others = [each for each in _read(stack, name, home) if each.url != url]
    return _write(stack, name, home, [*others, Messenger(url, with_codes)])


def remove_messengers(stack: Deployed, name: str, home: str) -> int:
    """Tell none any more; how many there were. The secret is deleted at once."""
    known = _read(stack, name, home)
    if known:
        delete_secret(stack, secret_name(name, home))
    return len(known)


def shown(url: str) -> str:
    """An address without what is secret in it: its service alone."""
    return f"{url.partition('://')[0]}://…"


def list_messengers(stack: Deployed, name: str, home: str) -> list[str]:
    """The services that are told, in order."""
    return [
        shown(each.url) + (" (codes, too)" if each.with_codes else "")
        for each in _read(stack, name, home)
    ]


def _read(stack: Deployed, name: str, home: str) -> list[Messenger]:
    text = read_secret(stack, secret_name(name, home))
    return [] if text is None else read_messengers(text)


def _write(stack: Deployed, name: str, home: str, messengers: list[Messenger]) -> int:
    write_secret(stack, secret_name(name, home), write_messengers(messengers))
    return len(messengers)
