"""`python -m operations VERB …`: reads what was typed, finds the stack, says what went wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from demo.errors import DemoFailed
from doorbell.aws.api.errors import NotReached
from doorbell.errors import DoorbellError
from operations.answers import Answers, choose
from operations.delete import delete
from operations.deploy import How, deploy
from operations.parser import parser
from operations.stacks import STACK_FILE, find_on_aws, find_stack
from operations.verbs import VERBS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; what it must tell a person goes to standard error, the token alone to output."""
    given = parser().parse_args(arguments)
    try:
        _act(given)
    except KeyboardInterrupt:
        print("\ndoorbell: stopped.", file=sys.stderr)
        return 130
    except (EndpointConnectionError, NotReached) as error:
        hint = f" If `make up` does not run, delete {STACK_FILE}." if STACK_FILE.exists() else ""
        print(f"doorbell: {error}{hint}", file=sys.stderr)
        return 1
    except (DoorbellError, DemoFailed, ClientError, BotoCoreError) as error:
        print(f"doorbell: {error}", file=sys.stderr)
        return 1
    return 0


def _act(given: argparse.Namespace) -> None:
    match given.verb:
        case "deploy":
            deploy(given.stack, given.region, given.profile, How(given.sam, given.rollout))
        case "delete":
            delete(given.stack, given.region, given.profile)
        case verb:
            _act_on_a_stack(verb, given)


def _act_on_a_stack(verb: str, given: argparse.Namespace) -> None:
    # What is about AWS alone never takes the stack on this machine for it.
    on_aws = verb in ("outputs", "upload-app")
    which = _which(given, on_aws=on_aws)
    given.stack = which.stack
    stack = find_on_aws(which) if on_aws else find_stack(which)
    given.home = getattr(given, "home", "") or stack.home
    print(f"Stack: {stack.websocket}", file=sys.stderr)
    VERBS[verb](given, stack)


def _which(given: argparse.Namespace, *, on_aws: bool) -> Answers:
    """Which stack is meant. What was said always wins; else `make up`'s, else the saved one."""
    said = given.stack or given.region or given.profile
    if not said and not on_aws and STACK_FILE.exists():
        return Answers(is_anybodys=True)
    return choose(given.stack, given.region, given.profile)


if __name__ == "__main__":
    sys.exit(main())
