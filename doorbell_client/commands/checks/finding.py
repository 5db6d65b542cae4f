"""What a check gives, and what all checks share."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import Final, Literal, NamedTuple, TypeAlias, TypeVar

from doorbell_client.config.cameras import Camera
from doorbell_client.config.credentials import Credentials, Role
from doorbell_client.config.schema import Config
from doorbell_client.config.service import Service

T = TypeVar("T")


Device: TypeAlias = Literal["door", "chime", "bridge", "gifcam", "timelapse", "relay"]
"""What is checked: a door, a bell inside, a bridge to a broker, a party camera, one that takes a
picture now and then, or a relay for other cameras."""

ROLES: Final[dict[Device, Role]] = {
    "door": "door", "chime": "phone", "bridge": "phone", "gifcam": "camera", "timelapse": "camera",
    "relay": "phone",
}  # fmt: skip


class Grade(Enum):
    """How serious it is."""

    OK = "ok"
    SKIP = "skip"
    WARN = "warn"
    FAIL = "fail"


class Finding(NamedTuple):
    """What a check found; `fix` is what to do about it."""

    grade: Grade
    says: str
    fix: str = ""


class Setup(NamedTuple):
    """The configured device that is checked."""

    config: Config
    find_credentials: Callable[[], Credentials]
    """Raises ConfigError, whose text says how to fix it."""
    spool: Path
    config_file: Path | None = None
    service: Service | None = None
    """The installed service, if it uses this configuration."""
    device: Device = "door"
    find_cameras: Callable[[], Sequence[Camera]] = list
    """Those that a relay takes files from. Raises ConfigError likewise."""

    @property
    def role(self) -> Role:
        """Whose token it needs."""
        return ROLES[self.device]


def ok(says: str) -> Finding:
    """Nothing to do."""
    return Finding(Grade.OK, says)


def skip(says: str) -> Finding:
    """It was not looked at."""
    return Finding(Grade.SKIP, says)


def warn(says: str, fix: str) -> Finding:
    """The door works, though not as well as it might."""
    return Finding(Grade.WARN, says, fix)


def fail(says: str, fix: str) -> Finding:
    """Something does not work."""
    return Finding(Grade.FAIL, says, fix)


async def in_thread(work: Callable[[], T]) -> T:
    """Run `work` in a thread that nobody waits for at the end: a camera may hang for ever."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(result)  # type: ignore[arg-type]
        else:
            future.set_exception(error)

    def run() -> None:
        result, error = None, None
        try:
            result = work()
        except Exception as raised:
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=run, name="doctor", daemon=True).start()
    return await future
