"""All that publishing may touch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from doorbell.publishing.model import Account
    from doorbell.publishing.ports import (
        Accounts,
        FilmFiles,
        HomeDevices,
        PublicationSecrets,
        Published,
    )


class Publishing(NamedTuple):
    """What publishing works with."""

    secrets: PublicationSecrets
    devices: HomeDevices
    films: FilmFiles
    published: Published
    accounts: Accounts[Account]
