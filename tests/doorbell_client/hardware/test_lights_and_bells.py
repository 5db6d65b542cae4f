"""Patterns on mock pins, sampled over time; tones; strokes of the gong."""

import io
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from gpiozero.pins.mock import MockFactory

from doorbell_client.door.parts import Mood
from doorbell_client.errors import HardwareError
from doorbell_client.hardware import chime
from doorbell_client.hardware.absent import NoBell, NoLights, NoSource
from doorbell_client.hardware.chime import FileChime, TerminalBell, ToneChime
from doorbell_client.hardware.gong import REST_SECONDS, RelayGong
from doorbell_client.hardware.lights import PATTERNS, LedLights
from doorbell_client.hardware.sequence import Pattern, Sequencer, Step

STATUS, BUTTON, CHIME, GONG = 5, 6, 12, 25

Wait = Callable[[Callable[[], bool]], None]


def changes(pin: object, count: int) -> list[tuple[int, float]]:
    """The first states of a pin and for how long each was held, in seconds."""
    states = pin.states[1 : count + 2]  # type: ignore[attr-defined]
    return [
        (int(state.state), round(following.timestamp, 3)) for state, following in pairwise(states)
    ]


@pytest.mark.parametrize(
    ("mood", "status", "button"),
    [(Mood.READY, 1, 0), (Mood.OPEN, 1, 1), (Mood.OFF, 0, 0)],
)
def test_steady_moods_are_steady(pins: MockFactory, mood: Mood, status: int, button: int) -> None:
    lights = LedLights(STATUS, BUTTON, pace=0.1)
    lights.show(mood)
    time.sleep(0.25)
    assert (pins.pin(STATUS).state, pins.pin(BUTTON).state) == (status, button)
    assert len(pins.pin(STATUS).states) <= 2
    lights.close()


@pytest.mark.parametrize(
    ("mood", "pin", "held"),
    [
        (Mood.CAPTURING, BUTTON, [(1, 0.06), (0, 0.06), (1, 0.06), (0, 0.06)]),
        (Mood.WAITING, STATUS, [(1, 0.2), (0, 0.2), (1, 0.2)]),
        (Mood.WELCOME, BUTTON, [(1, 0.4), (0, 0.4), (1, 0.4)]),
        (Mood.OFFLINE, STATUS, [(1, 0.1), (0, 0.15), (1, 0.1), (0, 1.65)]),
        (Mood.ERROR, STATUS, [(1, 1.0), (0, 0.5), (1, 0.5), (0, 0.5)]),
    ],
)
def test_blinking_moods_keep_their_rhythm(
    pins: MockFactory, eventually: Wait, mood: Mood, pin: int, held: list[tuple[int, float]]
) -> None:
    pace = 0.5 if mood in (Mood.WAITING, Mood.WELCOME, Mood.ERROR) else 1
    lights = LedLights(STATUS, BUTTON, pace=pace)
    lights.show(mood)
    eventually(lambda: len(pins.pin(pin).states) >= len(held) + 2)
    seen = changes(pins.pin(pin), len(held))
    assert [state for state, _ in seen] == [state for state, _ in held]
    for (_, seconds), (_, expected) in zip(seen, held, strict=True):
        assert seconds == pytest.approx(expected, abs=0.05)
    lights.close()


def test_a_new_mood_shows_at_once_and_the_same_mood_goes_on_undisturbed(
    pins: MockFactory, eventually: Wait
) -> None:
    lights = LedLights(STATUS, BUTTON)
    lights.show(Mood.WAITING)
    lights.show(Mood.WAITING)
    lights.show(Mood.OPEN)
    before = time.monotonic()
    eventually(lambda: pins.pin(BUTTON).state == 1)
    assert time.monotonic() - before < 0.6
    lights.close()


def test_every_mood_has_a_pattern_and_closing_leaves_the_lights_dark(pins: MockFactory) -> None:
    assert set(PATTERNS) == set(Mood)
    lights = LedLights(STATUS, BUTTON)
    for mood in Mood:
        lights.show(mood)
    lights.close()
    assert pins.pin(STATUS).function == pins.pin(BUTTON).function == "input"


def test_a_taken_button_light_frees_the_status_light(pins: MockFactory) -> None:
    with pytest.raises(HardwareError, match="button's light on GPIO 5"):
        LedLights(STATUS, STATUS)
    LedLights(STATUS, BUTTON).close()


