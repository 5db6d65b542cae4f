"""What may go wrong at the door, in one small tree; each text is a sentence that says what to do.

Each class also inherits the builtin it resembles.
"""


class ClientError(Exception):
    """The root: anything the device refuses or cannot do."""


class ConfigError(ClientError, ValueError):
    """A key, a value or a file of the configuration; the text names file and line."""


class ServiceError(ClientError):
    """A command of the system failed while the service was installed or removed."""


class SpoolError(ClientError, OSError):
    """The spool's folder cannot be used."""


class SpoolTaken(SpoolError):
    """Another process uses the spool."""


class SpoolFull(SpoolError):
    """No more may be kept: the spool has its configured size, or the disk is full."""


class LineError(ClientError, ConnectionError):
    """The cloud cannot be reached, or does not let this device in."""


class UploadFailed(ClientError, ConnectionError):
    """A photo did not arrive; it may with a fresh ticket, later."""


class NotLetIn(ClientError, PermissionError):
    """The cloud does not know this camera's token, or has revoked it."""


class PictureRefused(ClientError, ValueError):
    """The cloud will never take this picture, however often it is sent."""


class TokenRefused(UploadFailed):
    """The cloud does not know this camera's token; a person must do something."""


class FileRefused(UploadFailed):
    """The cloud does not take this file as it is; another try will not help soon."""


class UploadLost(UploadFailed):
    """The cloud knows this upload no more: it must begin again."""


class TicketStale(UploadFailed):
    """The storage does not take a presigned URL any more; a fresh one may be asked for at once."""


class StreamError(ClientError, ConnectionError):
    """A camera's stream cannot be fetched, or has ended."""


class StreamRefused(StreamError):
    """The camera does not let the relay have its stream: user, password or path are wrong."""


class DownloadFailed(ClientError, ConnectionError):
    """A visitor's photo could not be fetched; it may be later."""


class HardwareError(ClientError, OSError):
    """A part of the door cannot be used: no pins here, a pin taken twice, a player missing."""


class CameraError(HardwareError):
    """The camera gave no picture of this press."""
