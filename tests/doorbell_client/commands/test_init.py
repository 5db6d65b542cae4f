"""`doorbell init` writes what the door then reads."""

from pathlib import Path

import pytest

from doorbell_client.commands.init import Questions, Wanted, init
from doorbell_client.config import reader
from doorbell_client.config.credentials import read_token
from doorbell_client.errors import ConfigError

URL = "wss://house.example/prod"


def test_flags_are_written_down_and_the_token_is_nobody_elses(tmp_path: Path) -> None:
    file = init(Wanted(URL, "home.front.secret", file=tmp_path / "etc" / "doorbell.toml"))
    read = reader.load(file, {})
    assert read.cloud.url == URL
    assert read.door.parts == "hardware"
    assert read_token(read.cloud.token_file) == "home.front.secret"
    assert read.cloud.token_file.stat().st_mode & 0o777 == 0o600
    assert "secret" not in file.read_text()


def test_what_was_not_told_is_asked(tmp_path: Path) -> None:
    questions = Questions(lambda text: f" {URL}\n", lambda text: "home.front.secret")
    file = init(Wanted(file=tmp_path / "doorbell.toml"), questions)
    assert reader.load(file, {}).cloud.url == URL


def test_the_environment_may_answer_and_the_command_line_counts_more(tmp_path: Path) -> None:
    environment = {
        "DOORBELL_CONFIG": str(tmp_path / "named.toml"),
        "DOORBELL_CLOUD_URL": URL,
        "DOORBELL_TOKEN": "home.front.secret",
    }
    file = init(Wanted().completed(environment))
    assert file == tmp_path / "named.toml"
    assert reader.load(file, {}).cloud.url == URL
    assert read_token(tmp_path / "token") == "home.front.secret"
    told = Wanted("wss://other.example/", "a.b.c", file=tmp_path / "x.toml")
    assert told.completed(environment) == told


def test_a_running_stack_may_answer(tmp_path: Path) -> None:
    stack = tmp_path / "stack.json"
    stack.write_text('{"websocket": "ws://127.0.0.1:5/prod", "tokens": {"door": "h.d.s"}}')
    file = init(Wanted(stack=stack, file=tmp_path / "doorbell.toml", simulated=True))
    assert reader.load(file, {}).cloud.url == "ws://127.0.0.1:5/prod"
    assert reader.load(file, {}).door.parts == "simulated"


def test_what_the_owner_wrote_is_kept_and_gets_a_new_token(tmp_path: Path) -> None:
    wanted = Wanted(URL, "a.b.c", file=tmp_path / "doorbell.toml")
    file = init(wanted)
    file.write_text(f'[cloud]\nurl = "{URL}"\n[button]\npin = 17\n')
    init(wanted._replace(url=None, token="a.b.d"))
    assert reader.load(file, {}).button.pin == 17
    assert read_token(tmp_path / "token") == "a.b.d"
    init(wanted._replace(overwrite=True))
    assert reader.load(file, {}).button.pin is None


def test_typed_twice_it_keeps_the_token_too(tmp_path: Path) -> None:
    asked: list[str] = []

    def enter(question: str) -> str:
        asked.append(question)
        return ""

    wanted = Wanted(URL, "a.b.c", file=tmp_path / "doorbell.toml")
    init(wanted)
    init(Wanted(file=wanted.file), Questions(enter, enter))
    assert read_token(tmp_path / "token") == "a.b.c"
    assert len(asked) == 1
    assert "Enter keeps" in asked[0]
    init(Wanted(file=wanted.file))  # nobody can be asked: nothing is lost
    assert read_token(tmp_path / "token") == "a.b.c"


def test_a_configuration_of_another_stack_is_not_given_a_strange_token(tmp_path: Path) -> None:
    wanted = Wanted(URL, "a.b.c", file=tmp_path / "doorbell.toml")
    init(wanted)
    with pytest.raises(ConfigError, match="another stack"):
        init(wanted._replace(url="wss://other.example/", token="x.y.z"))
    assert read_token(tmp_path / "token") == "a.b.c"


@pytest.mark.parametrize(("url", "token"), [("ws://house.example", "a.b.c"), (URL, "two words")])
def test_what_would_not_work_is_not_written(tmp_path: Path, url: str, token: str) -> None:
    with pytest.raises(ConfigError):
        init(Wanted(url, token, file=tmp_path / "doorbell.toml"))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        init(Wanted(URL, "a.b.c", file=tmp_path / "file" / "doorbell.toml"))
