"""The chime outside: a piezo on a pin, a sound file, or the terminal's bell."""

import logging
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from typing import Final, TextIO

from doorbell_client.errors import HardwareError
from doorbell_client.hardware.pins import claimed
from doorbell_client.hardware.sequence import Pattern, Sequencer
from doorbell_client.hardware.sound import length_of, softer, sound_folder
from doorbell_client.hardware.tune import DING_DONG, TICK, Hertz

_log = logging.getLogger(__name__)

SLACK_SECONDS = 5.0
"""A player takes so much longer than its sound at most: it starts, and wakes the card."""


class ToneChime:
    """A passive piezo (no buzzer with a tone of its own) between a pin and ground."""

    def __init__(self, pin: int, tune: Pattern[Hertz] = DING_DONG) -> None:
        """`pin` is a BCM number; `tune` in hertz and seconds. Raises HardwareError."""
        self._tune = tune
        self._ringing = False
        with claimed(f"The chime on GPIO {pin}"):
            from gpiozero import TonalBuzzer
            from gpiozero.tones import Tone

            self._tone = Tone
            self._buzzer = TonalBuzzer(pin)
        self._sequencer: Sequencer[Hertz] = Sequencer("chime", self._sound)

    def ring(self) -> None:
        """Ding-dong; a call while it sounds starts it anew."""
        self._ringing = True
        self._sequencer.play(self._tune)

    def beep(self) -> None:
        """A tick; a key pressed while the bell sounds does not cut the bell short."""
        if not (self._ringing and self._sequencer.playing):
            self._ringing = False
            self._sequencer.play(TICK)

    def close(self) -> None:
        """Silent, pin free."""
        self._sequencer.close()
        self._buzzer.close()

    def _sound(self, frequency: Hertz) -> None:
        if frequency is None:
            self._buzzer.stop()
        else:
            self._buzzer.play(self._tone.from_frequency(frequency))


PLAYERS: Final[tuple[tuple[str, ...], ...]] = (
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("afplay",),
)
"""PipeWire, PulseAudio, ALSA, macOS: each plays one file and ends."""


def find_players(device: str | None = None) -> list[tuple[str, ...]]:
    """The players that are installed, the best first; before them the one that knows a `device`.

    `device` is one of ALSA's names. A card may be away (a plug that came loose), and the usual one
    is better than none. Raises HardwareError.
    """
    if device is not None:
        if player := which("aplay"):
            return [(player, "-q", "-D", device), *find_players()]
        raise HardwareError(f"aplay is needed to play on {device}: sudo apt install alsa-utils.")
    found = [(path, *rest) for program, *rest in PLAYERS if (path := which(program))]
    if found:
        return found
    names = ", ".join(command[0] for command in PLAYERS)
    raise HardwareError(
        f"No program here plays sound files (looked for {names}); "
        "on a Raspberry Pi run `sudo apt install alsa-utils`."
    )


class FileChime:
    """Plays a sound file (WAV is what every player knows).

    A player that is installed may still be mute: PipeWire's and PulseAudio's are in a service,
    where nobody is logged in. Then the next one plays, and is the first to be asked from then on;
    but a card that is named always comes first, so that it plays again when it is back.
    """

    def __init__(
        self,
        sound: Path,
        players: Sequence[Sequence[str]] | None = None,
        device: str | None = None,
        volume: int = 100,
    ) -> None:
        """`players` are commands that take the file last; None finds them. `volume` in per cent.

        Raises HardwareError.
        """
        if not sound.is_file():
            raise HardwareError(f"The chime's sound {sound} is not a file.")
        self._sound = str(_softer_copy(sound, volume) if volume < 100 else sound)
        found = [tuple(each) for each in players or find_players(device)]
        named = 0 if device is None else 1
        self._named, self._players = found[:named], found[named:]
        self._patience = length_of(sound) + SLACK_SECONDS
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ring(self) -> None:
        """Play it; a call while it sounds starts it anew. Starting a program takes no time here."""
        threading.Thread(target=self._play, name="chime-player", daemon=True).start()

    def beep(self) -> None:
        """A program for every key would lag behind the fingers."""

    def close(self) -> None:
        """Silent."""
        with self._lock:
            self._silence()

    def _play(self) -> None:
        if any(self._plays(player) for player in self._named):
            return
        for player in self._players:
            if self._plays(player):
                self._players = [player, *(each for each in self._players if each != player)]
                return
        _log.error("the bell is silent: no player plays %s", self._sound)

    def _plays(self, player: tuple[str, ...]) -> bool:
        command = [*player, self._sound]
        with self._lock:
            self._silence()
            try:
                self._process = process = subprocess.Popen(  # noqa: S603 - the owner's own sound
                    command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
                )
            except OSError:
                _log.exception("the chime's player does not start: %s", player[0])
                return False
        try:
            status = process.wait(self._patience)
        except subprocess.TimeoutExpired:
            _log.warning("the chime's player hangs: %s", " ".join(command))
            process.kill()
            process.wait()
            return False
        # A negative status: stopped by us, to begin anew or for good.
        if status > 0:
            _log.warning("the chime's player failed: %s", " ".join(command))
            return False
        return True

    def _silence(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def _softer_copy(sound: Path, volume: int) -> Path:
    copy = softer(sound, volume)
    try:
        file = sound_folder() / "chime.wav"
        file.write_bytes(copy)
    except OSError as error:
        _log.warning("the bell sounds at full volume: %s", error)
        return sound
    return file


class TerminalBell:
    """The bell character: what any laptop has."""

    def __init__(self, terminal: TextIO | None = None) -> None:
        self._terminal = terminal or sys.stderr

    def ring(self) -> None:
        """One BEL."""
        try:
            self._terminal.write("\a")
            self._terminal.flush()
        except (OSError, ValueError):
            _log.warning("the terminal's bell is out of reach")

    def beep(self) -> None:
        """A terminal's only voice is kept for the bell."""

    def close(self) -> None:
        """Nothing to let go."""
