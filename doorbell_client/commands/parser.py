"""The command line: which commands there are. A command's module is imported when it is chosen."""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Final, NamedTuple, Protocol, cast

from doorbell_client.commands.arguments import Arguments, add_common


class Command(Protocol):
    """What the module of a command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add what this command takes besides the common options."""

    def run(self, asked: Arguments) -> int:
        """Do it; returns the exit status. Raises ClientError."""


class _Listed(NamedTuple):
    """A command in the list that `--help` prints."""

    module: str
    does: str


COMMANDS: Final = {
    "run": _Listed("run", "be the door, until stopped"),
    "ring": _Listed("ring", "ring once with a picture file, and say what happens"),
    "simulate": _Listed("simulate", "a door to try in this terminal"),
    "chime": _Listed("chime", "be a bell inside the home (a phone's token)"),
    "bridge": _Listed("bridge", "bring the doorbell to Home Assistant by MQTT (a phone's token)"),
    "gifcam": _Listed("gifcam", "be a party camera: a button, and a film (a camera's token)"),
    "timelapse": _Listed("timelapse", "take a picture now and then (a camera's token)"),
    "relay": _Listed("relay", "take what other cameras here send, and bring it to the cloud"),
    "init": _Listed("init", "write the configuration and the token's file"),
    "doctor": _Listed("doctor", "check everything this door needs, and say how to fix it"),
    "status": _Listed("status", "say which files count and whether the service runs"),
    "try": _Listed("try_part", "try one part: bell, gong, strike, lights, keypad, camera"),
    "spool": _Listed("spool", "list or deliver the presses that are not delivered yet"),
    "install-service": _Listed("install_service", "be a service that starts at boot"),
    "uninstall-service": _Listed("uninstall_service", "stop and remove the service"),
}

_EPILOG: Final = """\
`doorbell COMMAND --help` tells more about one command.

The stack and the token come from --url and --token; else from DOORBELL_CLOUD_URL and
DOORBELL_TOKEN; else from the configuration that --config or DOORBELL_CONFIG names; else from
.local/stack.json of a one-machine stack that runs in this folder (`make up`); else from the
configuration that `doorbell init` wrote.
"""


class _ShowVersion(argparse.Action):
    """Looks the version up only when it is asked for: that takes longer than all the rest here."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from doorbell_client.commands.version import version

        print(f"doorbell {version()}")
        parser.exit()


def parse(arguments: Sequence[str] | None) -> tuple[Arguments, Callable[[Arguments], int]]:
    """What was asked, and what does it. Prints help and exits where that is asked."""
    asked = _main_parser().parse_args(arguments)
    listed = COMMANDS[asked.command]
    command = cast("Command", import_module(f"doorbell_client.commands.{listed.module}"))
    parser = argparse.ArgumentParser(
        prog=f"doorbell {asked.command}",
        description=f"{listed.does[0].upper()}{listed.does[1:]}.",
    )
    # The options are understood before the command and behind it.
    add_common(parser)
    command.add_arguments(parser)
    return parser.parse_args(asked.rest, asked), command.run


def _main_parser() -> argparse.ArgumentParser:
    width = max(map(len, COMMANDS))
    listed = "".join(f"  {name:{width}}  {each.does}\n" for name, each in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="doorbell",
        usage="doorbell [OPTIONS] COMMAND ...",
        description="A doorbell that knows who lives here: this is the door, and the bell inside."
        f"\n\ncommands:\n{listed}",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_common(parser)
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="print it and end")
    parser.add_argument(
        "command", choices=COMMANDS, metavar="COMMAND", help="one of the commands above"
    )
    parser.add_argument("rest", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser
