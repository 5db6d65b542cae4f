"""The limits of a deployment: template parameters, read once from the environment."""

from collections.abc import Mapping
from typing import NamedTuple

from doorbell.errors import SettingsError


class Settings(NamedTuple):
    """What may be tuned, in seconds and counts. The defaults are the template's."""

    ring_gap: float = 5
    """A press within so many seconds belongs to the ring under way."""
    rings_per_hour: int = 20
    """Over so many rings an hour, a door gets no more face searches."""
    late_after: float = 60
    """A photo or press older than this is only `missed`."""
    code_life: int = 120
    """NIST 800-63B allows a code ten minutes; a doorstep needs two."""
    tries_per_ring: int = 5
    tries_per_hour: int = 10
    answer_within: int = 60
    open_seconds: int = 5
    open_valid_for: int = 15
    """A message to open is honoured for so long: a late unlock opens for nobody."""
    ticket_life: int = 300
    show_name_at_door: bool = False
    show_code_at_door: bool = False


_BOUNDS: dict[str, tuple[float, float]] = {
    "ring_gap": (0, 60),
    "rings_per_hour": (1, 1_000_000),
    "late_after": (1, 3600),
    "code_life": (1, 600),
    "tries_per_ring": (1, 10),
    "tries_per_hour": (1, 1000),
    "answer_within": (1, 600),
    "open_seconds": (1, 60),
    "open_valid_for": (1, 60),
    "ticket_life": (1, 3600),
}


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from variables such as RING_GAP; what is not set keeps its default.

    Raises SettingsError naming the variable.
    """
    given = {
        field: _value(field, environment[field.upper()])
        for field in Settings._fields
        if environment.get(field.upper())
    }
    return Settings(**given)  # type: ignore[arg-type]


def required(environment: Mapping[str, str], name: str) -> str:
    """A variable without which nothing works. Raises SettingsError."""
    value = environment.get(name)
    if not value:
        raise SettingsError(f"The environment variable {name} is not set.")
    return value


def whole_number(
    environment: Mapping[str, str], name: str, otherwise: int, *, low: int, high: int
) -> int:
    """A variable that is a whole number within bounds. Raises SettingsError."""
    text = environment.get(name) or str(otherwise)
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise SettingsError(f"{name} must be a whole number from {low} to {high}, not {text}.")
    return int(text)


def _value(field: str, text: str) -> float | bool:
    kind = type(Settings._field_defaults[field])
    if kind is bool:
        if text not in ("true", "false"):
            raise SettingsError(f"{field.upper()} must be true or false, not {text!r}.")
        return text == "true"
    low, high = _BOUNDS[field]
    try:
        value = float(text)
    except ValueError:
        raise SettingsError(f"{field.upper()} must be a number, not {text!r}.") from None
    if not low <= value <= high:
        raise SettingsError(f"{field.upper()} must lie from {low:g} to {high:g}, not {text}.")
    # Whoever gets a decimal past the template gets the nearest whole second, not a dead doorbell.
    return value if field in ("ring_gap", "late_after") else round(value)
