"""Accounts of every kind there is, each by its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from doorbell.publishing.model import AppriseAddress, XAccount

if TYPE_CHECKING:
    from doorbell.publishing.model import Account, FilmFile, Limits
    from doorbell.publishing.ports import Accounts


class AllAccounts(NamedTuple):
    """`doorbell.publishing.ports.Accounts`, of all accounts."""

    apprise: Accounts[AppriseAddress]
    x: Accounts[XAccount]

    def limits(self, to: Account) -> Limits:
        """What is taken there."""
        return self.x.limits(to) if isinstance(to, XAccount) else self.apprise.limits(to)

    def post(self, to: Account, text: str, film: FilmFile) -> None:
        """Once."""
        if isinstance(to, XAccount):
            self.x.post(to, text, film)
        else:
            self.apprise.post(to, text, film)
