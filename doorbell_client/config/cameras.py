"""The cameras that `doorbell relay` takes pictures and clips from, and what each is known by.

One closed file holds them all, because nearly everything in it is a secret: the cloud's token, what
is typed into the camera's own page, and the URL of its stream.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

import msgspec

from doorbell_client.config.secret_file import Place, read_secret
from doorbell_client.config.toml_lines import lines_of
from doorbell_client.errors import ConfigError

CAMERAS: Final = Place("DOORBELL_CAMERAS", "cameras", "cameras' file", most_bytes=64 * 1024)

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,63}")
_TOKEN: Final = re.compile(r"[!-~]{1,512}")
_SHOWN: Final = re.compile(r"[^\x00-\x1f\x7f:]{1,64}")
"""A user that Basic and Digest can carry: no colon, no control characters."""

_KEYS: Final = "`token`, `user`, `password`, `rtsp` and `container`"


class Camera(msgspec.Struct, frozen=True):
    """One camera. Its secrets are not in its `repr`."""

    name: str
    token: str
    """What the cloud gave it; the camera may be told this one, too."""
    user: str
    """As whom it comes with a password; its name, if the file does not say."""
    password: str
    """The token, if the file does not say."""
    rtsp: str | None = None
    """Where its stream is, if the relay is to fetch it."""
    container: Literal["mkv", "mp4"] = "mkv"
    """How a fetched stream is kept."""

    def __repr__(self) -> str:
        return f"Camera({self.name!r})"


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of the file."""

    token: Annotated[str, msgspec.Meta(min_length=1)]
    user: str | None = None
    password: Annotated[str, msgspec.Meta(min_length=1)] | None = None
    rtsp: str | None = None
    container: Literal["mkv", "mp4"] = "mkv"


def read_cameras(environment: Mapping[str, str], file: Path) -> list[Camera]:
    """The cameras in their file, or in what systemd handed over. Raises ConfigError.

    The text of an error holds no value of the file, only where it stands.
    """
    content, where = read_secret(environment, CAMERAS, file)
    return cameras_in(content, where)


def cameras_in(content: str, where: str) -> list[Camera]:
    """The cameras that a TOML document names: a table each. Raises ConfigError."""
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where} is not TOML: {_place(error)}.") from None
    except RecursionError:
        raise ConfigError(f"{where} names no cameras: it is nested too deeply.") from None
    if not tables:
        raise ConfigError(f"{where} names no camera; expected [NAME] and its `token`.")
    lines = lines_of(content)
    cameras = []
    for name, table in tables.items():
        line = f"{where}, line {lines.get((name,), 1)}"
        cameras.append(_checked(_camera(name, table, line), line))
    for what in _shared(cameras):
        raise ConfigError(f"{where}: {what}; each camera needs its own.")
    return cameras


def _camera(name: str, table: Any, where: str) -> Camera:
    if not _NAME.fullmatch(name):
        expected = "up to 64 letters, digits, spaces, - and _"
        raise ConfigError(f"{where}: a camera's name cannot be {name[:64]!r}; expected {expected}.")
    try:
        written = msgspec.convert(table, _Written)
    except msgspec.ValidationError:
        raise ConfigError(
            f"{where}: [{name}] is no camera; expected a `token`, and of {_KEYS} "
            'what it needs, as text in quotes (`container` is "mkv" or "mp4").'
        ) from None
    token = written.token.strip()
    return Camera(
        name, token, written.user or name, written.password or token, written.rtsp,
        written.container,
    )  # fmt: skip


def _checked(camera: Camera, where: str) -> Camera:
    named = f"{where}: [{camera.name}]"
    if not _TOKEN.fullmatch(camera.token):
        raise ConfigError(f"{named} has no token that `make add-camera` printed.")
    if not _SHOWN.fullmatch(camera.user):
        raise ConfigError(f"{named} has a `user` with a colon, or of more than 64 letters.")
    if camera.rtsp is not None and not _is_stream(camera.rtsp):
        raise ConfigError(f"{named} has no stream in `rtsp`; expected rtsp://HOST/… or rtsps://….")
    return camera


def _is_stream(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in ("rtsp", "rtsps") and bool(host) and url.isprintable()


def _shared(cameras: list[Camera]) -> Iterator[str]:
    for key in ("token", "user"):
        for value, count in Counter(getattr(camera, key) for camera in cameras).items():
            if count > 1:
                names = [each.name for each in cameras if getattr(each, key) == value]
                yield f"{' and '.join(names)} have the same `{key}`"


def _place(error: tomllib.TOMLDecodeError) -> str:
    """Where it is wrong, without what stands there: that may be a secret."""
    found = re.search(r"\(at (line \d+, column \d+|end of document)\)", str(error))
    return found[1] if found else "it cannot be read"
