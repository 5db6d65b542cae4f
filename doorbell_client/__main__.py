"""The command `doorbell`, also `python -m doorbell_client`."""

import argparse
import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

from doorbell_client.config.profile import Profile, find
from doorbell_client.errors import ClientError, ConfigError

Arguments: TypeAlias = argparse.Namespace
Command: TypeAlias = Callable[[Arguments], int]

_EPILOG = """\
Where the house is: --url and --token; else DOORBELL_CLOUD_URL and DOORBELL_TOKEN; else the
configuration that --config or DOORBELL_CONFIG names; else .local/stack.json of a one-machine stack
that runs in this folder (`make up`); else the configuration that `doorbell init` wrote.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status. What goes wrong is one sentence, and status 1."""
    asked = _parser().parse_args(arguments)
    _set_up_log(verbose=asked.verbose)
    command: Command = asked.command
    try:
        return command(asked)
    except ClientError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _set_up_log(*, verbose: bool) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(levelname)s %(name)s: %(message)s",
    )


# --- the command line -----------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="doorbell",
        description="A doorbell that knows who lives here: this is the door, and the bell inside.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_common(parser, first=True)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_door_commands(commands)
    _add_care_commands(commands)
    return parser


_Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def _command(commands: _Commands, name: str, does: str, run: Command) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    parser.set_defaults(command=run)
    _add_common(parser, first=False)
    return parser


def _add_common(parser: argparse.ArgumentParser, *, first: bool) -> None:
    """Understood before the command and behind it."""
    unset = None if first else argparse.SUPPRESS
    parser.add_argument("--config", type=Path, metavar="FILE", default=unset, help="configuration")
    parser.add_argument("--url", default=unset, help="the house's WebSocket URL")
    parser.add_argument(
        "--token", default=unset, help="this device's token; DOORBELL_TOKEN is seen by fewer"
    )
    parser.add_argument(
        "--verbose", action="store_true", help="log what happens",
        default=False if first else argparse.SUPPRESS,
    )  # fmt: skip


def _add_door_commands(commands: _Commands) -> None:
    run = _command(commands, "run", "be the door, until stopped", _run)
    run.add_argument("--simulated", action="store_true", help="without hardware: this terminal")

    ring = _command(commands, "ring", "ring once with a picture file, and tell the story", _ring)
    ring.add_argument("--photo", type=Path, required=True, metavar="FILE", help="a JPEG")
    ring.add_argument("--code", metavar="042137", help="type this once the door asks")
    ring.add_argument(
        "--wait", type=float, default=100, metavar="SECONDS", help="end after this (100)"
    )

    simulate = _command(commands, "simulate", "a door to try in this terminal", _simulate)
    simulate.add_argument(
        "--photos", type=Path, metavar="FOLDER", help="pictures that the camera gives in turn"
    )
    _command(commands, "chime", "be a bell inside the house (a phone's token)", _chime)


def _add_care_commands(commands: _Commands) -> None:
    init = _command(commands, "init", "write the configuration and the token's file", _init)
    init.add_argument("--stack", type=Path, metavar="FILE", help="a stack's .local/stack.json")
    init.add_argument("--simulated", action="store_true", help="a door without hardware")
    init.add_argument("--overwrite", action="store_true", help="also when there is one already")

    _command(commands, "doctor", "check everything this door needs, with the mend", _doctor)

    spool = _command(commands, "spool", "presses that are not delivered yet", _spool_list)
    what = spool.add_subparsers(title="what to do", required=True, metavar="COMMAND")
    _command(what, "list", "list them", _spool_list)
    flush = _command(what, "flush", "deliver them now", _spool_flush)
    flush.add_argument(
        "--wait", type=float, default=60, metavar="SECONDS", help="give up after this (60)"
    )

    service = _command(commands, "install-service", "write a systemd unit", _install_service)
    service.add_argument("--unit-dir", type=Path, metavar="FOLDER", help="where the unit goes")
    service.add_argument("--show", action="store_true", help="print it and change nothing")


def _profile(asked: Arguments) -> Profile:
    return find(asked.config, asked.url, asked.token)


# --- the commands ---------------------------------------------------------------


def _run(asked: Arguments) -> int:
    from doorbell_client.commands.run import run

    logging.getLogger("doorbell_client").setLevel(logging.INFO)
    asyncio.run(run(_profile(asked), simulated=asked.simulated))
    return 0


def _ring(asked: Arguments) -> int:
    from doorbell_client.commands.ring import RingOrder, ring
    from doorbell_client.terminal.lines import TypedLines

    if asked.code is not None and not (asked.code.isascii() and asked.code.isdigit()):
        raise ConfigError("--code must be digits, such as 042137.")
    credentials = _profile(asked).credentials("door")
    order = RingOrder(asked.photo, asked.code, asked.wait)
    typed = TypedLines(button=False) if asked.code is None and sys.stdin.isatty() else None
    outcome = asyncio.run(ring(credentials, order, typed=typed))
    if outcome.sentence:
        print(outcome.sentence, file=sys.stderr if outcome.status else sys.stdout)
    return outcome.status


def _simulate(asked: Arguments) -> int:
    from doorbell_client.terminal.simulation import main as simulate

    return simulate(_profile(asked), asked.photos)


def _chime(asked: Arguments) -> int:
    from doorbell_client.commands.chime import listen
    from doorbell_client.hardware import build_chime
    from doorbell_client.signals import until_stopped
    from doorbell_client.supervisor import Supervisor
    from doorbell_client.terminal.lines import Lines

    profile = _profile(asked)
    bell, lines = build_chime(profile.config), Lines()
    listening = listen(profile.credentials("phone"), bell, lines.say, supervisor=Supervisor())
    asyncio.run(until_stopped(listening))
    return 0


def _init(asked: Arguments) -> int:
    from doorbell_client.commands.init import Wanted, init

    wanted = Wanted(
        asked.url, asked.token, asked.stack, asked.config, asked.simulated, asked.overwrite
    )
    file = init(wanted.completed(os.environ))
    print(f"Wrote {file} and {file.with_name('token')}. Next: doorbell doctor")
    return 0


def _doctor(asked: Arguments) -> int:
    from doorbell_client.commands.doctor import Patient, doctor

    profile = _profile(asked)
    return doctor(
        Patient(profile.config, lambda: profile.credentials("door"), profile.spool_folder())
    )


def _spool_list(asked: Arguments) -> int:
    from doorbell_client.clock import Moment
    from doorbell_client.outbox.spool import Spool, counted

    folder = _profile(asked).spool_folder()
    waiting = Spool(folder).peek()
    for record, size in waiting:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.at.wall))
        age = Moment.now().since(record.at)
        print(f"{record.press}  {when}  {age:.0f} s ago  {size / 1000:.0f} kB")
    print(f"{counted(len(waiting))} in {folder}.")
    return 0


def _spool_flush(asked: Arguments) -> int:
    from doorbell_client.commands.run import flush
    from doorbell_client.outbox.spool import counted

    left = asyncio.run(flush(_profile(asked), asked.wait))
    print(f"{counted(left)} still." if left else "Everything is delivered.")
    return 1 if left else 0


def _install_service(asked: Arguments) -> int:
    from doorbell_client.commands.install_service import UNIT_FOLDER, install

    profile = _profile(asked)
    if profile.config_file is None:
        raise ConfigError("There is no configuration yet; run `doorbell init` first.")
    install(
        profile.config_file, profile.config, asked.unit_dir or UNIT_FOLDER, show_only=asked.show
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
