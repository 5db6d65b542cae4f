"""What can go wrong between us and AWS."""

from doorbell.errors import DoorbellError


class ServiceError(DoorbellError):
    """A service refused a call. `code` is its own word for why, `status` HTTP's."""

    def __init__(self, code: str, status: int, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(f"{code} ({status})")
        self.code = code
        self.status = status
        self.reasons = reasons
        """Of a transaction: why each part of it failed, `None` for those that did not."""


class NotReached(DoorbellError, ConnectionError):
    """No answer came: no connection, a connection that broke, or silence for too long."""


class NoCredentials(DoorbellError, PermissionError):
    """The platform gave no credentials to sign with."""
