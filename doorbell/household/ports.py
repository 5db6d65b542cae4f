"""What a household's jobs need from the world, as Protocols; each names the home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from doorbell.household.model import (
        HomeSettings,
        PhoneSettings,
        Quiet,
        Subscription,
    )


class AllSettings(Protocol):
    """Settings of phones and homes."""

    def phone(self, home: str, device: str) -> PhoneSettings:
        """What this phone has chosen; the defaults if it has chosen nothing."""

    def phones(self, home: str) -> list[PhoneSettings]:
        """Those of all phones that have any."""

    def set_phone_quiet(self, home: str, device: str, quiet: Quiet) -> None:
        """When this phone stays silent. Raises Conflict if there is no such device."""

    def of_home(self, home: str) -> HomeSettings:
        """What holds for all phones of this home."""

    def set_home_quiet(self, home: str, quiet: Quiet, was: int) -> int:
        """When all phones stay silent; the version it has then.

        Raises Conflict if the version is not `was`.
        """

    def make_manager(self, home: str, device: str) -> None:
        """This phone manages the home. Raises Conflict if there is no such device."""

    def unmake_manager(self, home: str, device: str, other: str) -> None:
        """No more. Raises Conflict unless `other` is another manager at this moment."""


class Subscriptions(Protocol):
    """Where notices of phones go."""

    def of_home(self, home: str) -> list[Subscription]:
        """All of this home."""

    def find(self, home: str, device: str) -> Subscription | None:
        """That of one phone."""

    def add(self, subscription: Subscription) -> None:
        """In place of a former one. Raises Conflict if there is no such device."""

    def remove(self, home: str, device: str, endpoint: str | None = None) -> None:
        """Forget it; with `endpoint`, only if it is still that one."""
