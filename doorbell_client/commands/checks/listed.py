"""Which checks there are for which kind of device, in the order in which they are told."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

from doorbell_client.commands.checks import (
    clock,
    cloud,
    files,
    hardware,
    recipient,
    relay,
    service,
    storage,
)
from doorbell_client.commands.checks.broker import check_broker
from doorbell_client.commands.checks.finding import Device, Finding, Setup, in_thread
from doorbell_client.config.credentials import Role
from doorbell_client.config.schema import Config
from doorbell_client.config.service import installed_service


class Check(NamedTuple):
    """One line of the doctor."""

    name: str
    look: Callable[[], Awaitable[Finding]]
    needs: str = ""
    """A check without whose success this one would only fail for the same reason."""


def checks_of(setup: Setup) -> Sequence[Check]:
    """The checks of this device."""
    if setup.device == "relay":
        return [*_first(setup), *_relay(setup), _disk(setup)]
    checks = [
        *_first(setup),
        Check("token", lambda: in_thread(lambda: cloud.check_token(setup))),
        *_PARTS[setup.device](setup.config),
        Check("dns", lambda: cloud.check_dns(_url(setup)), needs="token"),
        Check("clock", lambda: clock.check_clock(_url(setup)), needs="token"),
        *_MEETING[setup.role](setup),
    ]
    return [*checks, *_STORAGE[setup.role](setup)]


def _first(setup: Setup) -> Sequence[Check]:
    running = setup.service
    config = lambda: in_thread(lambda: files.check_config(setup, installed_service()))  # noqa: E731
    if running is None:
        return [Check("config", config)]
    of_service = Check("service", lambda: in_thread(lambda: service.check_service(running)))
    return [Check("config", config), of_service]


def _relay(setup: Setup) -> Sequence[Check]:
    config = setup.config.relay
    return [
        Check("cameras", lambda: in_thread(lambda: relay.check_cameras(setup))),
        Check("cloud", lambda: relay.check_cloud(config)),
        Check("clock", lambda: clock.check_clock(config.recipient), needs="cloud"),
        Check("tokens", lambda: relay.check_tokens(setup), needs="cloud"),
        Check("streams", lambda: relay.check_streams(setup), needs="cameras"),
        Check("port", lambda: in_thread(lambda: relay.check_port(setup))),
        Check("spool", lambda: in_thread(lambda: relay.check_waiting(setup.spool))),
    ]


def _indoor_parts(config: Config) -> Sequence[Check]:
    return [Check("bell", lambda: in_thread(lambda: hardware.check_indoor_bell(config)))]


def _door_parts(config: Config) -> Sequence[Check]:
    return [
        Check("button", lambda: in_thread(lambda: hardware.check_button(config))),
        Check("pins", lambda: in_thread(lambda: hardware.check_pins(config))),
        Check("camera", lambda: hardware.check_camera(config)),
        Check("bell", lambda: in_thread(lambda: hardware.check_bell(config))),
    ]


def _bridge_parts(config: Config) -> Sequence[Check]:
    return [Check("broker", lambda: check_broker(config.bridge))]


def _party_parts(config: Config) -> Sequence[Check]:
    return [each for each in _door_parts(config) if each.name != "bell"]


def _timelapse_parts(config: Config) -> Sequence[Check]:
    return [Check("camera", lambda: hardware.check_camera(config))]


def _socket(setup: Setup) -> Sequence[Check]:
    return [Check("handshake", lambda: cloud.check_handshake(setup), needs="dns")]


def _recipient(setup: Setup) -> Sequence[Check]:
    return [Check("recipient", lambda: recipient.check_recipient(setup), needs="dns")]


def _presses(setup: Setup) -> Sequence[Check]:
    return [
        Check("spool", lambda: in_thread(lambda: storage.check_spool(setup.spool))),
        _disk(setup),
    ]


def _pictures(setup: Setup) -> Sequence[Check]:
    return [
        Check("spool", lambda: in_thread(lambda: storage.check_shots(setup.spool))),
        _disk(setup),
    ]


def _disk(setup: Setup) -> Check:
    return Check("disk", lambda: in_thread(lambda: storage.check_disk(setup)))


_MEETING: Final[dict[Role, Callable[[Setup], Sequence[Check]]]] = {
    "door": _socket,
    "phone": _socket,
    "camera": _recipient,
}
_STORAGE: Final[dict[Role, Callable[[Setup], Sequence[Check]]]] = {
    "door": _presses,
    "phone": lambda setup: [],
    "camera": _pictures,
}
_PARTS: Final[dict[Device, Callable[[Config], Sequence[Check]]]] = {
    "door": _door_parts,
    "chime": _indoor_parts,
    "bridge": _bridge_parts,
    "gifcam": _party_parts,
    "timelapse": _timelapse_parts,
}


def _url(setup: Setup) -> str:
    return setup.find_credentials().url
