"""A plain ding-dong as a sound file: what is played when the configured bell cannot sound."""

import math
import tempfile
import wave
from array import array
from pathlib import Path
from typing import Final

from doorbell_client.hardware.tune import DING_DONG

RATE: Final = 16_000
"""Samples a second; the notes are far below half of it."""

LOUDNESS: Final = 24_000
"""Of 32,767."""


def spare_sound(folder: Path | None = None) -> Path:
    """Write it into `folder`, else where temporary files go. Raises OSError."""
    file = Path(folder or tempfile.mkdtemp(prefix="doorbell-")) / "ding-dong.wav"
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(_samples().tobytes())
    return file


def _samples() -> "array[int]":
    samples: array[int] = array("h")
    for hertz, seconds in DING_DONG.steps:
        count = round(seconds * RATE)
        step = 2 * math.pi * (hertz or 0.0) / RATE
        # Each note fades, as a struck bar does.
        samples.extend(
            round(LOUDNESS * (1 - at / count) * math.sin(step * at)) for at in range(count)
        )
    return samples
