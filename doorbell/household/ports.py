"""What a household's jobs need from the world, as Protocols; each names the home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from doorbell.household.model import (
        CameraFilm,
        Consent,
        FilmUnderWay,
        HomeSettings,
        LastPicture,
        Pairing,
        PhoneSettings,
        Presence,
        Quiet,
        ResidentPhotoRow,
        Subscription,
        Visit,
    )
    from doorbell.model import Device, Passcode


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


class HomeDevices(Protocol):
    """The devices of a home."""

    def find(self, home: str, device: str) -> Device | None:
        """The device, or None if there is none (any more)."""

    def all(self, home: str) -> list[Device]:
        """All of them."""

    def rename(self, home: str, device: str, name: str) -> None:
        """Raises Conflict if there is no such device."""

    def remove(self, home: str, device: str) -> None:
        """It is nobody's from now on, whether it manages the home or not; none is no error."""

    def give_to(self, home: str, device: str, resident: str) -> None:
        """This phone is that resident's. Raises Conflict if there is no such device."""

    def remove_member(self, home: str, device: str) -> None:
        """From now on its token is nobody's, and nothing of it is kept.

        Raises Conflict if it manages the home at this moment.
        """

    def remove_manager(self, home: str, device: str, other: str) -> None:
        """The same for one that manages it.

        Raises Conflict unless `other` is another manager at this moment.
        """


class Pairings(Protocol):
    """Codes that let phones join."""

    def add(self, pairing: Pairing) -> None:
        """Keep it until it is used or expires."""

    def find(self, home: str, code_hash: str) -> Pairing | None:
        """The pairing, expired or not, until it is used."""

    def use(self, pairing: Pairing, phone: Device, *, manager: bool, now: float) -> None:
        """The phone joins and the pairing is gone, both or neither.

        Raises Conflict if it was used or has expired, or a device of this id is there already.
        """

    def renew(self, pairing: Pairing, phone: Device, now: float) -> None:
        """The same for a phone that is there: its token is another one from now on.

        Raises Conflict if the pairing was used or has expired, or the phone is gone.
        """


class Presences(Protocol):
    """When devices were last seen."""

    def of_home(self, home: str) -> dict[str, Presence]:
        """By device."""

    def find(self, home: str, device: str) -> Presence | None:
        """That of one device."""

    def doors(self) -> list[Presence]:
        """Those of the doors of all homes; what was written in the last moment may be missing."""

    def seen(self, home: str, device: str, now: float, *, door: bool = False) -> None:
        """It came or went just now. One that is revoked leaves no trace."""

    def heard(self, presence: Presence, at: float, *, silent: bool) -> None:
        """An open door last said something then. Raises Conflict if it was seen since."""

    def told_offline(self, presence: Presence) -> None:
        """The phones were told that it is away. Raises Conflict if it was seen since."""


class Activity(Protocol):
    """What API Gateway knows of a socket."""

    def last_active(self, connection: str) -> float | None:
        """When something last went through it; None if it is closed."""


class Visits(Protocol):
    """Who came: the history."""

    def decided(self, visit: Visit, keep_until: float) -> None:
        """What is known of a ring. One that is pending changes nothing that is there, and no end is
        changed, but whom it was is learnt all the same.
        """

    def ended(self, visit: Visit, keep_until: float) -> None:
        """What became of it. The first end stands, until a door is open: that is the last word."""

    def filmed(self, visit: Visit, keep_until: float) -> None:
        """There is a film of this ring, whatever becomes of it or has become; if it is `flat` that
        is kept, too.
        """

    def find(self, home: str, visit: str) -> Visit | None:
        """The visit of this id."""

    def before(self, home: str, cursor: str | None, most: int) -> tuple[list[Visit], str | None]:
        """At most so many, the latest first, and the cursor of what follows, None at the end.

        Raises BadSetting if the cursor is none.
        """


class Pins(Protocol):
    """PINs of guests."""

    def guests(self, home: str) -> list[Passcode]:
        """All that are kept."""

    def issue(self, passcode: Passcode, former: list[Passcode]) -> None:
        """Store it."""

    def withdraw(self, passcode: Passcode) -> None:
        """It opens nothing any more."""


class ResidentPhotos(Protocol):
    """Photos of residents, as the table knows them."""

    def photos(self, home: str) -> list[ResidentPhotoRow]:
        """All that are there."""

    def faces(self, home: str) -> dict[str, int]:
        """By how many faces each resident is known."""


class Consents(Protocol):
    """Who said that residents agree to be known by face."""

    def of_home(self, home: str) -> dict[str, Consent]:
        """By resident."""

    def add(self, consent: Consent) -> None:
        """The first one for a resident stays."""

    def remove(self, home: str, resident: str) -> None:
        """With the resident."""


class Traces(Protocol):
    """What else of a home bears a resident's name: rings, codes, orders, invitations, history."""

    def rings(self, home: str, resident: str) -> list[str]:
        """The ids of rings that were decided as theirs."""

    def photos(self, home: str, resident: str) -> list[str]:
        """The keys of photos that gave a face of theirs."""

    def faces(self, home: str, resident: str) -> list[str]:
        """The faces they are known by."""

    def remove(self, home: str, resident: str) -> int:
        """How much there was. What is theirs goes; what they did for others stays, without their
        name.
        """


class LastPictures(Protocol):
    """The last picture of each camera."""

    def of_home(self, home: str) -> dict[str, LastPicture]:
        """By camera."""

    def came(self, picture: LastPicture, keep_until: float) -> None:
        """It is the last one, unless a later one is known."""


class CameraFilms(Protocol):
    """Films of cameras: those that were told, and the one that is being made."""

    def made(self, film: CameraFilm, keep_until: float) -> None:
        """There is this film."""

    def failed(self, film: CameraFilm, keep_until: float) -> None:
        """There is none, and why. A film that was made stays one."""

    def before(
        self, home: str, camera: str, cursor: str | None, most: int
    ) -> tuple[list[CameraFilm], str | None]:
        """At most so many, the latest end first, and the cursor of what follows, None at the end.

        Raises BadSetting if the cursor is none.
        """

    def under_way(self, home: str, camera: str) -> FilmUnderWay | None:
        """The film that a phone asked for last, if that is known."""

    def begin(self, film: FilmUnderWay, now: float) -> None:
        """Raises Conflict if another one of this camera is under way."""

    def ended(self, home: str, camera: str, film: str) -> None:
        """It is not under way any more; nothing happens if another one is."""


class StoredKeys(Protocol):
    """Which objects the bucket has."""

    def keys(self, prefix: str, after: str = "") -> Iterator[str]:
        """The keys that begin so and stand behind `after`, in order."""


class PhotoStore(Protocol):
    """The bucket's photos."""

    def copy(self, source: str, target: str) -> bool:
        """Whether there was a photo to copy."""

    def delete(self, key: str) -> None:
        """None there is no error."""
