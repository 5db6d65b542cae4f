"""What an owner wrote is taken, or named: file, line, and what was expected."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from doorbell_client.config.keys import Key, all_keys, keys_of, sections
from doorbell_client.config.reader import load
from doorbell_client.config.schema import Config
from doorbell_client.errors import ConfigError

GOOD = """\
[cloud]
url = "wss://house.example/prod"
token_file = "/etc/doorbell/token"
[camera]
kind = "picamera2"
width = 640
[keypad]
rows = [5, 6, 13, 19]
columns = [12, 16, 20]
[strike]
pin = 7
active_high = false
max_seconds = 7
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "doorbell.toml"


def refusal(file: Path, content: str) -> str:
    file.write_text(content)
    with pytest.raises(ConfigError) as caught:
        load(file, {})
    return str(caught.value)


def test_a_whole_configuration_is_read(file: Path) -> None:
    file.write_text(GOOD)
    config = load(file, {})
    assert config.cloud.url == "wss://house.example/prod"
    assert config.cloud.token_file == Path("/etc/doorbell/token")
    assert config.camera.width == 640
    assert config.keypad.rows == (5, 6, 13, 19)
    assert (config.strike.pin, config.strike.active_high) == (7, False)
    assert config.strike.max_seconds == 7.0


def test_nothing_is_a_configuration_too() -> None:
    assert load(None, {}) == Config()


def test_relative_paths_lie_beside_the_configuration(file: Path) -> None:
    file.write_text('[spool]\nfolder = "presses"\n')
    config = load(file, {})
    assert config.spool.folder == file.parent / "presses"
    assert config.cloud.token_file == file.parent / "token"


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("[camera]\n\nwidth = 9\n", 3, "a whole number from 160 to 4096"),
        ("[camera]\nwidth = true\n", 2, "a whole number"),
        ("[strike]\nmax_seconds = nan\n", 2, "a number from 1 to 30"),
        ("# hi\n[kamera]\n", 2, "one of the sections cloud, door"),
        ("[camera]\nhight = 3\n", 2, "one of the keys kind, width, height"),
        ("strike = 3\n", 1, "[strike] and keys below it"),
        ('[cloud]\nurl = "ws://house.example/"\n', 2, "a wss:// URL"),
        ('[cloud]\nurl = "wss://house.example/?token=x"\n', 2, "without a token"),
        ("[keypad]\nrows = [1, 2, 3]\n", 2, "4 different numbers"),
        ("[keypad]\nrows = [1, 2, 3, 28]\n", 2, "4 different numbers from 0 to 27"),
        ("[keypad]\nrows = [1, 2, 3, 3]\ncolumns = [4, 5, 6]\n", 2, "a pin of its own"),
        ("[button]\npin = 17.0\n", 2, "a whole number from 0 to 27"),
        ('[button]\npin = "17"\n', 2, "a whole number from 0 to 27"),
        ('[camera]\nfolder = ""\n', 2, "a path in quotes"),
        ('[chime]\nkind = "gong"\n', 2, "one of "),
        ('[gong]\nactive_high = "yes"\n', 2, "true or false"),
        ("[camera]\nwidth = '''\nheight = 3'''\n", 2, "a whole number"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    file: Path, content: str, line: int, words: str
) -> None:
    told = refusal(file, content)
    assert told.startswith(f"{file}, line {line}: ")
    assert words in told


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("[button]\npin = 17\n[strike]\n\npin = 17\n", 5, "GPIO 17, as does `pin` in [button]"),
        ("[button]\npin = 5\n[keypad]\nrows = [2, 3, 4, 5]\ncolumns = [6, 7, 8]\n", 4, "GPIO 5"),
        ("[keypad]\nrows = [2, 3, 4, 5]\n", 2, "no `columns`; expected both"),
        ("[keypad]\n\ncolumns = [2, 3, 4]\n", 3, "no `rows`; expected both"),
        ('[chime]\nkind = "tone"\n', 2, "without a `pin`; expected the piezo's"),
        ('[chime]\nkind = "file"\n', 2, "without a `file`; expected a sound"),
        ("[strike]\npin = 8\n", 2, "the door would open; expected one of GPIO9 to GPIO27"),
        (
            "[strike]\npin = 24\nactive_high = false\n",
            2,
            "the door would open; expected one of GPIO0 to GPIO8",
        ),
    ],
)
def test_what_is_only_wrong_together_is_named_with_its_line(
    file: Path, content: str, line: int, words: str
) -> None:
    told = refusal(file, content)
    assert told.startswith(f"{file}, line {line}: ")
    assert words in told


def test_a_pin_that_the_environment_names_twice_is_named_by_its_variable(file: Path) -> None:
    file.write_text("[button]\npin = 17\n")
    with pytest.raises(ConfigError, match=r"^DOORBELL_GONG_PIN: .*GPIO 17, as does `pin` in"):
        load(file, {"DOORBELL_GONG_PIN": "17"})
    with pytest.raises(ConfigError, match=r"^DOORBELL_CHIME_KIND: "):
        load(None, {"DOORBELL_CHIME_KIND": "tone"})