def test_the_chime_sings_ding_then_dong_without_blocking(
    pins: MockFactory, eventually: Wait
) -> None:
    bell = ToneChime(CHIME)
    pin = pins.pin(CHIME)
    before = time.monotonic()
    bell.ring()
    assert time.monotonic() - before < 0.5
    eventually(lambda: pin.frequency == pytest.approx(659.3))
    eventually(lambda: pin.frequency == pytest.approx(523.3))
    eventually(lambda: pin.frequency is None)
    assert 0.8 < time.monotonic() - before < 5
    bell.close()


def test_ringing_again_starts_anew_and_a_key_does_not_cut_the_bell_short(
    pins: MockFactory, eventually: Wait
) -> None:
    bell = ToneChime(CHIME)
    pin = pins.pin(CHIME)
    bell.ring()
    eventually(lambda: pin.frequency == pytest.approx(523.3))
    bell.ring()
    eventually(lambda: pin.frequency == pytest.approx(659.3))
    bell.beep()
    time.sleep(0.05)
    assert pin.frequency == pytest.approx(659.3)
    eventually(lambda: pin.frequency == pytest.approx(523.3))
    eventually(lambda: pin.frequency is None)
    bell.close()


def test_a_key_ticks(pins: MockFactory, eventually: Wait) -> None:
    bell = ToneChime(CHIME)
    bell.beep()
    eventually(lambda: pins.pin(CHIME).frequency == pytest.approx(880))
    eventually(lambda: pins.pin(CHIME).frequency is None)
    bell.beep()
    eventually(lambda: pins.pin(CHIME).frequency == pytest.approx(880))
    bell.close()


@pytest.mark.parametrize("active_high", [True, False])
def test_the_gong_is_struck_once_a_ring(
    pins: MockFactory, eventually: Wait, active_high: bool
) -> None:
    pin = pins.pin(GONG)
    gong = RelayGong(GONG, active_high=active_high, pulse=0.15)
    on, off = active_high, not active_high
    assert pin.state == off
    pin.clear_states()
    gong.ring()
    gong.beep()
    eventually(lambda: len(pin.states) == 3)
    assert [bool(state.state) for state in pin.states] == [off, on, off]
    assert pin.states[2].timestamp == pytest.approx(0.15, abs=0.07)
    gong.close()


def test_a_gong_that_sounds_is_let_go_before_it_is_struck_anew(
    pins: MockFactory, eventually: Wait
) -> None:
    gong = RelayGong(GONG, pulse=0.3)
    pin = pins.pin(GONG)
    gong.ring()
    eventually(lambda: pin.state == 1)
    gong.ring()
    eventually(lambda: len(pin.states) == 5)
    assert [int(state.state) for state in pin.states] == [0, 1, 0, 1, 0]
    assert pin.states[3].timestamp == pytest.approx(REST_SECONDS, abs=0.07)
    gong.close()


MUTE = [sys.executable, "-c", "raise SystemExit(3)"]

PLAYER = """
import sys, pathlib, time
pathlib.Path(sys.argv[1]).open("a").write("started\\n")
time.sleep(60)
"""


def test_a_sound_file_plays_off_the_thread_and_starts_anew(
    tmp_path: Path, eventually: Wait
) -> None:
    sound, script = tmp_path / "ding.wav", tmp_path / "player.py"
    sound.touch()
    script.write_text(PLAYER)
    bell = FileChime(sound, [[sys.executable, str(script)]])
    before = time.monotonic()
    bell.ring()
    bell.beep()
    assert time.monotonic() - before < 0.5
    eventually(lambda: sound.read_text().count("started") == 1)
    bell.ring()
    eventually(lambda: sound.read_text().count("started") == 2)
    bell.close()
    eventually(lambda: not any(t.name == "chime-player" for t in threading.enumerate()))


