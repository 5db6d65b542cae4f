"""What a person answered at the first deployment: a file for each stack, which git ignores.

`.doorbell/STACK.REGION.toml`. Only what was answered stands there, and whatever parameter of the
template a person adds by hand: a default that is changed later arrives with the next deployment.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from doorbell.errors import DoorbellError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FOLDER: Final = Path(".doorbell")
STACK: Final = "doorbell"
"""How a stack is named by who says nothing."""


class Unclear(DoorbellError, LookupError):
    """Several stacks could be meant, or what was saved cannot be read."""


class Answers(NamedTuple):
    """A stack, where it is and whose, and what its owner wants otherwise than the template."""

    stack: str = STACK
    region: str = ""
    """Empty: what boto3 is set to."""
    profile: str = ""
    parameters: Mapping[str, str] = {}
    is_saved: bool = False
    is_anybodys: bool = False
    """Nobody named a stack, a region or a profile."""


def choose(stack: str, region: str, profile: str, folder: Path = FOLDER) -> Answers:
    """The saved stack that is meant, or a new one. What is not empty always wins.

    Raises Unclear when several fit: nothing is guessed, for it might be deleted.
    """
    nothing_said = not (stack or region or profile)
    known = _saved(folder)
    fitting = [each for each in known if stack in ("", each.stack) and region in ("", each.region)]
    if len(fitting) > 1:
        raise Unclear(f"Say which: {' or '.join(_as_typed(fitting))}.")
    if not fitting:
        return Answers(stack or STACK, region, profile, is_anybodys=nothing_said)
    chosen = fitting[0]._replace(is_anybodys=nothing_said)
    return chosen._replace(profile=profile or chosen.profile)


def save(answers: Answers, folder: Path = FOLDER) -> Path:
    """Write them down, for their owner's eyes alone; where."""
    folder.mkdir(mode=0o700, exist_ok=True)
    lines = [f"{key} = {_quoted(getattr(answers, key))}" for key in ("stack", "region")]
    if answers.profile:
        lines.append(f"profile = {_quoted(answers.profile)}")
    lines += ["", "# Parameters of template.yaml; what is not here is the template's default."]
    lines += ["[parameters]"]
    lines += [f"{name} = {_quoted(value)}" for name, value in answers.parameters.items()]
    file = place(answers, folder)
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def forget(answers: Answers, folder: Path = FOLDER) -> None:
    """The stack is gone, and so is what was answered of it."""
    for file in (place(answers, folder), log_of(answers, folder)):
        file.unlink(missing_ok=True)
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


def place(answers: Answers, folder: Path = FOLDER) -> Path:
    """The file of a stack."""
    return folder / f"{answers.stack}.{answers.region}.toml"


def log_of(answers: Answers, folder: Path = FOLDER) -> Path:
    """Where SAM's words about a stack go."""
    return folder / f"{answers.stack}.{answers.region}.log"


def _saved(folder: Path) -> list[Answers]:
    return [_read(file) for file in sorted(folder.glob("*.toml"))]


def _read(file: Path) -> Answers:
    try:
        read = tomllib.loads(file.read_text("utf-8"))
        given = {name: _plain(value) for name, value in read.get("parameters", {}).items()}
        return Answers(read["stack"], read["region"], read.get("profile", ""), given, is_saved=True)
    except (ValueError, KeyError, AttributeError) as error:
        raise Unclear(f"{file} cannot be read: {error}.") from None


def _plain(value: object) -> str:
    """As CloudFormation takes it: a person may well write `RingGap = 8` or `true`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's, but whole characters, and the one control more."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _as_typed(known: Sequence[Answers]) -> list[str]:
    return [f"STACK={each.stack} REGION={each.region}" for each in known]
