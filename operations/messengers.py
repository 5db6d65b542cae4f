"""The messengers of a home: addresses in Apprise's form, in a secret of the home's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from doorbell.aws.messenger_secrets import read_messengers, secret_name, write_messengers
from doorbell.errors import BadName
from doorbell.homes import check_id
from doorbell.push.model import Messenger

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
        _secrets(stack).delete_secret(
            SecretId=secret_name(name, home), ForceDeleteWithoutRecovery=True
        )
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
    try:
        found = _secrets(stack).get_secret_value(SecretId=secret_name(name, home))
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return []
        raise
    return read_messengers(found["SecretString"])


def _write(stack: Deployed, name: str, home: str, messengers: list[Messenger]) -> int:
    secrets, secret = _secrets(stack), secret_name(name, home)
    text = write_messengers(messengers)
    try:
        secrets.put_secret_value(SecretId=secret, SecretString=text)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        secrets.create_secret(Name=secret, SecretString=text)
    return len(messengers)


def _secrets(stack: Deployed) -> Any:
    return stack.session.client("secretsmanager", endpoint_url=stack.endpoint)
