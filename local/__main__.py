"""`python -m local run` and `python -m local up`: what `make run` and `make up` call.

This file alone is read before signals are heeded, so it imports nothing heavy.
"""

import errno
import os
import signal
import sys

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""All unwind, so that nothing is left running; the last comes when a terminal is closed."""


def main(arguments: list[str]) -> int:
    """Exit status: 0 when all went well or `up` was stopped, 1 when something failed."""
    if len(arguments) != 1 or arguments[0] not in ("run", "up"):
        print("usage: python -m local run|up", file=sys.stderr)
        return 2
    _heed_signals()
    try:
        _forget_surroundings()
        from local import commands

        return commands.perform(arguments[0])
    except KeyboardInterrupt:
        return _stopped(arguments)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        # The terminal was closed in the middle of a line: that is heard before the signal.
        return _stopped(arguments)


def _stopped(arguments: list[str]) -> int:
    _say("\nStopped; nothing is left running.")
    return 0 if arguments == ["up"] else 130


def _heed_signals() -> None:
    # A shell's background jobs ignore SIGINT; `nohup` ignores SIGHUP, and that on purpose.
    for end in ENDS:
        if end != signal.SIGHUP or signal.getsignal(end) != signal.SIG_IGN:
            signal.signal(end, _unwind)


def _unwind(number: int, _frame: object) -> None:
    if number == signal.SIGHUP:
        # It may come twice, from the terminal and from the shell: the first unwinds undisturbed.
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _forget_surroundings() -> None:
    """Nothing here is meant for the user's own AWS, nor for a proxy."""
    for name in list(os.environ):
        if name.upper().startswith("AWS_") or name.lower().endswith("_proxy"):
            del os.environ[name]


def _say(text: str) -> None:
    try:
        print(text, flush=True)
    except OSError:
        # The terminal is closed; Python's own last flush must not fail on it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
