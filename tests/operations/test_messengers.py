"""What an operator types for messengers."""

from __future__ import annotations

import pytest

from doorbell.aws.messenger_secrets import read_messengers, secret_name, write_messengers
from doorbell.errors import BadName
from doorbell.push.model import Messenger
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


def test_what_is_kept_is_read_back() -> None:
    kept = [Messenger("ntfy://a"), Messenger("mailto://b", with_codes=True)]
    assert read_messengers(write_messengers(kept)) == kept


def test_codes_go_nowhere_unless_it_says_so() -> None:
    """A secret that somebody wrote by hand."""
    text = '{"messengers": [{"url": "ntfy://a"}, {"url": "ntfy://b", "with_codes": "yes"}]}'
    assert [each.with_codes for each in read_messengers(text)] == [False, False]


def test_an_address_is_shown_by_its_service_alone() -> None:
    assert shown("tgram://token/chat") == "tgram://…"