@pytest.mark.parametrize(
    ("content", "sound"),
    [
        ("", "terminal"),
        ("pin = 12", "tone"),
        ('file = "ding.wav"', "file"),
        ('pin = 12\nfile = "ding.wav"', "tone"),
        ('pin = 12\nkind = "none"', "none"),
    ],
)
def test_a_chime_sounds_with_what_it_was_given(file: Path, content: str, sound: str) -> None:
    file.write_text(f"[chime]\n{content}\n")
    assert load(file, {}).chime.sound == sound


def test_a_pin_of_a_part_that_is_not_used_may_stand_there(file: Path) -> None:
    file.write_text('[button]\npin = 17\n[chime]\nkind = "terminal"\npin = 17\n[strike]\npin=24')
    assert load(file, {}).strike.pin == 24


@pytest.mark.parametrize("content", ["[camera", "a = 1\na = 2\n", "x = " + "[" * 5000])
def test_what_is_no_toml_is_named(file: Path, content: str) -> None:
    assert str(file) in refusal(file, content)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "missing.toml", {})
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="UTF-8"):
        load(tmp_path / "binary", {})
    (tmp_path / "large").write_bytes(b"#" * 70_000)
    with pytest.raises(ConfigError, match="longer"):
        load(tmp_path / "large", {})


WORD = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(above=st.integers(0, 20), section=st.sampled_from(sorted(sections())), key=WORD)
def test_an_unknown_key_is_named_wherever_it_stands(
    file: Path, above: int, section: str, key: str
) -> None:
    if key in keys_of(section):
        return
    told = refusal(file, "# nothing\n" * above + f"[{section}]\n{key} = 1\n")
    assert f"line {above + 2}: [{section}] has no key `{key}`" in told


VALUES = st.one_of(
    st.none().map(lambda _: "[]"),
    st.booleans().map(lambda b: str(b).lower()),
    st.integers().map(str),
    st.floats(allow_nan=True).map(lambda f: repr(f) if "e" not in repr(f) else "1.5"),
    st.text(st.characters(codec="ascii", exclude_categories=["C"])).map(lambda t: repr([t])[1:-1]),
    st.lists(st.integers(0, 40), max_size=5).map(str),
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None
)
@given(data=st.data())
def test_any_value_is_taken_or_named_and_never_crashes(file: Path, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(list(all_keys())))
    file.write_text(f"[{key.section}]\n{key.name} = {data.draw(VALUES)}\n")
    with contextlib.suppress(ConfigError):
        assert isinstance(load(file, {}), Config)


def test_every_key_has_an_environment_variable_that_counts_more(file: Path) -> None:
    file.write_text(GOOD)
    environment = {
        "DOORBELL_CAMERA_WIDTH": "800",
        "DOORBELL_KEYPAD_ROWS": "1, 2, 3, 4",
        "DOORBELL_STRIKE_ACTIVE_HIGH": "true",
        "DOORBELL_STRIKE_PIN": "24",
        "DOORBELL_CAMERA_ROTATION": "180",
        "DOORBELL_SPOOL_MAX_AGE": "3600",
        "DOORBELL_CLOUD_URL": "ws://127.0.0.1:4566/prod",
    }
    config = load(file, environment)
    assert config.camera.width == 800
    assert config.keypad.rows == (1, 2, 3, 4)
    assert (config.strike.pin, config.strike.active_high) == (24, True)
    assert config.camera.rotation == 180
    assert config.spool.max_age == 3600.0
    assert config.cloud.url == "ws://127.0.0.1:4566/prod"


NOT_TEXT = [key for key in all_keys() if not key.expected.endswith("in quotes")]


@pytest.mark.parametrize("key", NOT_TEXT, ids=lambda key: key.variable)
def test_a_wrong_variable_is_named_with_what_was_expected(key: Key) -> None:
    with pytest.raises(ConfigError) as caught:
        load(None, {key.variable: "so!"})
    told = str(caught.value)
    assert told.startswith(key.variable)
    assert "cannot be 'so!'" in told
    assert told.endswith(f"expected {key.expected}.")


SECRET = "s3cret-s3cret-s3cret-s3cret"


@pytest.mark.parametrize(
    "value",
    [
        f"wss://house.example/prod?token=home.front.{SECRET}",
        f"wss://house.example/prod?ring=1&token={SECRET}",
        f"wss://me:{SECRET}@house.example/",
        f"ws://house.example/#{SECRET}",
        f"home.front.{SECRET}",
    ],
)
def test_a_secret_that_stands_in_the_wrong_place_is_not_printed(file: Path, value: str) -> None:
    for content in (f'[cloud]\nurl = "{value}"\n', f'[door]\nparts = "{value}"\n'):
        assert SECRET[:8] not in refusal(file, content)
    with pytest.raises(ConfigError) as caught:
        load(None, {"DOORBELL_CLOUD_URL": value})
    assert SECRET[:8] not in str(caught.value)
