"""Which configuration is looked at, and whether the installed service uses the same."""

from doorbell_client.commands.checks.finding import Finding, Setup, ok, warn
from doorbell_client.config.service import Service


def check_config(setup: Setup, installed: Service | None) -> Finding:
    """The file that counts here. `installed` is the service of this machine."""
    file = setup.config_file
    if file is None:
        return ok("There is no file; the environment, a running stack and defaults count.")
    if installed is not None and setup.service is None:
        return warn(
            f"{file}; the service uses {installed.config_file}.",
            f"To check the service: sudo doorbell doctor --config {installed.config_file}.",
        )
    return ok(f"{file}{', which the service uses' if setup.service else ''}.")
