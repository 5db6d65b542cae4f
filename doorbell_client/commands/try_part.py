"""`doorbell try`: one part of the door at a time, for whoever has just wired it.

Nothing moves or sounds before somebody says yes.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple, TextIO

from doorbell_client.commands.arguments import Arguments, profile_of
from doorbell_client.commands.service_state import service_state
from doorbell_client.config.schema import Camera, Chime, Config
from doorbell_client.config.service import installed_service
from doorbell_client.door.parts import Key, Mood, Notice, Parts
from doorbell_client.errors import CameraError, ConfigError, HardwareError, ServiceError
from doorbell_client.hardware import build, open_camera

STRIKE_SECONDS: Final = 2.0
MOOD_SECONDS: Final = 3.0
KEYPAD_SECONDS: Final = 20.0

PHOTO: Final = Path("doorbell-try.jpeg")


class Trial(NamedTuple):
    """One run of the command; tests give ears and hands of their own."""

    config: Config
    say: Callable[[str], None]
    wait: Callable[[float], None] = time.sleep
    photo: Path = PHOTO

    @contextmanager
    def only(self, section: str) -> Iterator[Parts]:
        """A door with this one part, until the trial ends. Raises HardwareError."""
        alone = {"camera": Camera(kind="none"), "chime": Chime(kind="none")}
        part = getattr(self.config, section)
        built = build(Config(**{**alone, section: part}))
        try:
            if built.faults:
                raise HardwareError(built.faults[0])
            yield built.parts
        finally:
            # Not `close_all`, which only logs: whoever tries a part must see that it failed.
            for each in built.parts:
                each.close()


def _bell(trial: Trial) -> None:
    if trial.config.chime.sound == "none":
        raise ConfigError("No chime is configured; see [chime] in docs/hardware.md.")
    with trial.only("chime") as parts:
        trial.say("Ding-dong. Did you hear it?")
        parts.chime.ring()
        trial.wait(3)


def _gong(trial: Trial) -> None:
    _needs_pin(trial.config.gong.pin, "gong")
    with trial.only("gong") as parts:
        trial.say("The gong strikes once.")
        parts.gong.ring()
        trial.wait(2)


def _strike(trial: Trial) -> None:
    _needs_pin(trial.config.strike.pin, "strike")
    with trial.only("strike") as parts:
        trial.say(f"The strike is released for {STRIKE_SECONDS:g} s: push the door.")
        parts.strike.energise(STRIKE_SECONDS)
        trial.wait(STRIKE_SECONDS + 0.5)
    trial.say("It is locked again: the door must not open now.")


def _lights(trial: Trial) -> None:
    settings = trial.config.lights
    if settings.status_pin is None and settings.button_pin is None:
        raise ConfigError("No light is configured; name its pin in [lights].")
    with trial.only("lights") as parts:
        for mood in Mood:
            if mood is not Mood.OFF:
                trial.say(f"{mood.value}: {_MOODS[mood]}")
                parts.lights.show(mood)
                trial.wait(MOOD_SECONDS)


def _keypad(trial: Trial) -> None:
    if not trial.config.keypad.rows:
        raise ConfigError("No keypad is configured; name its pins in [keypad].")

    def notice(notice: Notice) -> None:
        if isinstance(notice, Key):
            trial.say(f"  {notice.key}")

    with trial.only("keypad") as parts:
        trial.say(f"Press every key; each is shown, for {KEYPAD_SECONDS:g} s.")
        parts.keypad.start(notice)
        trial.wait(KEYPAD_SECONDS)


def _camera(trial: Trial) -> None:
    started = time.monotonic()
    camera = open_camera(trial.config)
    try:
        opened = time.monotonic()
        photo = camera.take()
    finally:
        camera.close()
    took = f"opened in {opened - started:.1f} s, taken in {time.monotonic() - opened:.1f} s"
    try:
        trial.photo.write_bytes(photo.jpeg)
    except OSError as error:
        raise CameraError(f"{trial.photo} cannot be written: {error.strerror}.") from None
    trial.say(f"{trial.photo}: {len(photo.jpeg) / 1000:.0f} kB, {took}. Is a face in it sharp?")


_MOODS: Final = {
    Mood.READY: "the status light is on",
    Mood.CAPTURING: "the button's light strobes",
    Mood.WAITING: "the status light blinks",
    Mood.WELCOME: "both blink slowly",
    Mood.OPEN: "both are on",
    Mood.ERROR: "the status light is on for two seconds, then blinks slowly",
    Mood.FAULT: "the status light is on, and dark for a moment now and then",
    Mood.OFFLINE: "two short blinks of the status light, a pause",
}

_TRIALS: Final[dict[str, Callable[[Trial], None]]] = {
    "bell": _bell,
    "gong": _gong,
    "strike": _strike,
    "lights": _lights,
    "keypad": _keypad,
    "camera": _camera,
}

_QUESTIONS: Final = {
    "bell": "Sound the bell outside?",
    "gong": "Sound the gong inside?",
    "strike": f"Unlock the door for {STRIKE_SECONDS:g} s?",
}
"""What is asked before something sounds or moves."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which part, and whether to ask."""
    parser.add_argument("part", choices=_TRIALS, metavar="PART", help=", ".join(_TRIALS))
    parser.add_argument("--yes", action="store_true", help="do not ask before it sounds or moves")


def run(asked: Arguments) -> int:
    """Try one part; status 1 if it was not wanted."""
    config = profile_of(asked).config
    _refuse_beside_the_service()
    if not (asked.yes or agreed(_QUESTIONS.get(asked.part), sys.stdin)):
        print("Nothing was done.")
        return 1
    try_part(asked.part, Trial(config, print))
    return 0


def try_part(part: str, trial: Trial) -> None:
    """Try this part. Raises ConfigError where it is not configured, HardwareError, CameraError."""
    _TRIALS[part](trial)


def agreed(question: str | None, answers: TextIO) -> bool:
    """Whether a person says yes; without a person: no."""
    if question is None:
        return True
    if not answers.isatty():
        print(f"{question} Nobody can be asked here; say --yes.")
        return False
    print(f"{question} [y/N] ", end="", flush=True)
    return answers.readline().strip().lower() in ("y", "yes")


def _refuse_beside_the_service() -> None:
    """The running service holds pins and camera."""
    service = installed_service()
    if service is not None and service_state(service.unit_name).active:
        name = service.unit_name
        raise ServiceError(f"{name} runs and holds the parts: sudo systemctl stop {name}")


def _needs_pin(pin: int | None, section: str) -> None:
    if pin is None:
        raise ConfigError(f"No {section} is configured; name its `pin` in [{section}].")
