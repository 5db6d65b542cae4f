"""The URLs and names of a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from operations.answers import Answers
    from operations.stacks import Deployed

NEXT: Final = """
Next:
  make enrol PHOTO=me.jpeg RESIDENT=Anna
  make add-door NAME="Front door"
  make add-phone NAME="Anna's phone" RESIDENT=Anna"""


def show(stack: Deployed) -> None:
    """All of them, a line each: the name, two spaces or more, and the value."""
    width = max(map(len, stack.outputs))
    for name, value in sorted(stack.outputs.items()):
        print(f"{name:{width}}  {value}".rstrip())


def show_first(answers: Answers, stack: Deployed, *, first: bool) -> None:
    """What one needs next; `make outputs` has the rest."""
    print(f"{answers.stack} stands in {answers.region}.")
    for what, value in (
        ("the phones' app", stack.phone),
        ("doors", stack.websocket),
        ("photos to enrol", stack.bucket),
    ):
        if value:
            print(f"  {what:16} {value}")
    if first:
        print(NEXT)
