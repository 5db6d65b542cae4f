"""What messengers and the topic are told."""

from __future__ import annotations

import pytest

from doorbell.household.model import Quiet
from doorbell.protocol import Open
from doorbell.push.messages import tell
from doorbell.push.model import Messenger, Notice
from doorbell.push.words import words_of
from tests.fakes import ADA, DOOR, NOON, a_ring, enrol_face, keep_ring
from tests.jobs import issue_code, type_code
from tests.push_fakes import Pockets, pockets

VISITOR = Notice(
    "visitor", "home", "Front", NOON, NOON + 60, "ring-1", "stranger", "https://photo", NOON + 60
)
RESIDENT = Notice("resident", "home", "Front", NOON, NOON + 120, "ring-1", resident="Ada")
NTFY, MAIL = Messenger("ntfy://home"), Messenger("mailto://ada", with_codes=True)


@pytest.fixture
def house() -> Pockets:
    """A home with a messenger, and a ring with a photo."""
    house = pockets()
    keep_ring(house.made)
    enrol_face(house.made, "Ada", "face-a")
    house.secrets.kept["home"] = [NTFY]
    house.photos.kept["guest/home/ring-1/photo.jpeg"] = b"photo"
    return house


def test_a_visitor_is_told_with_the_photo_and_to_the_topic_without(house: Pockets) -> None:
    assert tell(house.notifying, VISITOR) == 2
    assert house.messengers.sent == [
        ("ntfy://home", "Someone is at Front", "Nobody we know.", b"photo")
    ]
    assert house.topic.said == ["Someone is at Front. Nobody we know."]


def test_a_photo_that_is_not_there_keeps_nothing_back(house: Pockets) -> None:
    house.photos.kept.clear()
    tell(house.notifying, VISITOR)
    assert house.messengers.sent[0][3] is None


def test_a_messenger_that_fails_keeps_nothing_from_the_others(house: Pockets) -> None:
    house.secrets.kept["home"] = [NTFY, MAIL]
    house.messengers.broken.add(NTFY.url)
    house.topic.broken = True
    assert tell(house.notifying, VISITOR) == 1
    assert [url for url, *_ in house.messengers.sent] == [MAIL.url]


def test_a_quiet_home_is_told_nothing(house: Pockets) -> None:
    """A message always sounds."""
    house.settings.quiet_homes["home"] = Quiet(until=NOON + 60)
    assert tell(house.notifying, VISITOR) == 0
    assert (house.messengers.sent, house.topic.said) == ([], [])


def test_what_is_no_news_any_more_is_not_told(house: Pockets) -> None:
    house.made.clock.now += 61
    assert tell(house.notifying, VISITOR) == 0


@pytest.mark.parametrize("kind", ["pressed", "declined", "opened"])
def test_of_a_ring_there_is_one_message(house: Pockets, kind: str) -> None:
    """A message cannot be replaced as a notice can."""
    notice = VISITOR._replace(type=kind, by="Ada")  # type: ignore[arg-type]
    assert tell(house.notifying, notice) == 0


def test_no_code_goes_where_nobody_chose_it(house: Pockets) -> None:
    issue_code(house.made.services, "home", "ring-1", "face-a", "token")
    tell(house.notifying, RESIDENT)
    assert house.messengers.sent == [("ntfy://home", "Ada is at Front", "", None)]


def with_code(house: Pockets) -> str:
    """The code that went to the one messenger that shall have it."""
    (code,) = [title for _, title, text, _ in house.messengers.sent if "code for" in text]
    return code


def test_a_code_goes_where_it_was_chosen_and_opens(house: Pockets) -> None:
    house.secrets.kept["home"] = [NTFY, MAIL]
    house.made.connect(ADA)
    door = house.made.connect(DOOR)
    issue_code(house.made.services, "home", "ring-1", "face-a", "token")
    tell(house.notifying, RESIDENT)
    assert [url for url, _, text, _ in house.messengers.sent if "code for" in text] == [MAIL.url]
    type_code(house.made.services, DOOR, with_code(house))
    assert isinstance(house.made.heard(door)[-1], Open)


