"""How the installed service is, by its own words."""

from typing import Final

from doorbell_client.commands.checks.finding import Finding, fail, ok
from doorbell_client.commands.service_state import Ask, service_state
from doorbell_client.config.service import Service
from doorbell_client.supervisor import BROKEN

_FIX: Final = "See `journalctl --unit {unit}`, fix it, then `sudo systemctl restart {unit}`."


def check_service(service: Service, ask: Ask | None = None) -> Finding:
    """It runs, and every part that it was given works."""
    name = service.unit_name
    state = service_state(name, ask) if ask else service_state(name)
    if not state.active or BROKEN in state.words:
        return fail(f"{name} is {state.words}.", _FIX.format(unit=name))
    return ok(f"{name} is {state.words}.")
