"""What is asked before the first deployment: stack, region, e-mail and owner, and nothing else."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Final

from doorbell.errors import BadName, BadSetting, DoorbellError
from operations.answers import Answers
from operations.parameters import check
from operations.regions import check_region

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from operations.parameters import Declared

    Ask = Callable[[str], str]

_STACK: Final = r"[a-zA-Z][a-zA-Z0-9-]{0,39}"
"""CloudFormation's, and short enough for all that is named after it."""
_REGION: Final = r"[a-z]{2,3}(-[a-z]+)+-\d{1,2}"


class NobodyAnswered(DoorbellError, EOFError):
    """There is nobody to ask."""


def ask_all(known: Answers, declared: Declared, ask: Ask, *, fixed: Mapping[str, str]) -> Answers:
    """What is to be deployed. `fixed` has what was said already: stack or region.

    Raises NobodyAnswered, and BadName for what is fixed and will not do.
    """
    stack = fixed.get("stack") or _until(ask, "Stack", known.stack, check_stack)
    region = fixed.get("region") or _until(ask, "Region", known.region, _check_region)
    mail = _until(
        ask,
        "E-mail that hears of alarms (empty: nobody)",
        "",
        lambda said: check(declared, "AlarmEmail", said),
    )
    usual = str(declared["Owner"]["Default"])
    owner = _until(
        ask,
        "Who is enrolled by a photo named source.jpeg",
        usual,
        lambda said: check(declared, "Owner", said),
    )
    answered = {"AlarmEmail": (mail, ""), "Owner": (owner, usual)}
    given = {name: said for name, (said, default) in answered.items() if said != default}
    return Answers(check_stack(stack), _check_region(region), known.profile, given)


def check_stack(name: str) -> str:
    """A name that CloudFormation takes. Raises BadName."""
    if not re.fullmatch(_STACK, name):
        raise BadName(f"A stack is named by 1 to 40 letters, digits and hyphens, unlike {name!r}.")
    return name


def _check_region(region: str) -> str:
    if not re.fullmatch(_REGION, region):
        raise BadName(f"A region is named as eu-central-1 is, unlike {region!r}.")
    return check_region(region)


def in_terminal(question: str) -> str:
    """Ask a person. Raises NobodyAnswered."""
    print(question, end="", flush=True, file=sys.stderr)
    said = sys.stdin.readline()
    if not said:
        print(file=sys.stderr)
        raise NobodyAnswered("Nobody answered.")
    if not sys.stdin.isatty():
        # A script's answer, so that who reads the output sees it as if it had been typed.
        print(said.rstrip("\n"), file=sys.stderr)
    return said.strip()


def _until(ask: Ask, question: str, usual: str, read: Callable[[str], str]) -> str:
    """Ask until it will do; only Return means the usual answer."""
    prompt = f"{question} [{usual}]: " if usual else f"{question}: "
    while True:
        try:
            return read(ask(prompt) or usual)
        except (BadName, BadSetting) as error:
            print(f"  {error}", file=sys.stderr)
