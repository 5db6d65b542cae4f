"""Where the broker is, and how it lets this bridge in."""

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from doorbell_client.config.credentials import broker_password
from doorbell_client.config.redaction import without_secrets
from doorbell_client.config.schema import BROKER_EXPECTED, Bridge
from doorbell_client.config.validators import is_broker_url, is_loopback
from doorbell_client.errors import ConfigError

_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}

_NO_BROKER: Final = (
    "No broker is configured: say --broker mqtts://HOST, or set `broker` in [bridge]."
)


@dataclass(frozen=True)
class Address:
    """A broker. With `tls` its certificate is checked; without, the network reads along."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def is_open(self) -> bool:
        """Whether photos and presses cross the network for everybody to read and to imitate."""
        return self.tls is None and not is_loopback(self.host)


def address(
    config: Bridge, url: str | None = None, environment: Mapping[str, str] = os.environ
) -> Address:
    """The configured broker; `url` counts more than what is configured. Raises ConfigError."""
    wanted = url or config.broker
    if not wanted:
        raise ConfigError(_NO_BROKER)
    if not is_broker_url(wanted):
        shown = without_secrets(wanted)
        raise ConfigError(f"The broker cannot be {shown!r}; expected {BROKER_EXPECTED}.")
    parts = urlsplit(wanted)
    tls = _tls(config.ca_file) if parts.scheme == "mqtts" else None
    password = broker_password(environment, config.password_file) if config.user else None
    return Address(
        str(parts.hostname), parts.port or _PORTS[parts.scheme], tls, config.user, password
    )


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError:
        raise ConfigError(f"{ca_file} holds no certificates in PEM form.") from None
    except OSError as error:
        raise ConfigError(f"{ca_file} cannot be read: {error.strerror}.") from None