def test_where_no_phone_took_a_code_one_is_drawn_for_the_messenger(house: Pockets) -> None:
    """The bell rings, and the code opens all the same; quiet hours keep no code back."""
    house.secrets.kept["home"] = [MAIL]
    house.settings.quiet_homes["home"] = Quiet(until=NOON + 60)
    door = house.made.connect(DOOR)
    issue_code(house.made.services, "home", "ring-1", "face-a", "token")
    assert house.made.passcodes.kept == {}, "no phone took it"
    tell(house.notifying, VISITOR._replace(reason="no_phone"))
    type_code(house.made.services, DOOR, with_code(house))
    assert isinstance(house.made.heard(door)[-1], Open)


def test_a_strangers_ring_has_no_code(house: Pockets) -> None:
    house.secrets.kept["home"] = [MAIL]
    tell(house.notifying, VISITOR)
    assert not house.made.passcodes.kept


def test_a_code_that_was_sent_with_the_first_message_is_not_drawn_again(house: Pockets) -> None:
    house.secrets.kept["home"] = [MAIL]
    house.made.connect(ADA)
    issue_code(house.made.services, "home", "ring-1", "face-a", "token")
    tell(house.notifying, RESIDENT)
    tell(house.notifying, VISITOR._replace(reason="no_phone"))
    assert with_code(house)


@pytest.mark.parametrize("reason", ["late", "stranger"])
def test_only_a_ring_that_nobody_heard_of_is_missed_by_message(house: Pockets, reason: str) -> None:
    missed = VISITOR._replace(type="missed", reason=reason)  # type: ignore[arg-type]
    assert (tell(house.notifying, missed) > 0) == (reason == "late")


def test_the_ring_of_another_home_is_nothing_here(house: Pockets) -> None:
    house.secrets.kept["away"] = [MAIL]
    tell(house.notifying, RESIDENT._replace(home="away"))
    assert not [text for _, _, text, _ in house.messengers.sent if "code for" in text]
    assert a_ring().home == "home"


@pytest.mark.parametrize(
    ("notice", "later"),
    [
        (VISITOR._replace(type="missed", reason="no_phone"), 0),
        (VISITOR._replace(reason="no_phone"), 61),
        (VISITOR._replace(reason="unavailable"), 0),
    ],
    ids=["it is over", "it was long ago", "for another reason"],
)
def test_a_code_is_drawn_anew_for_a_ring_that_still_waits_for_one_alone(
    house: Pockets, notice: Notice, later: float
) -> None:
    house.secrets.kept["home"] = [MAIL]
    issue_code(house.made.services, "home", "ring-1", "face-a", "token")
    house.made.clock.now += later
    tell(house.notifying, notice)
    assert house.made.passcodes.kept == {}


def test_a_code_that_nobody_shall_have_is_not_drawn(house: Pockets) -> None:
    """Each one more makes guessing easier."""
    house.made.connect(ADA)
    issue_code(house.made.services, "home", "ring-1", "face-a", "token")
    tell(house.notifying, RESIDENT)
    (kept,) = house.made.passcodes.kept.values()
    assert len(kept.hashes) == 1


@pytest.mark.parametrize(
    ("notice", "line"),
    [
        (VISITOR, "Someone is at Front. Nobody we know."),
        (VISITOR._replace(reason=None), "Someone is at Front."),
        (RESIDENT, "Ada is at Front."),
        (VISITOR._replace(type="not_opened"), "Front did not open. Go and look."),
        (
            VISITOR._replace(type="door_offline"),
            "Front is offline. Nobody can ring there until it is back.",
        ),
        (VISITOR._replace(type="door_online"), "Front is back."),
        (VISITOR._replace(type="camera_trouble"), "Front has a problem."),
        (
            VISITOR._replace(type="camera_trouble", trouble="unreachable"),
            "Front has a problem. Its stream cannot be fetched.",
        ),
        (VISITOR._replace(type="missed", reason="late"), "Missed: someone was at Front."),
        (VISITOR._replace(type="opened", ring=None, by="Aunt"), "Aunt came in. By PIN, at Front."),
    ],
)
def test_a_notice_in_plain_words(notice: Notice, line: str) -> None:
    words = words_of(notice)
    assert words
    assert words.line == line
