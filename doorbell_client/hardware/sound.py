"""A sound file, played more softly: not every player has a volume, so the samples are scaled."""

import array
import io
import os
import sys
import tempfile
import wave
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from doorbell_client.errors import HardwareError

LONGEST_SECONDS: Final = 60.0
"""No bell sounds for longer; it is also what a sound of unknown length is given."""


def sound_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where a sound can be written: the service's folder in memory, else a new temporary one.

    In the service's folder a file is written over at every start, so that a door that is killed
    again and again does not fill the memory. Raises OSError.
    """
    if of_service := environment.get("RUNTIME_DIRECTORY"):
        return Path(of_service.split(":")[0])
    return Path(tempfile.mkdtemp(prefix="doorbell-"))


def length_of(sound: Path) -> float:
    """Seconds that the file plays, LONGEST_SECONDS at most, and if it is no WAV file."""
    try:
        with wave.open(str(sound), "rb") as reader:
            return min(reader.getnframes() / reader.getframerate(), LONGEST_SECONDS)
    except (OSError, EOFError, wave.Error, ZeroDivisionError):
        return LONGEST_SECONDS


def softer(sound: Path, volume: int) -> bytes:
    """The WAV file `sound` at `volume` per cent; one that was cut off, as far as it came.

    Raises HardwareError: it is no WAV of 16 bits.
    """
    try:
        with wave.open(str(sound), "rb") as reader:
            shape, frames = reader.getparams(), reader.readframes(reader.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise HardwareError(f"{sound} is no WAV file, so it has no `volume`: {error}.") from None
    if shape.sampwidth != 2:
        raise HardwareError(f"{sound} has not 16 bits a sample, so it has no `volume`.")
    samples = array.array("h", frames[: len(frames) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    scaled = array.array("h", (sample * volume // 100 for sample in samples))
    if sys.byteorder == "big":
        scaled.byteswap()
    output = io.BytesIO()
    with wave.open(output, "wb") as writer:
        writer.setparams(shape)
        writer.writeframes(scaled.tobytes())
    return output.getvalue()
