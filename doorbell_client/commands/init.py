"""`doorbell init`: asks for the stack's URL and this device's token, and writes them down."""

import argparse
import contextlib
import getpass
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from doorbell_client.commands.arguments import Arguments
from doorbell_client.commands.example_config import example
from doorbell_client.config.credentials import (
    Credentials,
    check_token,
    check_url,
    from_stack,
    read_token,
)
from doorbell_client.config.keys import keys_of
from doorbell_client.config.locations import FILE_NAME, config_folder
from doorbell_client.config.reader import read_file
from doorbell_client.errors import ConfigError
from doorbell_client.outbox.disk import Disk, store

_ASK_URL: Final = (
    "The stack's WebSocket URL, or for a camera its Recipient (`make outputs` prints both): "
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to write, and whether over what is there."""
    parser.add_argument("--stack", type=Path, metavar="FILE", help="a stack's .local/stack.json")
    parser.add_argument("--simulated", action="store_true", help="a door without hardware")
    parser.add_argument(
        "--overwrite", action="store_true", help="start anew: replace a configuration that is there"
    )


def run(asked: Arguments) -> int:
    """Write the two files and name them."""
    wanted = Wanted(
        asked.url, asked.token, asked.stack, asked.config, asked.simulated, asked.overwrite
    )
    file = init(wanted.completed(os.environ))
    print(f"{file} and its token are in place. Next: doorbell doctor")
    return 0


class Wanted(NamedTuple):
    """What the command line or the environment says."""

    url: str | None = None
    token: str | None = None
    stack: Path | None = None
    file: Path | None = None
    simulated: bool = False
    overwrite: bool = False

    def completed(self, environment: Mapping[str, str]) -> "Wanted":
        """With what the environment says, where the command line says nothing."""
        named = environment.get("DOORBELL_CONFIG")
        return self._replace(
            url=self.url or environment.get(keys_of("cloud")["url"].variable),
            token=self.token or environment.get("DOORBELL_TOKEN"),
            file=self.file or (Path(named) if named else None),
        )


class Questions(NamedTuple):
    """How a person is asked."""

    ask: Callable[[str], str] = input
    ask_secret: Callable[[str], str] = getpass.getpass


def init(wanted: Wanted, questions: Questions = Questions()) -> Path:  # noqa: B008 - immutable
    """Write configuration and token file; returns the configuration's path. Raises ConfigError.

    A configuration that is there is kept, with all that its owner wrote, and gets a new token.
    """
    file = wanted.file or config_folder() / FILE_NAME
    if file.exists() and not wanted.overwrite:
        return _new_token(file, wanted, questions)
    credentials = _credentials(wanted, questions)
    token_file = file.with_name("token")
    parts = "simulated" if wanted.simulated else "hardware"
    cloud = {"url": credentials.url, "token_file": token_file.name}
    content = example({"cloud": cloud, "door": {"parts": parts}})
    with _written(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        store(Disk(), token_file, f"{credentials.token}\n".encode())
        store(Disk(), file, content.encode())
        file.chmod(0o644)
    return file


def _new_token(file: Path, wanted: Wanted, questions: Questions) -> Path:
    cloud = read_file(file).cloud
    known = wanted._replace(url=wanted.url or cloud.url or None)
    if cloud.token_file.exists() and not (wanted.token or wanted.stack or _can_ask(questions)):
        return file
    credentials = _credentials(known, questions, kept=_present(cloud.token_file))
    if credentials.url != cloud.url:
        raise ConfigError(f"{file} names another stack; edit it, or say --overwrite to start anew.")
    with _written(cloud.token_file):
        store(Disk(), cloud.token_file, f"{credentials.token}\n".encode())
    return file


def _present(token_file: Path) -> str | None:
    try:
        return read_token(token_file)
    except ConfigError:
        return None


@contextlib.contextmanager
def _written(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}.") from None


def _credentials(wanted: Wanted, questions: Questions, kept: str | None = None) -> Credentials:
    """What was told or is asked; `kept` is the token that counts where nobody gives another."""
    if wanted.stack is not None:
        return from_stack(wanted.stack, "door")
    if not (wanted.url and wanted.token) and not _can_ask(questions):
        raise ConfigError("Nobody can be asked here: give --url and --token, or --stack FILE.")
    url = wanted.url or questions.ask(_ASK_URL)
    url = check_url(url.strip(), "The URL")
    hint = "; Enter keeps the one that is there" if kept else ""
    token = wanted.token or questions.ask_secret(
        f"This device's token (`make add-door`, `add-camera`{hint}): "
    )
    return Credentials(url, check_token(token or kept or "", "The token"))


def _can_ask(questions: Questions) -> bool:
    return questions.ask is not input or (sys.stdin is not None and sys.stdin.isatty())
