"""A sound can be played more softly, and on a sound card of the owner's choice."""

import array
import sys
import time
import wave
from pathlib import Path

import pytest

from doorbell_client.errors import HardwareError
from doorbell_client.hardware.chime import FileChime, find_players
from doorbell_client.hardware.sound import LONGEST_SECONDS, length_of, softer


def wav(file: Path, samples: list[int], width: int = 2) -> Path:
    with wave.open(str(file), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(width)
        writer.setframerate(8000)
        writer.writeframes(array.array("h" if width == 2 else "b", samples).tobytes())
    return file


def samples_of(file: Path) -> list[int]:
    with wave.open(str(file), "rb") as reader:
        return array.array("h", reader.readframes(reader.getnframes())).tolist()


@pytest.mark.parametrize(
    ("volume", "expected"), [(50, [0, 500, -500, 16383, -16384]), (1, [0, 10, -10, 327, -328])]
)
def test_samples_are_scaled(tmp_path: Path, volume: int, expected: list[int]) -> None:
    loud = wav(tmp_path / "loud.wav", [0, 1000, -1000, 32767, -32768])
    (tmp_path / "soft.wav").write_bytes(softer(loud, volume))
    assert samples_of(tmp_path / "soft.wav") == expected


def test_what_has_no_volume_is_named(tmp_path: Path) -> None:
    (tmp_path / "song.mp3").write_bytes(b"ID3 no wave")
    with pytest.raises(HardwareError, match="no WAV"):
        softer(tmp_path / "song.mp3", 50)
    with pytest.raises(HardwareError, match="16 bits"):
        softer(wav(tmp_path / "eight.wav", [1, 2], width=1), 50)


@pytest.mark.parametrize("cut", [1, 2, 3])
def test_a_sound_that_was_cut_off_is_played_as_far_as_it_came(tmp_path: Path, cut: int) -> None:
    """Also in the middle of a sample, as a full disk or a broken copy leaves it."""
    loud = wav(tmp_path / "loud.wav", [1000, 2000, 3000])
    loud.write_bytes(loud.read_bytes()[:-cut])
    (tmp_path / "soft.wav").write_bytes(softer(loud, 50))
    whole = [500, 1000, 1500][: (6 - cut) // 2]
    assert samples_of(tmp_path / "soft.wav") == whole


def test_the_player_gets_the_softer_sound(tmp_path: Path) -> None:
    loud, played = wav(tmp_path / "loud.wav", [1000]), tmp_path / "played.wav"
    copy = f"import shutil, sys; shutil.copy(sys.argv[1], {str(played) + '.part'!r})"
    done = f"; import os; os.rename({str(played) + '.part'!r}, {str(played)!r})"
    chime = FileChime(loud, [[sys.executable, "-c", copy + done]], volume=20)
    chime.ring()
    deadline = time.monotonic() + 10
    while not played.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    chime.close()
    assert samples_of(played) == [200]


def test_a_door_that_starts_again_and_again_fills_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = tmp_path / "run"
    runtime.mkdir()
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(runtime))
    loud = wav(tmp_path / "loud.wav", [1000])
    for _ in range(3):
        FileChime(loud, [["true"]], volume=20)  # killed: nothing is closed
    assert len(list(runtime.iterdir())) == 1


def test_where_no_copy_can_be_written_it_sounds_as_loud_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path / "absent"))
    loud, played = wav(tmp_path / "loud.wav", [1000]), tmp_path / "played"
    program = f"import sys; open({str(played)!r}, 'w').write(sys.argv[1])"
    FileChime(loud, [[sys.executable, "-c", program]], volume=20).ring()
    deadline = time.monotonic() + 10
    while not (played.exists() and played.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert played.read_text() == str(loud)


def test_a_sound_card_is_played_on_by_the_player_that_knows_it_and_else_the_usual_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("doorbell_client.hardware.chime.which", lambda name: f"/usr/bin/{name}")
    named, *usual = find_players("plughw:1,0")
    assert named == ("/usr/bin/aplay", "-q", "-D", "plughw:1,0")
    assert usual == find_players()
    monkeypatch.setattr("doorbell_client.hardware.chime.which", lambda name: None)
    with pytest.raises(HardwareError, match="alsa-utils"):
        find_players("plughw:1,0")


@pytest.mark.parametrize(("frames", "seconds"), [(4000, 0.5), (8000 * 61, LONGEST_SECONDS)])
def test_a_sound_has_a_length(tmp_path: Path, frames: int, seconds: float) -> None:
    assert length_of(wav(tmp_path / "ding.wav", [0] * frames)) == seconds


@pytest.mark.parametrize("content", [b"", b"ID3 no wave"])
def test_a_sound_of_unknown_length_may_play_for_the_longest(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "song.mp3").write_bytes(content)
    assert length_of(tmp_path / "song.mp3") == LONGEST_SECONDS
