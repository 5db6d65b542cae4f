"""What phones send, as docs/openapi.yaml has it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
Id: TypeAlias = Annotated[str, Meta(max_length=64)]
Time: TypeAlias = Annotated[float, Meta(ge=0, le=10_000_000_000)]
"""Seconds since 1970."""
ClockTime: TypeAlias = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class PairingRequest(Struct, forbid_unknown_fields=True):
    """A code for one more phone."""

    name: Text
    resident: Text | None = None
    manager: bool = False


class PairingUse(Struct, forbid_unknown_fields=True):
    """A phone joins, perhaps under another name."""

    name: Text | None = None


class Hours(Struct, forbid_unknown_fields=True):
    """Quiet hours of every day."""

    start: ClockTime
    end: ClockTime
    zone: Id


class QuietBody(Struct, forbid_unknown_fields=True):
    """When to stay silent."""

    hours: Hours | None
    until: Time | None


class Keys(Struct, forbid_unknown_fields=True):
    """A browser's keys (RFC 8291)."""

    p256dh: Annotated[str, Meta(max_length=128)]
    auth: Annotated[str, Meta(max_length=64)]


class PushBody(Struct, forbid_unknown_fields=True):
    """Where notices go."""

    endpoint: Annotated[str, Meta(max_length=2048)]
    keys: Keys
    code_on_lock_screen: bool = False


class DeviceChange(Struct, forbid_unknown_fields=True):
    """Another name, or who manages."""

    name: Text | None = None
    manager: bool | None = None


class FaceName(Struct, forbid_unknown_fields=True):
    """ "This is …"."""

    resident: Text
    consent: bool


class ConsentBody(Struct, forbid_unknown_fields=True):
    """The person agrees."""

    consent: bool


class Rename(Struct, forbid_unknown_fields=True):
    """A resident's other name."""

    name: Text


class GuestRequest(Struct, forbid_unknown_fields=True):
    """Who may come, where and when."""

    name: Text
    doors: Annotated[list[Id], Meta(min_length=1, max_length=20)]
    start: Time
    end: Time
    uses: Annotated[int, Meta(ge=1, le=1000)]


class FilmRequest(Struct, forbid_unknown_fields=True):
    """A film of what a camera saw."""

    start: Time
    end: Time


class ScheduleBody(Struct, forbid_unknown_fields=True):
    """When films of a camera are made by themselves; `at` and `zone` unless never."""

    every: Literal["never", "day", "week"]
    at: ClockTime | None = None
    zone: Id | None = None
