"""Sending a notice to the browsers of a home."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.errors import BadEndpoint, NotDelivered
from doorbell.household.model import Quiet
from doorbell.push.delivery import MOST_BYTES, content, push_to_home
from doorbell.push.model import Notice, Taken
from tests.fakes import ADA, BOB, FOREIGN_PHONE, KITCHEN, NOON
from tests.push_fakes import Pockets, pockets

PRESSED = Notice("pressed", "home", "Front", NOON, NOON + 60, "ring-1")
VISITOR = PRESSED._replace(
    type="visitor", reason="stranger", photo="https://photo", answer_until=NOON + 60
)
MISSED = PRESSED._replace(type="missed", news_until=NOON + 86400)


@pytest.fixture
def house() -> Pockets:
    return pockets()


def said(house: Pockets, endpoint: str) -> list[dict[str, Any]]:
    return [json.loads(each.content) for each in house.sent_to(endpoint)]


def test_every_browser_of_the_home_is_told_and_no_other(house: Pockets) -> None:
    mine = [house.subscribe(ADA), house.subscribe(KITCHEN)]
    foreign = house.subscribe(FOREIGN_PHONE)
    assert push_to_home(house.pushing, PRESSED) == 2
    assert [len(house.sent_to(each)) for each in mine] == [1, 1]
    assert house.sent_to(foreign) == []


def test_nobody_is_told_twice(house: Pockets) -> None:
    """Who has a code already needs no other notice of that ring."""
    served = house.subscribe(ADA)
    house.subscribe(BOB)
    assert push_to_home(house.pushing, VISITOR, besides=frozenset({ADA.id})) == 1
    assert house.sent_to(served) == []


def test_a_notice_holds_what_is_known_and_nothing_else(house: Pockets) -> None:
    endpoint = house.subscribe(ADA)
    push_to_home(house.pushing, VISITOR)
    assert said(house, endpoint) == [
        {
            "type": "visitor", "door": "Front", "at": NOON, "ring": "ring-1", "silent": False,
            "reason": "stranger", "photo": "https://photo", "answer_until": NOON + 60,
        }
    ]  # fmt: skip


def test_notices_for_the_moment_are_urgent_and_live_no_longer_than_they_are_news(
    house: Pockets,
) -> None:
    endpoint = house.subscribe(ADA)
    house.made.clock.now += 20
    push_to_home(house.pushing, PRESSED)
    push_to_home(house.pushing, MISSED)
    pressed, missed = house.sent_to(endpoint)
    assert (pressed.urgent, pressed.seconds_to_live, pressed.topic) == (True, 40, None)
    assert (missed.urgent, missed.seconds_to_live) == (False, 86380)


def test_the_ends_of_a_ring_replace_each_other_at_the_push_service(house: Pockets) -> None:
    """A topic of 32 characters that tells no ring (RFC 8030, 5.4)."""
    endpoint = house.subscribe(ADA)
    for notice in (MISSED, MISSED._replace(type="opened"), MISSED._replace(ring="ring-2")):
        push_to_home(house.pushing, notice)
    first, second, other = (each.topic or "" for each in house.sent_to(endpoint))
    assert first == second != other
    assert len(first) == 32
    assert "ring" not in first


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(house: Pockets, status: int) -> None:
    endpoint = house.subscribe(ADA)
    house.push.answers[endpoint] = [Taken(status)]
    assert push_to_home(house.pushing, PRESSED) == 0
    assert house.subscriptions.of_home("home") == []
    assert len(house.push.sent) == 1


def test_a_browser_that_subscribed_anew_meanwhile_is_kept(house: Pockets) -> None:
    endpoint = house.subscribe(ADA)
    house.push.answers[endpoint] = [Taken(410)]

    def subscribe_anew() -> None:
        former = house.subscriptions.kept["home", ADA.id]
        house.subscriptions.add(former._replace(endpoint="https://push.example.org/new"))

    house.push.before = subscribe_anew
    push_to_home(house.pushing, PRESSED)
    assert [each.endpoint for each in house.subscriptions.of_home("home")] == [
        "https://push.example.org/new"
    ]


def test_an_address_that_may_not_be_used_is_forgotten(house: Pockets) -> None:
    """It points into a private network by now."""
    endpoint = house.subscribe(ADA)
    house.push.answers[endpoint] = [BadEndpoint("An endpoint is on the internet.")]
    assert push_to_home(house.pushing, PRESSED) == 0
    assert house.subscriptions.of_home("home") == []


@pytest.mark.parametrize("answer", [Taken(429), Taken(500), Taken(503), NotDelivered("silent")])
def test_a_service_that_is_busy_is_asked_again(house: Pockets, answer: Taken | Exception) -> None:
    endpoint = house.subscribe(ADA)
    house.push.answers[endpoint] = [answer, answer, Taken(201)]
    assert push_to_home(house.pushing, PRESSED) == 1
    assert house.push.at == [NOON, NOON + 0.5, NOON + 1.5]
    assert house.subscriptions.of_home("home")


def test_a_service_says_when_to_ask_again(house: Pockets) -> None:
    endpoint = house.subscribe(ADA)
    house.push.answers[endpoint] = [Taken(429, retry_after=7), Taken(201)]
    assert push_to_home(house.pushing, PRESSED) == 1
    assert house.push.at == [NOON, NOON + 7]


def test_a_service_that_says_tomorrow_is_not_waited_for(house: Pockets) -> None:
    endpoint = house.subscribe(ADA)
    house.push.answers[endpoint] = [Taken(429, retry_after=86400)]
    assert push_to_home(house.pushing, PRESSED) == 0
    assert house.made.clock.slept == 0


def test_nothing_is_sent_once_it_is_no_news(house: Pockets) -> None:
    endpoint = house.subscribe(ADA)
    house.made.clock.now += 61
    assert push_to_home(house.pushing, PRESSED) == 0
    assert house.sent_to(endpoint) == []


@given(after=st.floats(0, 30))
def test_trying_ends_with_the_ring_however_often_a_service_is_busy(after: float) -> None:
    house = pockets()
    house.push.answers[house.subscribe(ADA)] = [Taken(503)]
    house.made.clock.now += after
    push_to_home(house.pushing, PRESSED)
    assert max(house.push.at) < PRESSED.news_until
    assert len(house.push.at) <= 10


@pytest.mark.parametrize("status", [400, 401, 403, 418])
def test_a_refusal_is_no_reason_to_try_again_or_to_forget(house: Pockets, status: int) -> None:
    endpoint = house.subscribe(ADA)
    house.push.answers[endpoint] = [Taken(status)]
    assert push_to_home(house.pushing, PRESSED) == 0
    assert len(house.sent_to(endpoint)) == 1
    assert house.subscriptions.of_home("home")


def test_a_message_that_is_too_large_goes_without_its_photo(house: Pockets) -> None:
    endpoint = house.subscribe(ADA)
    house.push.answers[endpoint] = [Taken(413), Taken(201)]
    assert push_to_home(house.pushing, VISITOR) == 1
    assert ["photo" in each for each in said(house, endpoint)] == [True, False]


@given(door=st.text(max_size=64), photo=st.text("abc%&=", max_size=6000))
def test_no_message_is_longer_than_push_services_take(door: str, photo: str) -> None:
    """Whatever the door is called; the photo's link is what gives way."""
    try:
        door.encode()
    except UnicodeEncodeError:
        door = "Front"
    notice = VISITOR._replace(door=door, photo=photo)
    text = content(notice, silent=False, on_lock_screen=False)
    assert len(text) <= MOST_BYTES
    assert json.loads(text)["door"] == door
    assert (json.loads(text).get("photo") == photo) or len(photo) > 2000


