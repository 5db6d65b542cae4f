"""What each verb does on a stack that was found, and what it says.

`given` is what `operations.parser` read; its `home` is the stack's own where none was named.
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from demo.screen import Screen
from doorbell.errors import BadName
from operations import publish_verbs
from operations.app import upload
from operations.cameras import what_to_type
from operations.devices import add_device, has_phone, revoke
from operations.enrol import enrol
from operations.film import film, film_every, read_period, show
from operations.forget import forget_home
from operations.forget_resident import forget_resident
from operations.lost import look as look_at_lost
from operations.messengers import add_messenger, list_messengers, remove_messengers
from operations.outputs import show as show_outputs
from operations.pairing import in_terminal, pairing_link
from operations.smoke.run import smoke

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from operations.stacks import Deployed

    Verb: TypeAlias = Callable[[argparse.Namespace, Deployed], None]


def _add(given: argparse.Namespace, stack: Deployed) -> None:
    name = _named(given)
    token = add_device(stack, given.role, name, given.home, given.resident, given.door)
    print("The token, shown this once:", file=sys.stderr)
    print(token, flush=True)
    if given.role == "camera" and stack.recipient:
        print(f"\n{what_to_type(stack, token, given.door or None)}", file=sys.stderr)
    if given.role == "phone" and stack.phone:
        _show_pairing(pairing_link(stack, token, name, given.resident or None))


def _revoke(given: argparse.Namespace, stack: Deployed) -> None:
    closed = revoke(stack, _named(given), given.home)
    print(f"Revoked; {closed} open sockets closed.", file=sys.stderr)


def _named(given: argparse.Namespace) -> str:
    name: str = given.name
    if not name.strip():
        raise BadName("Say which device: NAME=…")
    return name


def _show_pairing(link: str) -> None:
    print(
        "\nOr scan this with the phone, or open the link there, within ten minutes; the app then\n"
        f"draws a token of its own, and the one above serves no more.\n\n  {link}\n",
        file=sys.stderr,
    )
    print(in_terminal(link), file=sys.stderr)


def _enrol(given: argparse.Namespace, stack: Deployed) -> None:
    faces = enrol(stack, given.photo, given.resident, given.home)
    counted = "1 face" if faces == 1 else f"{faces} faces"
    print(f"{given.resident} is known by {counted} in {given.home}.")
    if not has_phone(stack, given.home):
        print(f"{given.home} has no phone yet that a code could go to: make add-phone.")


def _forget(given: argparse.Namespace, stack: Deployed) -> None:
    """A resident, if one is named; else all of the home. A name that is empty came out so."""
    if given.resident is None:
        forget_home(stack, given.stack, given.home)
    elif not given.resident.strip():
        raise BadName("Say which resident: RESIDENT=…")
    else:
        forget_resident(stack, given.stack, given.home, given.resident)
    print(f"Nothing of {given.resident or given.home} is left.", file=sys.stderr)


def _film(given: argparse.Namespace, stack: Deployed) -> None:
    if not given.camera.strip():
        raise BadName("Say which camera: CAMERA=…")
    if given.every:
        every = None if given.every == "never" else given.every
        film_every(stack, given.home, given.camera, every, given.at, given.zone)
        print("From now on." if every else "No more.", file=sys.stderr)
        return
    period = read_period(given.begin, given.end, datetime.now().astimezone())
    print("Making the film …", file=sys.stderr)
    show(film(stack, given.home, given.camera, period, given.fps))


def _add_messenger(given: argparse.Namespace, stack: Deployed) -> None:
    count = add_messenger(stack, given.stack, given.home, given.url, with_codes=given.codes)
    print(f"{given.home} has {count}: told within a minute.", file=sys.stderr)


def _list_messengers(given: argparse.Namespace, stack: Deployed) -> None:
    print("\n".join(list_messengers(stack, given.stack, given.home)) or "none")


def _remove_messengers(given: argparse.Namespace, stack: Deployed) -> None:
    count = remove_messengers(stack, given.stack, given.home)
    print(f"{count} are told no more.", file=sys.stderr)


def _upload_app(_: argparse.Namespace, stack: Deployed) -> None:
    print(f"{upload(stack)} files of the app: {stack.phone}", file=sys.stderr)


VERBS: Final[Mapping[str, Verb]] = {
    "add": _add,
    "revoke": _revoke,
    "enrol": _enrol,
    "forget": _forget,
    "film": _film,
    "add-messenger": _add_messenger,
    "messengers": _list_messengers,
    "remove-messengers": _remove_messengers,
    "lost": lambda given, stack: look_at_lost(stack, given.then),
    "smoke": lambda given, stack: smoke(stack, given.stack, Screen()),
    "outputs": lambda _, stack: show_outputs(stack),
    "upload-app": _upload_app,
    **publish_verbs.VERBS,
}
"""But `deploy` and `delete`, which find no stack first."""
