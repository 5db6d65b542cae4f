"""The operator's commands: deploying and deleting, devices, films, what was lost.

python -m operations add door "Front door" --home home --stack doorbell --region eu-central-1
"""

from __future__ import annotations

import argparse
from typing import get_args

from doorbell.films.schedule import DAYS
from doorbell.model import Role
from operations import publish_verbs


def parser() -> argparse.ArgumentParser:
    """Of `python -m operations`."""
    made = argparse.ArgumentParser(prog="operations", description=__doc__)
    verbs = made.add_subparsers(dest="verb", required=True)
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
    forgotten.add_argument("--resident", help="this one alone; without it: all of the home")
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
    return made
