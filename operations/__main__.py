"""The operator's commands: deploying and deleting, devices, films, what was lost.

python -m operations add door "Front door" --home home --stack doorbell --region eu-central-1
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING, get_args

from botocore.exceptions import BotoCoreError, ClientError, EndpointConnectionError

from demo.errors import DemoFailed
from demo.screen import Screen
from doorbell.aws.api.errors import NotReached
from doorbell.errors import BadName, DoorbellError
from doorbell.films.schedule import DAYS
from doorbell.model import Role
from operations import publish_verbs
from operations.answers import Answers, choose
from operations.app import upload
from operations.cameras import what_to_type
from operations.delete import delete
from operations.deploy import How, deploy
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
from operations.stacks import STACK_FILE, find_on_aws, find_stack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from operations.stacks import Deployed


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; what it must tell a person goes to standard error, the token alone to output."""
    given = _parser().parse_args(arguments)
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
            return
        case "delete":
            delete(given.stack, given.region, given.profile)
            return
    # What is about AWS alone never takes the stack on this machine for it.
    on_aws = given.verb in ("outputs", "upload-app")
    which = _which(given, on_aws=on_aws)
    given.stack = which.stack
    stack = find_on_aws(which) if on_aws else find_stack(which)
    print(f"Stack: {stack.websocket}", file=sys.stderr)
    acts = {
        "film": _do_film,
        "lost": _do_lost,
        **dict.fromkeys(publish_verbs.VERBS, publish_verbs.act),
    }
    acts.get(given.verb, _do)(given, stack)


def _which(given: argparse.Namespace, *, on_aws: bool) -> Answers:
    """Which stack is meant. What was said always wins; else `make up`'s, else the saved one."""
    said = given.stack or given.region or given.profile
    if not said and not on_aws and STACK_FILE.exists():
        return Answers(is_anybodys=True)
    return choose(given.stack, given.region, given.profile)


def _do(given: argparse.Namespace, stack: Deployed) -> None:
    home = getattr(given, "home", "") or stack.home
    match given.verb:
        case "add" | "revoke" if not given.name.strip():
            raise BadName("Say which device: NAME=…")
        case "add":
            _add(given, stack, home)
        case "revoke":
            closed = revoke(stack, given.name, home)
            print(f"Revoked; {closed} open sockets closed.", file=sys.stderr)
        case "add-messenger" | "messengers" | "remove-messengers":
            _do_messengers(given, stack, home)
        case "enrol" | "smoke" | "forget":
            _do_with_a_home(given, stack, home)
        case "outputs":
            show_outputs(stack)
        case "upload-app":
            print(f"{upload(stack)} files of the app: {stack.phone}", file=sys.stderr)


def _add(given: argparse.Namespace, stack: Deployed, home: str) -> None:
    token = add_device(stack, given.role, given.name, home, given.resident, given.door)
    print("The token, shown this once:", file=sys.stderr)
    print(token, flush=True)
    if given.role == "camera" and stack.recipient:
        print(f"\n{what_to_type(stack, token, given.door or None)}", file=sys.stderr)
    if given.role == "phone" and stack.phone:
        _show_pairing(pairing_link(stack, token, given.name, given.resident or None))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _do_with_a_home(given: argparse.Namespace, stack: Deployed, home: str) -> None:
    match given.verb:
        case "enrol":
            faces = enrol(stack, given.photo, given.resident, home)
            print(f"{given.resident} is known by {_counted(faces, 'face')} in {home}.")
            if not has_phone(stack, home):
                print(f"{home} has no phone yet that a code could go to: make add-phone.")
        case "smoke":
            smoke(stack, given.stack, Screen())
        case "forget":
            _forget(given, stack, home)


def _forget(given: argparse.Namespace, stack: Deployed, home: str) -> None:
    """A resident, if one is named; else all of the home."""
    if given.resident:
        forget_resident(stack, given.stack, home, given.resident)
    else:
        forget_home(stack, given.stack, home)
    print(f"Nothing of {given.resident or home} is left.", file=sys.stderr)


def _do_lost(given: argparse.Namespace, stack: Deployed) -> None:
    look_at_lost(stack, given.then)