def test_a_quiet_phone_is_told_in_silence_and_others_aloud(house: Pockets) -> None:
    quiet, loud = house.subscribe(ADA), house.subscribe(BOB)
    house.settings.quiet_phones["home", ADA.id] = Quiet(until=NOON + 60)
    push_to_home(house.pushing, PRESSED)
    assert [said(house, each)[0]["silent"] for each in (quiet, loud)] == [True, False]


def test_in_a_quiet_home_all_are_told_in_silence(house: Pockets) -> None:
    endpoint = house.subscribe(ADA)
    house.settings.quiet_homes["home"] = Quiet(until=NOON + 60)
    push_to_home(house.pushing, PRESSED)
    house.made.clock.now += 60
    push_to_home(house.pushing, MISSED)
    assert [each["silent"] for each in said(house, endpoint)] == [True, False]


@pytest.mark.parametrize(("status", "taken"), [(200, 1), (204, 1), (299, 1), (300, 0), (400, 0)])
def test_what_a_service_takes_it_says_by_two_hundred_and_some(
    house: Pockets, status: int, taken: int
) -> None:
    endpoint = house.subscribe(ADA)
    house.push.answers[endpoint] = [Taken(status)]
    assert push_to_home(house.pushing, PRESSED) == taken


def test_a_notice_is_tried_until_it_is_no_news_any_more(house: Pockets) -> None:
    """Half a second before that it is, and need not be kept for a browser that is not there."""
    endpoint = house.subscribe(ADA)
    push_to_home(house.pushing, PRESSED._replace(news_until=NOON + 0.5))
    push_to_home(house.pushing, PRESSED._replace(news_until=NOON))
    assert [each.seconds_to_live for each in house.sent_to(endpoint)] == [0]


def test_those_that_wait_do_not_come_back_all_at_once(house: Pockets) -> None:
    endpoint = house.subscribe(ADA)
    house.push.answers[endpoint] = [Taken(503), Taken(503), Taken(201)]
    push_to_home(house.pushing._replace(jitter=lambda: 0.5), PRESSED)
    assert house.push.at == [NOON, NOON + 0.25, NOON + 0.75]


def test_a_message_takes_no_more_room_than_it_needs() -> None:
    """Push services count bytes."""
    text = content(PRESSED._replace(door="Zoë"), silent=False, on_lock_screen=False)
    assert text.startswith('{"type":"pressed","door":"Zoë",'.encode())


@pytest.mark.parametrize(("more", "photo"), [(0, True), (1, False)])
def test_a_photos_link_is_left_out_rather_than_the_message(more: int, photo: bool) -> None:
    short = content(VISITOR, silent=False, on_lock_screen=False)
    link = "https://photo" + "x" * (MOST_BYTES - len(short) + more)
    said = json.loads(content(VISITOR._replace(photo=link), silent=False, on_lock_screen=False))
    assert ("photo" in said) is photo
    assert said["reason"] == "stranger"
