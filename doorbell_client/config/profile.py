"""Which stack, which token, which folder: from the command line, the environment and files."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from doorbell_client.config import locations, reader
from doorbell_client.config.credentials import (
    STACK_FILE,
    Credentials,
    Role,
    check_role,
    check_token,
    check_url,
    from_environment,
    from_stack,
    no_stack,
)
from doorbell_client.config.keys import keys_of
from doorbell_client.config.schema import Config
from doorbell_client.config.service import Service, installed_service
from doorbell_client.config.validators import is_recipient_url
from doorbell_client.errors import ConfigError


@dataclass(frozen=True)
class Profile:
    """Everything that a command is given before it begins."""

    config: Config
    config_file: Path | None
    named: bool
    """The configuration was named, and so counts more than a stack in the working directory."""
    environment: Mapping[str, str]
    url: str | None = None
    token: str | None = None
    serves: Service | None = None
    """The installed service that uses this very configuration."""

    def credentials(self, role: Role) -> Credentials:
        """From the first of these that has them: flags, environment, a named configuration,
        `.local/stack.json` in the working directory, the usual configuration. Raises ConfigError,
        also if the URL is not one for this role.
        """
        return check_role(self._credentials(role), role)

    def _credentials(self, role: Role) -> Credentials:
        if self.url or self.token:
            return self._flagged()
        if self._configured_by_environment() or self.named or not STACK_FILE.is_file():
            return self._configured()
        stack = from_stack(STACK_FILE, role)
        token = self.environment.get("DOORBELL_TOKEN", stack.token)
        return Credentials(stack.url, check_token(token, "DOORBELL_TOKEN"))

    def source(self, role: Role) -> str:
        """Where `credentials` found them, for a person."""
        if self.url:
            return "the command line"
        if self._configured_by_environment():
            return "the environment"
        if not self.named and STACK_FILE.is_file():
            return f"{STACK_FILE} ({role})"
        return str(self.config_file)

    @property
    def is_camera(self) -> bool:
        """Whether this is the configuration of a camera, by its URL."""
        return is_recipient_url(self.url or self.config.cloud.url)

    def spool_folder(self) -> Path:
        """Where presses are kept: as configured, the service's folder, else the user's own."""
        return self.config.spool.folder or self._state_folder() / "spool"

    def relay_folder(self) -> Path:
        """Where cameras' pictures and clips wait: likewise."""
        return self.config.relay.folder or self._state_folder() / "relay"

    def pictures_folder(self) -> Path:
        """Where a camera's pictures are kept: as configured, else beside the presses."""
        if self.config.spool.folder is not None:
            return self.config.spool.folder
        return self.spool_folder().with_name("pictures")

    def runtime_folder(self) -> Path | None:
        """In memory, and there until the machine is switched off; None if there is no such.

        A user's doors have one for each spool, so that none takes another's presses for its own.
        """
        if runtime := self.environment.get("RUNTIME_DIRECTORY"):
            return Path(runtime.split(":")[0])
        if not (of_user := self.environment.get("XDG_RUNTIME_DIR")):
            return None
        spool = hashlib.sha256(os.fsencode(self.spool_folder().absolute())).hexdigest()[:12]
        folder = Path(of_user) / "doorbell" / spool
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            return None
        return folder

    def _state_folder(self) -> Path:
        if state := self.environment.get("STATE_DIRECTORY"):
            return Path(state.split(":")[0])
        return self.serves.state if self.serves else platformdirs.user_state_path("doorbell")

    def _flagged(self) -> Credentials:
        token = self.token or self.environment.get("DOORBELL_TOKEN")
        if not self.url or not token:
            raise ConfigError("--url and --token go together.")
        return Credentials(check_url(self.url, "--url"), check_token(token, "--token"))

    def _configured_by_environment(self) -> bool:
        return keys_of("cloud")["url"].variable in self.environment

    def _configured(self) -> Credentials:
        cloud = self.config.cloud
        if not cloud.url:
            raise no_stack()
        return from_environment(self.environment, cloud.url, cloud.token_file)


def find(
    named: Path | None,
    url: str | None = None,
    token: str | None = None,
    environment: Mapping[str, str] = os.environ,
    report: reader.Report | None = None,
) -> Profile:
    """The profile that the command line and the environment ask for. Raises ConfigError.

    With `report`, wrong parts of the configuration are told to it and left out.
    """
    service = installed_service()
    file = locations.find_config(named, environment, service.config_file if service else None)
    is_named = named is not None or "DOORBELL_CONFIG" in environment
    config = reader.load(file, environment, report or reader.strictly)
    same = service is not None and file is not None and file.absolute() == service.config_file
    return Profile(config, file, is_named, environment, url, token, service if same else None)
