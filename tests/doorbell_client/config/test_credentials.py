"""The token stays secret, and is only sent where nobody else reads it."""

from pathlib import Path

import pytest

from doorbell_client.config.credentials import (
    Credentials,
    check_url,
    from_environment,
    from_stack,
    read_token,
)
from doorbell_client.config.validators import is_safe_url
from doorbell_client.errors import ConfigError


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text("home.front.secret\n")
    file.chmod(0o600)
    return file


def test_the_token_is_read_without_its_line_end(token_file: Path) -> None:
    assert read_token(token_file) == "home.front.secret"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_token_that_others_may_read_is_refused_with_the_mend(token_file: Path, mode: int) -> None:
    token_file.chmod(mode)
    with pytest.raises(ConfigError, match=f"chmod 600 {token_file}"):
        read_token(token_file)


@pytest.mark.parametrize("content", ["", "two words", "line\nline", "x" * 600])
def test_what_is_no_token_is_refused_without_being_shown(token_file: Path, content: str) -> None:
    token_file.write_text(content)
    with pytest.raises(ConfigError, match="holds no token") as caught:
        read_token(token_file)
    assert not content or content not in str(caught.value)


def test_a_missing_token_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_token(tmp_path / "token")


def test_a_token_file_that_is_roots_says_to_use_sudo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(ConfigError, match=r"Permission denied\. Run this with sudo\."):
        read_token(tmp_path / "token")


def test_the_environment_may_hold_the_token(tmp_path: Path) -> None:
    found = from_environment({"DOORBELL_TOKEN": "a.b.c\n"}, "wss://x", tmp_path / "missing")
    assert found == Credentials("wss://x", "a.b.c")


def test_the_service_gets_the_token_from_systemd_and_need_not_read_the_file(
    tmp_path: Path,
) -> None:
    copy = tmp_path / "token"
    copy.write_text("a.b.c\n")
    copy.chmod(0o440)  # how a credential looks that an access list opens to the service
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    found = from_environment(environment, "wss://x", Path("/etc/doorbell/token"))
    assert found == Credentials("wss://x", "a.b.c")
    copy.write_text("no token")
    with pytest.raises(ConfigError, match="The token file /etc/doorbell/token holds no token"):
        from_environment(environment, "wss://x", Path("/etc/doorbell/token"))


def test_a_token_is_not_printed_with_its_credentials() -> None:
    assert "secret" not in repr(Credentials("wss://x", "home.front.secret"))


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("wss://house.example/prod", True),
        ("ws://127.0.0.1:8000/prod", True),
        ("ws://[::1]:8000/", True),
        ("ws://localhost/", True),
        ("ws://api.localhost:4566/prod", True),
        ("ws://house.example/", False),
        ("ws://127.0.0.1.house.example/", False),
        ("ws://localhost.house.example/", False),
        ("ws://10.0.0.1/", False),
        ("http://127.0.0.1/", False),
        ("wss://user:password@house.example/", False),
        ("wss://", False),
        ("wss://[", False),
        ("wss://house.example:port/", False),
        ("wss://house.example/a b", False),
        ("", False),
    ],
)
def test_a_token_goes_only_over_tls_or_within_this_machine(url: str, safe: bool) -> None:
    assert is_safe_url(url, "wss", "ws") is safe


def test_a_wrong_url_is_named_without_its_query() -> None:
    with pytest.raises(ConfigError, match="expected a wss://") as caught:
        check_url("wss://house.example/?token=home.front.secret", "--url")
    assert "secret" not in str(caught.value)


def test_a_running_stack_names_its_url_and_tokens(tmp_path: Path) -> None:
    file = tmp_path / "stack.json"
    file.write_text('{"websocket": "ws://127.0.0.1:1/x", "tokens": {"door": "d", "phone": "p"}}')
    assert from_stack(file, "phone") == Credentials("ws://127.0.0.1:1/x", "p")


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"websocket": "ws://127.0.0.1", "tokens": 3}']
)
def test_a_file_that_no_stack_wrote_is_named(tmp_path: Path, content: str) -> None:
    file = tmp_path / "stack.json"
    file.write_text(content)
    with pytest.raises(ConfigError, match="not what `make up` writes"):
        from_stack(file, "door")
    with pytest.raises(ConfigError, match="cannot be read"):
        from_stack(tmp_path / "none.json", "door")
