"""What `make run` and `make up` do, and what they print."""

import contextlib
import os
import shlex
import sys
import threading
from typing import NamedTuple

from demo import rings
from demo.errors import DemoFailed
from demo.people import door_photo, portrait
from demo.screen import Screen
from doorbell.errors import Conflict
from local import server, stack
from local.cameras import Recipient
from local.errors import LocalError, NotKept, PortInUse
from local.kept import deployed
from local.kept.home import Identity, kept_home
from local.print_events import print_event
from local.stack import DIRECTORY, Stack
from local.web import Web
from operations.devices import add_device
from operations.pairing import below, pairing_link

PORTRAIT = DIRECTORY / "eileen.jpeg"
PICTURES = DIRECTORY / "photos"
KEPT = DIRECTORY / "kept"

APP = "My phone"
"""The phone that the link of `make up` pairs with."""

UP_PORT = 4566
"""The same each time unless PORT says otherwise, so that Postman's saved requests work.

A kept home has the port that it had.
"""


def perform(command: str) -> int:
    """Run or bring up; the exit status. Raises KeyboardInterrupt when a signal ends it."""
    screen = Screen()
    try:
        {"run": run, "up": up}[command](screen)
    except (LocalError, DemoFailed) as error:
        print(f"doorbell: {error}", file=sys.stderr)
        return 1
    return 0


def run(screen: Screen) -> None:
    """The main job, once: start, deploy, enrol, ring as a resident and as a stranger, stop."""
    with contextlib.ExitStack() as running:
        with screen.step("Starting AWS on this machine"):
            aws = running.enter_context(server.running(port=_port(0), directory=DIRECTORY))
        with screen.step("Deploying the doorbell"):
            home = stack.add(aws, name="doorbell")
        rings.demonstrate(home.demo, screen)
        screen.say()
        with screen.step("Stopping"):
            running.close()


def up(screen: Screen) -> None:
    """The same stack to try by hand; prints what devices see until a signal ends it."""
    with contextlib.ExitStack() as running:
        kept = running.enter_context(kept_home(KEPT)) if _keeps() else None
        ports = _ports(kept.identity if kept else None)
        web = running.enter_context(Web(ports.web).serving())
        recipient = running.enter_context(Recipient(ports.cameras).serving())
        with screen.step("Starting AWS on this machine"):
            aws = running.enter_context(
                server.running(
                    port=ports.aws,
                    directory=DIRECTORY,
                    on_event=lambda event: print_event(event, screen),
                    kept=kept,
                )
            )
        with screen.step("Deploying the doorbell"):
            if kept:
                home = deployed.add(aws, kept, name="doorbell", web=web, recipient=recipient)
            else:
                home = stack.add(aws, name="doorbell", web=web, recipient=recipient)
        _lay_out_pictures()
        running.enter_context(stack.announced(home))
        _explain(home, screen, kept=kept is not None)
        threading.Event().wait()


def _port(otherwise: int) -> int:
    """PORT, if it is set. Raises PortInUse if it is no number."""
    text = os.environ.get("PORT") or str(otherwise)
    # `make up` takes the next two, too.
    if not (text.isascii() and text.isdigit() and int(text) < 65534):
        raise PortInUse(f"PORT must be a number from 0 to 65533, not {text!r}.")
    return int(text)


class Ports(NamedTuple):
    """Where this machine listens; 0 for any free port."""

    aws: int
    web: int
    cameras: int


def _ports(last: Identity | None) -> Ports:
    """Where AWS, the phones' app and the cameras' recipient were, or where PORT says.

    Raises PortInUse.
    """
    port = _port(last.port if last else UP_PORT)
    if last and port == last.port:
        return Ports(last.port, last.web_port, last.cameras_port)
    # The next ones: an origin that stays the same, so that a paired phone stays paired.
    return Ports(port, port + 1, port + 2) if port else Ports(0, 0, 0)


def _keeps() -> bool:
    """Whether KEEP says yes. Raises NotKept if it says anything but yes or no."""
    match os.environ.get("KEEP") or "no":
        case "yes":
            return True
        case "no":
            return False
        case other:
            raise NotKept(f"KEEP must be yes or no, not {other!r}.")


def _lay_out_pictures() -> None:
    """A portrait to move in with, and what the door's camera sees of a resident and of a guest."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    PORTRAIT.write_bytes(portrait(rings.RESIDENT))
    for person in (rings.RESIDENT, rings.VISITOR):
        (PICTURES / f"{person.value.lower()}.jpeg").write_bytes(door_photo(person))


def _explain_app(home: Stack, screen: Screen) -> None:
    """A phone of the household's for whoever opens the link first; `make add-phone` adds more."""
    try:
        token = add_device(home.deployed, "phone", APP, home.home, None)
    except Conflict:
        # A kept home has it already, and somebody may hold it.
        screen.title("Paired phones stay paired")
    else:
        link = pairing_link(home.deployed, token, APP, None, manager=True)
        screen.title("Have the phones' app: open this in a browser here, within ten minutes")
        screen.say(f"  {link}")
        screen.say(below(link))
    screen.say('  Another one: make add-phone NAME="Anna\'s phone" RESIDENT=Anna')


def _explain(home: Stack, screen: Screen, *, kept: bool) -> None:
    door, phone = home.tokens["door"], home.tokens["phone"]
    python = os.path.relpath(sys.executable)
    screen.title("The doorbell is up; Ctrl-C stops it")
    for name, value in {
        "AWS": home.endpoint,
        "Socket": home.websocket,
        "Cameras": home.cameras,
        "Phone": home.phone,
        "Door's token": door,
        "Phone's token": phone,
        "Camera's token": home.tokens["camera"],
        "All of it": os.path.relpath(DIRECTORY / "stack.json"),
        "Kept in": os.path.relpath(KEPT) if kept else "nothing: KEEP=yes keeps it over a restart",
    }.items():
        if value:
            screen.say(f"  {name:<15}{value}")
    _explain_app(home, screen)
    screen.title("Try it")
    screen.say("  Move in, with this portrait or any JPEG that shows one face:")
    keys = f"{home.access_key}:{home.secret_key}"
    screen.say(f"    curl --aws-sigv4 aws:amz:{home.region}:s3 --user {keys} \\")
    screen.say(f"      -T {os.path.relpath(PORTRAIT)} {home.endpoint}/{home.bucket}/source.jpeg")
    client = f"{shlex.quote(python)} -m doorbell_client"
    screen.say("  Have a phone; a code needs one to go to, and is shown below:")
    screen.say(f"    DOORBELL_TOKEN={phone} {client} chime")
    screen.say("  Ring with a photo, then type the code; or have a whole door in this terminal:")
    screen.say(f"    {client} ring --photo {os.path.relpath(PICTURES)}/eileen.jpeg")
    screen.say(f"    {client} simulate --photos {os.path.relpath(PICTURES)}")
    screen.say("  Be a camera; add one that rings at the door:")
    picture = f"{os.path.relpath(PICTURES)}/grace.jpeg"
    screen.say(f"    curl --data-binary @{picture} -H 'Content-Type: image/jpeg' \\")
    screen.say(f"      '{home.cameras}?accessToken={home.tokens['camera']}'")
    screen.say('    make add-camera NAME="Gate" DOOR="Front door"')
    screen.say("  The same with Postman's WebSocket requests; the door's rings when it connects:")
    screen.say(f"    {home.websocket}?token={phone}")
    screen.say(f"    {home.websocket}?token={door}&ring=1")
    screen.title("What doors and phones see")
