"""The secrets of single homes: which messengers they have, and what they publish."""

from __future__ import annotations

import json

import pytest

from doorbell.aws.api.errors import ServiceError
from doorbell.aws.messenger_secrets import (
    KEPT_SECONDS,
    HomeSecrets,
    read_messengers,
    write_messengers,
)
from doorbell.aws.publication_secrets import HomePublications
from doorbell.errors import SettingsError
from doorbell.publishing.model import AppriseAddress, Publication
from doorbell.publishing.records import write_publications
from doorbell.push.model import Messenger
from tests.doorbell.aws.pools import ScriptedPool, check_shape, refusal, said, some_client
from tests.fakes import Clock

PHONE = Messenger("tgram://token/chat", with_codes=True)
BOARD = Messenger("mailtos://board.example.org", with_codes=False)
GARDEN = Publication("garden", AppriseAddress("mastodons://token@example.org"), camera="yard")


def secret(*messengers: Messenger) -> ScriptedPool:
    return ScriptedPool(said({"SecretString": write_messengers(list(messengers))}))


def test_a_home_s_messengers_stand_in_a_secret_of_its_own() -> None:
    pool = secret(PHONE, BOARD)
    assert HomeSecrets(some_client(pool), "doorbell").of_home("home") == [PHONE, BOARD]
    (request,) = pool.requests
    check_shape(request)
    assert request.operation == "GetSecretValue"
    assert request.given == {"SecretId": "doorbell/messengers/home"}


def test_a_secret_is_read_once_a_minute() -> None:
    pool, clock = secret(PHONE), Clock(1000.0)
    secrets = HomeSecrets(some_client(pool), "doorbell", clock)
    for passed in (0, KEPT_SECONDS):
        clock.now = 1000.0 + passed
        assert secrets.of_home("home") == [PHONE]
    assert len(pool.requests) == 1
    clock.now += 0.1
    secrets.of_home("home")
    assert len(pool.requests) == 2
    secrets.of_home("away")
    assert [each.given["SecretId"].rpartition("/")[2] for each in pool.requests] == [
        "home",
        "home",
        "away",
    ]


def test_a_home_without_a_secret_has_no_messengers_and_publishes_nothing() -> None:
    client = some_client(ScriptedPool(refusal("ResourceNotFoundException")))
    assert HomeSecrets(client, "doorbell").of_home("home") == []
    assert HomePublications(client, "doorbell").of_home("home") == []


def test_a_secret_that_may_not_be_read_is_an_error() -> None:
    """It must not look like a home that has none."""
    client = some_client(ScriptedPool(refusal("AccessDeniedException")))
    for read in (HomeSecrets(client, "it").of_home, HomePublications(client, "it").of_home):
        with pytest.raises(ServiceError, match="AccessDenied"):
            read("home")


def test_messengers_are_read_as_they_were_written() -> None:
    assert read_messengers(write_messengers([PHONE, BOARD])) == [PHONE, BOARD]
    assert json.loads(write_messengers([PHONE])) == {
        "messengers": [{"url": "tgram://token/chat", "with_codes": True}]
    }
    assert read_messengers("{}") == []


@pytest.mark.parametrize("unsure", [{}, *({"with_codes": each} for each in (None, "true", 1))])
def test_codes_go_only_where_a_plain_yes_says_so(unsure: dict[str, object]) -> None:
    """Somebody may have written the secret by hand."""
    text = json.dumps({"messengers": [{"url": "tgram://x", **unsure}]})
    assert read_messengers(text) == [Messenger("tgram://x", with_codes=False)]


def test_what_a_home_publishes_is_read_each_time() -> None:
    """What an operator stops is stopped with the next film."""
    pool = ScriptedPool(said({"SecretString": write_publications([GARDEN])}))
    publications = HomePublications(some_client(pool), "doorbell")
    for _ in range(2):
        assert publications.of_home("home") == [GARDEN]
    assert [each.given for each in pool.requests] == [{"SecretId": "doorbell/publishing/home"}] * 2


def test_what_cannot_be_read_publishes_nothing() -> None:
    pool = ScriptedPool(said({"SecretString": "[]"}))
    with pytest.raises(SettingsError):
        HomePublications(some_client(pool), "doorbell").of_home("home")
