"""Which stack a device belongs to, and the token that lets it in.

The token is kept in a file of its own that nobody else may read: never in the configuration, never
in a URL, never in a log.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeAlias

from doorbell_client.config.redaction import without_secrets
from doorbell_client.config.schema import CAMERA_URL_EXPECTED, SOCKET_URL_EXPECTED, URL_EXPECTED
from doorbell_client.config.secret_file import Place, read_closed, read_secret
from doorbell_client.config.validators import is_recipient_url, is_stack_url
from doorbell_client.errors import ConfigError

Role: TypeAlias = Literal["door", "phone", "camera"]

STACK_FILE: Final = Path(".local/stack.json")
"""A running one-machine stack writes it into its working directory."""

TOKEN: Final = Place("DOORBELL_TOKEN", "token", "token file")
BROKER_PASSWORD: Final = Place(
    "DOORBELL_BROKER_PASSWORD", "broker-password", "broker's password file"
)

_TOKEN: Final = re.compile(r"[!-~]{1,512}")
_URLS: Final = {
    "camera": (is_recipient_url, CAMERA_URL_EXPECTED),
    "socket": (is_stack_url, SOCKET_URL_EXPECTED),
}
_NO_STACK: Final = (
    "No stack is configured: run `doorbell init`, give --url and --token, or stand in the folder "
    "of a running one-machine stack (`make up`)."
)


@dataclass(frozen=True)
class Credentials:
    """Where to connect and how to be let in."""

    url: str
    token: str = field(repr=False)

    @property
    def home(self) -> str:
        """Whose device this is: the stack's URL, and the home, which a token begins with."""
        return f"{self.url.split('?', maxsplit=1)[0]} {self.home_id}"

    @property
    def home_id(self) -> str:
        """The home's id within its stack."""
        return self.token.split(".", maxsplit=1)[0]

    @property
    def device(self) -> str:
        """The device's name among all of its stack: the token without its secret."""
        return self.token.rpartition(".")[0]


def check_url(url: str, where: str) -> str:
    """`url` if a token may be sent there. Raises ConfigError, naming `where` it was found."""
    if is_stack_url(url) or is_recipient_url(url):
        return url
    raise ConfigError(without_secrets(f"{where} cannot be {url!r}; expected {URL_EXPECTED}."))


def check_role(credentials: Credentials, role: Role) -> Credentials:
    """`credentials`, if their URL is one for devices of this role. Raises ConfigError."""
    fits, expected = _URLS["camera" if role == "camera" else "socket"]
    if fits(credentials.url):
        return credentials
    words = f"A {role} cannot use {credentials.url!r}; expected {expected}."
    raise ConfigError(without_secrets(words))


def check_token(token: str, where: str) -> str:
    """`token` without the line's end. Raises ConfigError, never with the token in its text."""
    stripped = token.strip()
    if not _TOKEN.fullmatch(stripped):
        raise ConfigError(f"{where} holds no token; expected one line such as home.front.secret.")
    return stripped


def read_token(file: Path) -> str:
    """The token in `file`. Raises ConfigError, also when others may read the file."""
    content = read_closed(file, TOKEN.what)
    return check_token(content, f"The {TOKEN.what} {file}")


def from_environment(environment: Mapping[str, str], url: str, token_file: Path) -> Credentials:
    """A configured device's credentials. Raises ConfigError.

    DOORBELL_TOKEN counts more than the file, and so does systemd's credential `token`.
    """
    return Credentials(url, check_token(*read_secret(environment, TOKEN, token_file)))


def broker_password(environment: Mapping[str, str], password_file: Path) -> str:
    """What the home's MQTT broker lets the bridge in with. Raises ConfigError.

    DOORBELL_BROKER_PASSWORD counts more than the file, and so does systemd's credential.
    """
    content, where = read_secret(environment, BROKER_PASSWORD, password_file)
    if not (password := content.rstrip("\r\n")):
        raise ConfigError(f"{where} holds no password; expected one line.")
    return password


def from_stack(file: Path, role: Role) -> Credentials:
    """The credentials of a running one-machine stack. Raises ConfigError."""
    try:
        content = json.loads(file.read_bytes())
        url = content["cameras" if role == "camera" else "websocket"]
        token = content["tokens"][role]
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise ConfigError(
            f"{file} is not what `make up` writes: no URL and {role} token."
        ) from None
    if url is None:
        raise ConfigError(f"The stack of {file} takes no pictures of cameras.")
    return Credentials(check_url(str(url), f"{file}: its URL"), check_token(str(token), str(file)))


def no_stack() -> ConfigError:
    """Nothing says where the stack is."""
    return ConfigError(_NO_STACK)
