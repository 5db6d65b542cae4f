"""`doorbell doctor`: what keeps this door from working, one line each, with the mend.

The checks run side by side, each bounded in time. The token is never printed.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TextIO

from doorbell_client.commands import checks
from doorbell_client.commands.checks import Finding, Grade, Patient, fail, in_thread
from doorbell_client.errors import ClientError

__all__ = ["Patient", "doctor"]

CHECK_SECONDS: Final = 12.0
"""No check takes longer."""

Check = Callable[[], Awaitable[Finding]]


def doctor(patient: Patient, out: TextIO | None = None) -> int:
    """Print a line for each check. Returns the exit status: 1 if any check fails, else 0."""
    return asyncio.run(_consultation(patient, out or sys.stdout))


async def _consultation(patient: Patient, out: TextIO) -> int:
    secret = _secret(patient)
    checks = {name: asyncio.create_task(_bounded(check)) for name, check in _checks(patient)}
    tell = _teller(out)
    failed = False
    for name, task in checks.items():
        grade, says, fix = await task
        failed = failed or grade is Grade.FAIL
        tell(grade, name, _without(secret, f"{says} Mend: {fix}" if fix else says))
    return 1 if failed else 0


def _checks(patient: Patient) -> Sequence[tuple[str, Check]]:
    config = patient.config
    return [
        ("token", lambda: in_thread(lambda: checks.check_token(patient))),
        ("pins", lambda: in_thread(lambda: checks.check_pins(config))),
        ("camera", lambda: checks.check_camera(config)),
        ("bell", lambda: in_thread(lambda: checks.check_bell(config))),
        ("dns", lambda: checks.check_dns(_url(patient))),
        ("clock", lambda: checks.check_clock(_url(patient))),
        ("handshake", lambda: checks.check_handshake(patient)),
        ("spool", lambda: in_thread(lambda: checks.check_spool(patient.spool))),
        ("disk", lambda: in_thread(lambda: checks.check_disk(patient))),
    ]


async def _bounded(check: Check) -> Finding:
    try:
        return await asyncio.wait_for(check(), CHECK_SECONDS)
    except TimeoutError:
        return fail(f"No answer in {CHECK_SECONDS:g} s.", "See the other lines, then try again.")
    except ClientError as error:
        return Finding(Grade.FAIL, str(error))
    except Exception as error:
        return fail(f"{type(error).__name__}: {error}.", "Please report this.")


def _url(patient: Patient) -> str:
    return patient.find_credentials().url


def _secret(patient: Patient) -> str:
    try:
        return patient.find_credentials().token
    except ClientError:
        return ""


def _without(secret: str, words: str) -> str:
    """The last guard: whatever an error's text quotes, the token is not in what is printed."""
    plain = " ".join(words.split())
    return plain.replace(secret, "<token>") if secret else plain


def _teller(out: TextIO) -> Callable[[Grade, str, str], None]:
    """How a line is written: coloured on a terminal, plain elsewhere."""
    if not out.isatty():
        return lambda grade, name, words: print(f"{grade.value:4}  {name:9}  {words}", file=out)
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out, highlight=False)
    styles = {Grade.OK: "green", Grade.WARN: "yellow", Grade.FAIL: "bold red"}

    def tell(grade: Grade, name: str, words: str) -> None:
        line = Text.assemble((f"{grade.value:4}", styles[grade]), "  ", (f"{name:9}", "bold"))
        console.print(line.append(f"  {words}"), soft_wrap=True)

    return tell
