"""What a home publishes, in a secret of its own: films of which camera or door, and where."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.table import Table
from doorbell.aws.publication_secrets import secret_name
from doorbell.errors import BadSetting, FilmNotPublished
from doorbell.homes import check_id, id_from_name
from doorbell.messengers.apprise_posts import ApprisePosts
from doorbell.publishing.model import Account, AppriseAddress, Publication, XAccount
from doorbell.publishing.records import checked, read_publications, write_publications
from operations.home_secrets import delete_secret, read_secret, write_secret
from operations.stacks import NoStack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from doorbell.model import Device, Role
    from operations.stacks import Deployed

X: Final = "x"
"""What is typed as an address for an account on X."""
X_KEYS: Final = {
    "X_API_KEY": "API key",
    "X_API_KEY_SECRET": "API key secret",
    "X_ACCESS_TOKEN": "Access token",
    "X_ACCESS_TOKEN_SECRET": "Access token secret",
}
"""Variables of the environment, and how X's developer portal calls what they hold."""
MOST: Final = 6
"""Accounts of a home: one after the other they must not take longer than the function runs."""


def add_publication(stack: Deployed, name: str, home: str, given: Publication) -> str:
    """From the next film on; in words, what is published where. `given` names the camera or the
    door as people do; a former publication of it to the same account is replaced.

    Raises BadName, BadSetting, NoStack if the home has no such device.
    """
    check_id(home, "home")
    checked(given._replace(camera=_id(given.camera), door=_id(given.door)))
    device = _device(stack, home, given)
    if device.door and not given.visitors:
        raise BadSetting(
            f"{device.name} rings at {device.door}: its films show visitors. "
            "To publish them all the same, say VISITORS=yes."
        )
    made = given._replace(camera=given.camera and device.id, door=given.door and device.id)
    known = _read(stack, name, home)
    others = [each for each in known if _place(each) != _place(made)]
    for former in known:
        if _place(former) == _place(made):
            # What was published stays so.
            made = made._replace(id=former.id)
    if len(others) >= MOST:
        raise BadSetting(f"{home} publishes to {MOST} accounts already.")
    write_secret(stack, secret_name(name, home), write_publications([*others, checked(made)]))
    return shown(made)


def list_publications(stack: Deployed, name: str, home: str) -> list[str]:
    """What is published where, in words, without what is secret."""
    return [shown(each) for each in _read(stack, name, home)]


def stop_publishing(
    stack: Deployed, name: str, home: str, camera: str = "", door: str = ""
) -> list[str]:
    """Publish no film of this camera or door any more, or none at all if neither is named; what is
    still published, in words.
    """
    secret = secret_name(name, home)
    kept: list[Publication] = []
    if camera or door:
        # Else nothing is read: what is damaged can be stopped, too.
        kept = [each for each in _read(stack, name, home) if not _is_of(each, camera, door)]
    if kept:
        write_secret(stack, secret, write_publications(kept))
    elif read_secret(stack, secret) is not None:
        delete_secret(stack, secret)
    return [shown(each) for each in kept]


def account(url: str, environment: Mapping[str, str], ask: Callable[[str], str] | None) -> Account:
    """Where to. What is secret is asked for, unless it was given: a command line can be read by
    others on the machine. `ask` is None where nobody is there to answer. Raises BadSetting.
    """
    if url.strip().lower() == X:
        return XAccount(
            *(environment.get(key) or _asked(words, ask) for key, words in X_KEYS.items())
        )
    to = AppriseAddress(url or _asked("Address in Apprise's form", ask))
    try:
        ApprisePosts().limits(to)
    except FilmNotPublished as error:
        raise BadSetting(_WORDS[error.reason]) from None
    return to


_WORDS: Final = {
    "bad_address": "Say where: URL=x, or an address in Apprise's form, such as mastodons://…",
    "takes_no_film": "By way of Apprise that service takes no films. For X, say URL=x.",
}


def new_id() -> str:
    """Of a publication; the table remembers by it what was published."""
    return secrets.token_hex(6)


def shown(publication: Publication) -> str:
    """A publication in words, without what is secret."""
    of = f"camera {publication.camera}" if publication.camera else f"door {publication.door}"
    visitors = " (visitors may be seen)" if publication.visitors else ""
    return f"{of} → {publication.to.service}{visitors}"


def _asked(words: str, ask: Callable[[str], str] | None) -> str:
    if ask is None:
        raise BadSetting(f"{words}: nobody is there to be asked; docs/publishing.md says how.")
    return ask(f"{words} (not shown): ").strip()


def _device(stack: Deployed, home: str, given: Publication) -> Device:
    role: Role = "camera" if given.camera else "door"
    devices = DeviceTable(Table(stack.client, stack.table)).all(home)
    there = [each for each in devices if each.role == role]
    for each in there:
        if each.id == _id(given.camera or given.door):
            return each
    names = ", ".join(each.name for each in there) or "none"
    raise NoStack(f"{home} has no {role} named {given.camera or given.door}; it has: {names}.")


def _id(name: str | None) -> str | None:
    return id_from_name(name) if name else None


def _place(publication: Publication) -> tuple[str | None, str | None, Account]:
    return publication.camera, publication.door, publication.to


def _is_of(publication: Publication, camera: str, door: str) -> bool:
    by_camera = bool(camera) and publication.camera == _id(camera)
    return by_camera or (bool(door) and publication.door == _id(door))


def _read(stack: Deployed, name: str, home: str) -> list[Publication]:
    text = read_secret(stack, secret_name(name, home))
    return [] if text is None else read_publications(text)
