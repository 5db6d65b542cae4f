"""What an operator types for messengers."""

from __future__ import annotations

import pytest

from doorbell.aws.messenger_secrets import secret_name
from doorbell.errors import BadName
from operations.messengers import add_messenger, shown
from operations.stacks import Deployed


@pytest.mark.parametrize("url", ["", "topic", "ntfy://a b", "ntfy://a\n"])
def test_what_is_no_address_is_refused_before_anything_is_asked(url: str) -> None:
    nowhere = Deployed(None, None, None, "", "", "", "home")  # type: ignore[arg-type]
    with pytest.raises(BadName, match="Apprise's form"):
        add_messenger(nowhere, "doorbell", "home", url)


def test_a_homes_secret_has_a_name_of_its_own() -> None:
    assert secret_name("doorbell", "home") == "doorbell/messengers/home"
    nowhere = Deployed(None, None, None, "", "", "", "home")  # type: ignore[arg-type]
    with pytest.raises(BadName):
        add_messenger(nowhere, "doorbell", "../x", "ntfy://a")


def test_an_address_is_shown_by_its_service_alone() -> None:
    assert shown("tgram://token/chat") == "tgram://…"