def _do_film(given: argparse.Namespace, stack: Deployed) -> None:
    home = given.home or stack.home
    if not given.camera.strip():
        raise BadName("Say which camera: CAMERA=…")
    if given.every:
        every = None if given.every == "never" else given.every
        film_every(stack, home, given.camera, every, given.at, given.zone)
        print("From now on." if every else "No more.", file=sys.stderr)
        return
    period = read_period(given.begin, given.end, datetime.now().astimezone())
    print("Making the film …", file=sys.stderr)
    show(film(stack, home, given.camera, period, given.fps))


def _do_messengers(given: argparse.Namespace, stack: Deployed, home: str) -> None:
    match given.verb:
        case "add-messenger":
            count = add_messenger(stack, given.stack, home, given.url, with_codes=given.codes)
            print(f"{home} has {count}: told within a minute.", file=sys.stderr)
        case "messengers":
            print("\n".join(list_messengers(stack, given.stack, home)) or "none")
        case "remove-messengers":
            count = remove_messengers(stack, given.stack, home)
            print(f"{count} are told no more.", file=sys.stderr)


def _show_pairing(link: str) -> None:
    print(
        "\nOr scan this with the phone, or open the link there, within ten minutes; the app then\n"
        f"draws a token of its own, and the one above serves no more.\n\n  {link}\n",
        file=sys.stderr,
    )
    print(in_terminal(link), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="operations", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    add = verbs.add_parser("add", help="add a device and print its token")
    add.add_argument("role", choices=get_args(Role))
    add.add_argument("name")
    add.add_argument("--resident", default="", help="whose phone it is; empty: the household's")
    add.add_argument("--door", default="", help="a camera: at which door its pictures ring")
    gone = verbs.add_parser("revoke", help="revoke a device and close its sockets")
    gone.add_argument("name")
    known = verbs.add_parser("enrol", help="enrol a resident with a photo of this machine")
    known.add_argument("photo", help="a JPEG or PNG")
    known.add_argument("--resident", default="")
    told = verbs.add_parser("add-messenger", help="tell a messenger, too")
    told.add_argument("url", help="in Apprise's form")
    told.add_argument("--codes", action="store_true", help="residents' codes, too")
    listed = verbs.add_parser("messengers", help="which messengers are told")
    untold = verbs.add_parser("remove-messengers", help="tell no messenger any more")
    shot = verbs.add_parser("film", help="make a film of what a camera saw")
    shot.add_argument("camera")
    shot.add_argument("--from", dest="begin", default="", help="a day or time; empty: a day before")
    shot.add_argument("--to", dest="end", default="", help="a day or time; empty: now")
    shot.add_argument("--fps", type=float, help="pictures a second")
    shot.add_argument("--every", default="", choices=("", "never", *DAYS), help="by itself")
    shot.add_argument("--at", default="06:00", help="with --every: HH:MM")
    shot.add_argument("--zone", default="UTC", help="with --every: an IANA zone")
    publishing = publish_verbs.add_verbs(verbs)
    lost = verbs.add_parser("lost", help="what reached nobody, and why")
    then = lost.add_mutually_exclusive_group()
    then.add_argument("--redrive", dest="then", action="store_const", const="redrive", default="")
    then.add_argument("--clear", dest="then", action="store_const", const="clear")
    forgotten = verbs.add_parser("forget", help="forget a home, or one of its residents")
    forgotten.add_argument("--resident", default="", help="this one alone; empty: all of the home")
    for verb in (add, gone, known, told, listed, untold, shot, *publishing):
        verb.add_argument("--home", default="", help="empty: the stack's default home")
    # No default: nobody forgets a home by leaving a word out.
    forgotten.add_argument("--home", required=True)
    verbs.add_parser("smoke", help="ring on a deployed stack, and look at what AWS does")
    deployed = verbs.add_parser("deploy", help="deploy a stack, or deploy it again")
    deployed.add_argument("--sam", default=".venv-sam/bin/sam", help="where the SAM CLI is")
    deployed.add_argument("--rollout", default="", choices=("", "canary"), help="a tenth first")
    verbs.add_parser("delete", help="delete a stack and all that it kept")
    verbs.add_parser("outputs", help="URLs and names of a stack")
    verbs.add_parser("upload-app", help="put the phones' app where CloudFront finds it")
    for verb in verbs.choices.values():
        verb.add_argument("--stack", default="", help="which stack; empty: the saved one")
        verb.add_argument("--region", default="", help="where; empty: as saved, or boto3's own")
        verb.add_argument("--profile", default="", help="whose credentials; empty: as saved")
    return parser


if __name__ == "__main__":
    sys.exit(main())
