"""Every error the doorbell raises on purpose, in one small tree.

Each class also inherits the builtin it resembles, so callers that know nothing of doorbells
can still catch it.
"""

from typing import Literal, TypeAlias

ErrorName: TypeAlias = Literal[
    "not_json",
    "too_long",
    "unknown_action",
    "missing_field",
    "bad_field",
    "not_allowed",
    "not_waiting",
    "too_late",
    "already_answered",
    "try_again",
]
"""Why a frame could not be served."""

FilmFailure: TypeAlias = Literal["no_pictures", "too_large", "too_many", "unavailable"]
"""Why there is no film."""

PublishFailure: TypeAlias = Literal[
    "gone",
    "too_large",
    "bad_address",
    "takes_no_film",
    "not_taken",
    "unauthorized",
    "forbidden",
    "rate_limited",
    "refused",
    "unreachable",
    "not_processed",
    "unclear",
]
"""Why a film stands nowhere; `docs/publishing.md` says what to do."""


class DoorbellError(Exception):
    """The root: anything the doorbell itself refuses or cannot do."""


class SettingsError(DoorbellError, ValueError):
    """A configuration value is missing or out of range; the text names it."""


class MessageError(DoorbellError, ValueError):
    """A socket frame that cannot be served.

    `name` is one of `doorbell.protocol.ERRORS`; the text is one sentence for a person.
    """

    def __init__(self, name: ErrorName, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


class BadName(DoorbellError, ValueError):
    """A home, device or resident name that cannot stand in a key."""


class BadSetting(DoorbellError, ValueError):
    """Something chosen on a phone that cannot be so; the text says what may be."""


class BadEndpoint(DoorbellError, ValueError):
    """An address that no notice is sent to: a push service is on the internet, behind TLS."""


class NotDelivered(DoorbellError, ConnectionError):
    """A service that notices go through did not take one; the text names neither of them."""


class TokenError(DoorbellError, PermissionError):
    """No token, a malformed one, a revoked one, or one whose role may not come in here."""


class DeviceGone(DoorbellError, PermissionError):
    """The device was revoked while its socket was open."""


class ConnectionGone(DoorbellError, ConnectionError):
    """API Gateway answered 410: nobody is at the other end of this socket (yet, or any more)."""


class Conflict(DoorbellError, RuntimeError):
    """Somebody else wrote the same record first; read it anew and decide again."""


class NotResumed(DoorbellError, RuntimeError):
    """The state machine did not take the answer: it waits no longer, or was not reached."""


class NoFilm(DoorbellError, ValueError):
    """No film can be made of what there is, however often it is tried."""

    def __init__(self, reason: FilmFailure) -> None:
        super().__init__(reason)
        self.reason = reason


class FilmNotPublished(DoorbellError, ConnectionError):
    """A film was not published, for this reason; the text names neither service nor account."""

    def __init__(self, reason: PublishFailure) -> None:
        super().__init__(reason)
        self.reason = reason
