"""What the terminal door has to show: lamps that blink like LEDs, and a small picture."""

import io
import sys

import pytest
from PIL import Image

from doorbell_client.door.parts import Mood
from doorbell_client.hardware.lights import BOTH, BUTTON, DARK, STATUS
from doorbell_client.terminal.view import lights_at, thumbnail


@pytest.mark.parametrize(
    ("mood", "seconds", "lights"),
    [
        (Mood.READY, 100, STATUS),
        (Mood.OPEN, 0, BOTH),
        (Mood.OFF, 3, DARK),
        (Mood.CAPTURING, 0.01, BUTTON),
        (Mood.CAPTURING, 0.07, DARK),
        (Mood.CAPTURING, 12.01, BUTTON),
        (Mood.ERROR, 1.9, STATUS),
        (Mood.ERROR, 2.5, DARK),
        (Mood.ERROR, 3.5, STATUS),
        (Mood.ERROR, 4.5, DARK),
        (Mood.OFFLINE, 0.3, STATUS),
        (Mood.OFFLINE, 1.0, DARK),
    ],
)
def test_the_lamps_blink_like_the_leds(mood: Mood, seconds: float, lights: object) -> None:
    assert lights_at(mood, seconds) == lights


def test_a_picture_is_made_small_and_what_is_none_is_only_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    output = io.BytesIO()
    Image.new("RGB", (640, 480), (255, 0, 0)).save(output, "JPEG")
    picture = thumbnail(output.getvalue(), "red.jpeg")
    assert len(picture.pixels) == 24
    assert {len(row) for row in picture.pixels} == {32}
    assert picture.pixels[0][0][0] > 240
    assert thumbnail(b"no picture", "x").pixels == ()
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert thumbnail(output.getvalue(), "red.jpeg").pixels == ()