def test_a_player_that_fails_is_logged_and_the_door_goes_on(
    tmp_path: Path, eventually: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    sound = tmp_path / "ding.wav"
    sound.touch()
    FileChime(sound, [[str(tmp_path / "absent")]]).ring()
    eventually(lambda: "does not start" in caplog.text)
    FileChime(sound, [MUTE]).ring()
    eventually(lambda: "player failed" in caplog.text and "the bell is silent" in caplog.text)


def test_where_a_player_is_mute_the_next_one_plays_and_is_first_from_then_on(
    tmp_path: Path, eventually: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    sound, played = tmp_path / "ding.wav", tmp_path / "played"
    sound.touch()
    plays = [sys.executable, "-c", f"open({str(played)!r}, 'a').write('x')"]
    bell = FileChime(sound, [MUTE, plays])
    for count in (1, 2):
        bell.ring()
        eventually(lambda: played.exists() and len(played.read_text()) == count)  # noqa: B023
        eventually(lambda: not any(t.name == "chime-player" for t in threading.enumerate()))
    assert caplog.text.count("player failed") == 1
    bell.close()


def test_a_card_that_is_named_is_asked_first_at_every_ring(
    tmp_path: Path, eventually: Wait
) -> None:
    """It may come back; the usual card, which nobody may hear, sounds in its place until then."""
    sound, card, played = tmp_path / "ding.wav", tmp_path / "card", tmp_path / "played"
    sound.touch()
    named = [sys.executable, "-c", f"open({str(card)!r}, 'r+').write('x')"]
    usual = [sys.executable, "-c", f"open({str(played)!r}, 'a').write('x')"]
    bell = FileChime(sound, [named, usual], device="plughw:1,0")
    for count in (1, 2):
        bell.ring()
        eventually(lambda: played.exists() and len(played.read_text()) == count)  # noqa: B023
        eventually(lambda: not any(t.name == "chime-player" for t in threading.enumerate()))
    card.touch()
    bell.ring()
    eventually(lambda: card.read_text() == "x")
    eventually(lambda: not any(t.name == "chime-player" for t in threading.enumerate()))
    assert played.read_text() == "xx"
    bell.close()


def test_a_player_that_hangs_is_ended_and_the_next_one_plays(
    tmp_path: Path,
    eventually: Wait,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("doorbell_client.hardware.chime.length_of", lambda sound: 0.5)
    monkeypatch.setattr("doorbell_client.hardware.chime.SLACK_SECONDS", 0.5)
    sound, pids, played = tmp_path / "ding.wav", tmp_path / "pids", tmp_path / "played"
    sound.touch()
    hangs = ["sh", "-c", f"echo $$ >> {pids}; exec sleep 60"]
    plays = ["sh", "-c", f"echo x >> {played}"]
    bell = FileChime(sound, [hangs, plays])
    for count in (1, 2):
        bell.ring()
        eventually(lambda: played.exists() and played.read_text() == "x\n" * count)  # noqa: B023
        eventually(lambda: not any(t.name == "chime-player" for t in threading.enumerate()))
    assert caplog.text.count("player hangs:") == 1, "it is asked last from then on"
    [pid] = pids.read_text().split()
    assert not Path(f"/proc/{pid}").exists(), "it is gone"
    bell.close()


def test_a_missing_sound_or_player_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(HardwareError, match="not a file"):
        FileChime(tmp_path / "absent.wav")
    monkeypatch.setattr(chime, "which", lambda _: None)
    with pytest.raises(HardwareError, match="aplay"):
        chime.find_players()
    monkeypatch.setattr(chime, "which", lambda name: f"/bin/{name}")
    assert chime.find_players()[0] == ("/bin/pw-play",)


def test_the_terminals_bell_is_one_character_and_a_lost_terminal_harms_nobody() -> None:
    terminal = io.StringIO()
    bell = TerminalBell(terminal)
    bell.ring()
    bell.beep()
    assert terminal.getvalue() == "\a"
    terminal.close()
    bell.ring()
    bell.close()


def test_absent_parts_do_nothing() -> None:
    source, lights, bell = NoSource(), NoLights(), NoBell()
    source.start(lambda _: None)
    lights.show(Mood.OPEN)
    bell.ring()
    bell.beep()
    for part in (source, lights, bell):
        part.close()


def test_a_step_that_fails_does_not_end_the_sequencer(
    eventually: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    played: list[int] = []

    def apply(state: int) -> None:
        if state < 0:
            raise OSError("pin lost")
        played.append(state)

    sequencer: Sequencer[int] = Sequencer("test", apply)
    sequencer.play(Pattern([Step(-1, 0)]))
    eventually(lambda: "the hardware refused" in caplog.text)
    sequencer.play(Pattern([Step(7, 0)]))
    eventually(lambda: played == [7])
    sequencer.close()
