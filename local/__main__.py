"""`python -m local run` and `python -m local up`: what `make run` and `make up` call."""

import contextlib
import os
import shlex
import signal
import sys
import threading

from local import server, stack, story
from local.errors import LocalError, PortInUse
from local.narrator import narrate
from local.screen import Screen
from local.stack import DIRECTORY, Stack

UP_PORT = 4566
"""The same each time unless PORT says otherwise, so that Postman's saved requests work."""


def main(arguments: list[str]) -> int:
    """Exit status: 0 when all went well or `up` was stopped, 1 when something failed."""
    commands = {"run": run, "up": up}
    if len(arguments) != 1 or arguments[0] not in commands:
        print("usage: python -m local run|up", file=sys.stderr)
        return 2
    # Both unwind, so that nothing is left running; a shell's background jobs ignore SIGINT else.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    screen = Screen()
    try:
        commands[arguments[0]](screen)
    except LocalError as error:
        print(f"doorbell: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        screen.say("\nStopped; nothing is left running.")
        return 0 if arguments == ["up"] else 130
    return 0


def run(screen: Screen) -> None:
    """The main job, once: start, deploy, enrol, ring as a resident and as a stranger, stop."""
    with contextlib.ExitStack() as running:
        with screen.step("Starting AWS on this machine"):
            aws = running.enter_context(server.running(port=_port(0), directory=DIRECTORY))
        with screen.step("Deploying the doorbell"):
            home = stack.add(aws, name="doorbell")
        story.demonstrate(home, screen)
        screen.say()
        with screen.step("Stopping"):
            running.close()


def up(screen: Screen) -> None:
    """The same stack to try by hand; tells what devices see until Ctrl-C or SIGTERM."""
    with contextlib.ExitStack() as running:
        with screen.step("Starting AWS on this machine"):
            aws = running.enter_context(
                server.running(
                    port=_port(UP_PORT),
                    directory=DIRECTORY,
                    tell=lambda sight: narrate(sight, screen),
                )
            )
        with screen.step("Deploying the doorbell"):
            home = stack.add(aws, name="doorbell")
        running.enter_context(stack.announced(home))
        _explain(home, screen)
        threading.Event().wait()


def _port(otherwise: int) -> int:
    """PORT, if it is set. Raises PortInUse if it is no number."""
    text = os.environ.get("PORT") or str(otherwise)
    if not text.isascii() or not text.isdigit():
        raise PortInUse(f"PORT must be a number from 0 to 65535, not {text!r}.")
    return int(text)


def _explain(home: Stack, screen: Screen) -> None:
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
    }.items():
        if value:
            screen.say(f"  {name:<15}{value}")
    screen.title("Try it")
    enrol = f"--user {home.access_key}:{home.secret_key} -T me.jpeg"
    screen.say("  Move in, with a JPEG that shows one face:")
    screen.say(f"    curl --aws-sigv4 aws:amz:{home.region}:s3 {enrol} \\")
    screen.say(f"      {home.endpoint}/{home.bucket}/source.jpeg")
    screen.say("  Ring with a photo, then type the code you read below:")
    screen.say(f"    DOORBELL_CLOUD_URL={home.websocket} DOORBELL_TOKEN={door} \\")
    screen.say(f"      {shlex.quote(python)} -m doorbell_client ring --photo me.jpeg")
    screen.say("  Ring by Postman's WebSocket request, or websocat, with one gesture:")
    screen.say(f"    {home.websocket}?token={door}&ring=1")
    screen.say("  Be a phone:")
    screen.say(f"    {home.websocket}?token={phone}")
    screen.title("What doors and phones see")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
