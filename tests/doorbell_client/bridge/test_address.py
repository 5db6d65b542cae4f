"""A broker is named by a URL, its password by neither URL nor command line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.bridge.address import address
from doorbell_client.config.reader import load
from doorbell_client.config.schema import Bridge
from doorbell_client.config.validators import is_broker_url
from doorbell_client.errors import ConfigError
from tests.doorbell.aws.api.servers import write_certificate

SECRET = "hunter2-is-long"


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "broker-password"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    return file


@pytest.mark.parametrize(
    ("url", "host", "port", "tls"),
    [
        ("mqtt://127.0.0.1", "127.0.0.1", 1883, False),
        ("mqtt://broker.lan:1884/", "broker.lan", 1884, False),
        ("mqtts://homeassistant.local", "homeassistant.local", 8883, True),
        ("mqtts://[::1]:8884", "::1", 8884, True),
    ],
)
def test_the_scheme_says_port_and_encryption(url: str, host: str, port: int, tls: bool) -> None:
    found = address(Bridge(), url, {})
    assert (found.host, found.port, found.tls is not None) == (host, port, tls)


def test_the_command_line_counts_more_than_the_configuration() -> None:
    assert address(Bridge(broker="mqtt://a"), "mqtt://b", {}).host == "b"
    assert address(Bridge(broker="mqtt://a"), None, {}).host == "a"


def test_a_broker_must_be_named() -> None:
    with pytest.raises(ConfigError, match="No broker is configured"):
        address(Bridge(), None, {})


@pytest.mark.parametrize(
    "url",
    [
        f"mqtt://anna:{SECRET}@broker", f"mqtts://{SECRET}@broker", "http://broker", "broker",
        "mqtt://", "mqtt://broker:99999", "mqtt://broker/path", "mqtt://broker?x=1", "mqtt://a b",
        "mqtt://broker#x", "ws://broker",
    ],
)  # fmt: skip
def test_any_other_url_is_refused_and_no_password_in_it_is_repeated(url: str) -> None:
    with pytest.raises(ConfigError, match="expected mqtts://HOST or mqtt://HOST") as refused:
        address(Bridge(), url, {})
    assert SECRET not in str(refused.value)


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_none(text: str) -> None:
    is_broker_url(text)
    is_broker_url(f"mqtt://{text}")


def test_the_password_stands_in_a_file(password_file: Path) -> None:
    found = address(Bridge(user="doorbell", password_file=password_file), "mqtt://broker", {})
    assert (found.user, found.password) == ("doorbell", SECRET)
    assert SECRET not in repr(found)


def test_the_environment_counts_more_than_the_file(password_file: Path) -> None:
    config = Bridge(user="doorbell", password_file=password_file)
    found = address(config, "mqtt://broker", {"DOORBELL_BROKER_PASSWORD": "other"})
    assert found.password == "other"


def test_a_service_gets_the_password_from_systemd(tmp_path: Path, password_file: Path) -> None:
    password_file.chmod(0o440)
    config = Bridge(user="doorbell", password_file=Path("/nowhere"))
    found = address(config, "mqtt://broker", {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert found.password == SECRET


def test_without_a_user_no_password_is_looked_for() -> None:
    found = address(Bridge(password_file=Path("/nowhere")), "mqtt://broker", {})
    assert (found.user, found.password) == (None, None)


def test_a_password_file_that_others_may_read_is_refused(password_file: Path) -> None:
    password_file.chmod(0o644)
    with pytest.raises(ConfigError, match="open to others"):
        address(Bridge(user="doorbell", password_file=password_file), "mqtt://broker", {})


def test_an_empty_password_file_is_named(password_file: Path) -> None:
    password_file.write_text("\n")
    with pytest.raises(ConfigError, match="holds no password"):
        address(Bridge(user="doorbell", password_file=password_file), "mqtt://broker", {})


def test_an_authority_of_ones_own_is_read_and_a_wrong_file_named(tmp_path: Path) -> None:
    own = write_certificate(tmp_path / "own.pem")
    assert address(Bridge(ca_file=own), "mqtts://broker", {}).tls is not None
    for file, words in ((tmp_path / "none.pem", "cannot be read"), (Path(__file__), "PEM")):
        with pytest.raises(ConfigError, match=words):
            address(Bridge(ca_file=file), "mqtts://broker", {})


@pytest.mark.parametrize(
    ("url", "is_open"),
    [("mqtt://broker.lan", True), ("mqtt://127.0.0.1", False), ("mqtts://broker.lan", False)],
)
def test_plain_text_through_the_network_is_known(url: str, is_open: bool) -> None:
    assert address(Bridge(), url, {}).is_open is is_open


def test_a_wrong_broker_in_the_configuration_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "doorbell.toml"
    file.write_text(f'[bridge]\nbroker = "mqtt://anna:{SECRET}@broker"\n')
    with pytest.raises(ConfigError, match=r"line 2: `broker` in \[bridge\]") as refused:
        load(file, {})
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("prefix", ["", "a/#", "+", "a b", "a\x00"])
def test_a_discovery_prefix_without_wildcards(tmp_path: Path, prefix: str) -> None:
    with pytest.raises(ConfigError, match="DOORBELL_BRIDGE_DISCOVERY_PREFIX"):
        load(None, {"DOORBELL_BRIDGE_DISCOVERY_PREFIX": prefix})
