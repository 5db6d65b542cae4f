"""A sound file, played more softly: not every player has a volume, so the samples are scaled."""

import array
import io
import sys
import wave
from pathlib import Path

from doorbell_client.errors import HardwareError


def softer(sound: Path, volume: int) -> bytes:
    """The WAV file `sound` at `volume` per cent. Raises HardwareError: it is no WAV of 16 bits."""
    try:
        with wave.open(str(sound), "rb") as reader:
            shape, frames = reader.getparams(), reader.readframes(reader.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise HardwareError(f"{sound} is no WAV file, so it has no `volume`: {error}.") from None
    if shape.sampwidth != 2:
        raise HardwareError(f"{sound} has not 16 bits a sample, so it has no `volume`.")
    samples = array.array("h", frames)
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
