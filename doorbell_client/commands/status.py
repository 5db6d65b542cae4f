"""`doorbell status`: which files count, whether the service runs, and what is not delivered."""

import argparse
import sys
from pathlib import Path
from typing import Final, TextIO

from doorbell_client.camera.shots import counted_shots
from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.commands.relay import store_of
from doorbell_client.commands.service_state import Ask, ServiceState, service_state
from doorbell_client.commands.spool import spool_of
from doorbell_client.commands.station import shots_of
from doorbell_client.commands.version import version
from doorbell_client.config.profile import Profile
from doorbell_client.config.redaction import without_secrets
from doorbell_client.config.service import Service, installed_service
from doorbell_client.errors import ClientError
from doorbell_client.outbox.spool import counted
from doorbell_client.relay.words import counted as counted_files

_NOT_INSTALLED: Final = "not installed: see `doorbell install-service`"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None but the common ones."""


def run(asked: Arguments) -> int:
    """Print the status; status 1 if a service is installed and does not run."""
    return show(profile_of(asked), installed_service())


def show(
    profile: Profile,
    service: Service | None,
    *,
    ask: Ask | None = None,
    out: TextIO | None = None,
) -> int:
    """Print a line for each thing. Returns the exit status."""
    state = _state(service, ask)
    lines = {
        "version": version(),
        "configuration": str(profile.config_file or "none"),
        "service": f"{service.unit_name} {state.words}" if service and state else _NOT_INSTALLED,
        **_waiting(profile),
    }
    if service is not None:
        lines["log"] = f"journalctl --unit {service.unit_name}"
    for name, words in lines.items():
        print(f"{name:13}  {without_secrets(words)}", file=out or sys.stdout)
    return 1 if state is not None and not state.active else 0


def _state(service: Service | None, ask: Ask | None) -> ServiceState | None:
    if service is None:
        return None
    return service_state(service.unit_name, ask) if ask else service_state(service.unit_name)


def _waiting(profile: Profile) -> dict[str, str]:
    """Which stack hears of what, and what it has not heard of. A relay alone has no presses."""
    config, lines = profile.config, dict[str, str]()
    if config.cloud.url or not config.relay.recipient:
        lines |= {"stack": _stack(profile), **_kept(profile)}
    if config.relay.recipient:
        lines |= {"cameras": config.relay.recipient, "files": _files(profile)}
    return lines


def _stack(profile: Profile) -> str:
    try:
        return profile.credentials("camera" if profile.is_camera else "door").url
    except ClientError as error:
        return str(error)


def _kept(profile: Profile) -> dict[str, str]:
    """A door's presses, or a camera's pictures."""
    folder = profile.pictures_folder() if profile.is_camera else profile.spool_folder()
    name = "pictures" if profile.is_camera else "presses"
    try:
        if profile.is_camera:
            waiting = counted_shots(len(shots_of(profile).peek()))
        else:
            waiting = counted(len(spool_of(profile).peek()))
    except OSError as error:
        return {name: _closed(folder, error)}
    return {name: f"{waiting} in {folder}"}


def _files(profile: Profile) -> str:
    """What cameras have sent to the relay."""
    folder = profile.relay_folder()
    try:
        waiting = store_of(profile).peek()
    except OSError as error:
        return _closed(folder, error)
    return f"{counted_files(len(waiting), sum(each.size for each in waiting))} in {folder}"


def _closed(folder: Path, error: OSError) -> str:
    return f"{folder} cannot be read: {error.strerror or error}; try sudo"
