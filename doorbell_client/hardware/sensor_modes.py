"""Which of a Raspberry Pi camera's sensor modes sees everything that the lens shows.

A sensor offers several modes, and some read only its middle. Left to itself, picamera2 takes the
mode whose size is nearest to the picture's: for 1280x720 that is a cropped one on the camera
modules 1, 2 and 3, which shows 58 to 74 per cent of the width.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

Mode: TypeAlias = Mapping[str, Any]
"""One entry of `Picamera2.sensor_modes`: `size`, `bit_depth`, `fps`, and `crop_limits`, which are
left, top, width and height of the part of the sensor that is read."""


def full_view_mode(
    modes: Iterable[Mode], size: tuple[int, int], frames_per_second: float
) -> Mode | None:
    """The mode that sees the most; None for a camera that is no sensor of a Raspberry Pi.

    Of several: one that is fast enough, then one that has at least the pixels of `size`, then the
    smallest, which is the quickest to read, then the one with the most bits.
    """
    known = [mode for mode in modes if "crop_limits" in mode]
    if not known:
        return None
    widest = max(map(_seen, known))
    return min(
        (mode for mode in known if _seen(mode) == widest),
        key=lambda mode: (
            mode["fps"] < frames_per_second,
            mode["size"][0] < size[0] or mode["size"][1] < size[1],
            mode["size"][0] * mode["size"][1],
            -mode["bit_depth"],
        ),
    )


def _seen(mode: Mode) -> int:
    _, _, width, height = mode["crop_limits"]
    return int(width * height)
