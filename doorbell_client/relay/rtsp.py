"""A camera's stream by RTSP, opened and closed with PyAV."""

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from doorbell_client.errors import ConfigError, StreamError, StreamRefused


class RtspTimeouts(NamedTuple):
    """Seconds."""

    open: float = 10.0
    silence: float = 10.0
    """Without a packet for so long the camera is gone."""


def check_library() -> None:
    """Raises ConfigError where PyAV is not installed."""
    try:
        import av
    except ImportError:
        raise ConfigError(
            "Streams need PyAV: `pip install -r requirements/relay.txt`, "
            "or leave `rtsp` out of the cameras' file."
        ) from None
    del av


@contextlib.contextmanager
def opened(url: str, timeouts: RtspTimeouts) -> Iterator[Any]:
    """A camera's stream by RTSP over TCP. Raises StreamError, whose text holds no URL."""
    import av

    try:
        source = av.open(
            url, options={"rtsp_transport": "tcp"}, timeout=(timeouts.open, timeouts.silence)
        )
    except (av.HTTPUnauthorizedError, av.HTTPForbiddenError):
        raise StreamRefused("The camera does not take this user and password.") from None
    except av.HTTPNotFoundError:
        raise StreamRefused("The camera has no stream of this name.") from None
    except (av.FFmpegError, OSError, ValueError) as error:
        raise StreamError(f"It cannot be opened ({_why(error)}).") from None
    try:
        with source:
            yield source
    except av.FFmpegError as error:
        raise StreamError(f"It broke off ({_why(error)}).") from None


def _why(error: Exception) -> str:
    """Never the text itself: FFmpeg's has the URL, and with it the password."""
    return getattr(error, "strerror", None) or type(error).__name__
