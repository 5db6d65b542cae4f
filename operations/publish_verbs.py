"""The verbs of publishing: what they are given, and what they say."""

from __future__ import annotations

import os
import sys
from getpass import getpass
from typing import TYPE_CHECKING, Any, Final

from doorbell.publishing.model import Publication
from operations.publications import (
    account,
    add_publication,
    list_publications,
    new_id,
    stop_publishing,
)

if TYPE_CHECKING:
    import argparse

    from operations.stacks import Deployed


def add_verbs(verbs: Any) -> list[argparse.ArgumentParser]:
    """Those of a parser; `verbs` is its argparse subparsers."""
    to = verbs.add_parser("publish-to", help="publish the films of a camera or a door")
    to.add_argument("--url", default="", help="x, or in Apprise's form; empty: asked for")
    to.add_argument("--visitors", action="store_true", help="though visitors may be seen")
    to.add_argument("--text", default="", help="what stands beside each film")
    listed = verbs.add_parser("publications", help="what is published where")
    stopped = verbs.add_parser("stop-publishing", help="publish no more")
    for verb in (to, stopped):
        verb.add_argument("--camera", default="")
        verb.add_argument("--door", default="")
    return [to, listed, stopped]


def _publish_to(given: argparse.Namespace, stack: Deployed) -> None:
    to = account(given.url, os.environ, getpass if sys.stdin.isatty() else None)
    asked = Publication(
        new_id(), to, given.camera or None, given.door or None, given.visitors, given.text
    )
    added = add_publication(stack, given.stack, given.home, asked)
    print(f"Every film from now on: {added}", file=sys.stderr)


def _list(given: argparse.Namespace, stack: Deployed) -> None:
    print("\n".join(list_publications(stack, given.stack, given.home)) or "none")


def _stop(given: argparse.Namespace, stack: Deployed) -> None:
    left = stop_publishing(stack, given.stack, given.home, given.camera, given.door)
    print(f"Still published: {'; '.join(left) or 'nothing'}.", file=sys.stderr)


VERBS: Final = {"publish-to": _publish_to, "publications": _list, "stop-publishing": _stop}
