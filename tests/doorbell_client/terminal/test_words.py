"""The door's own events and the cloud's messages are told in one line each; some are not told."""

from doorbell.protocol import Code, NoAnswer, Pong
from doorbell_client.door.behaviour import Sound
from doorbell_client.link.line import Line
from doorbell_client.terminal.words import told_at_door, told_inside


def test_a_door_tells_what_it_does_and_what_the_cloud_says() -> None:
    assert told_at_door(Sound()) == "ding-dong: the bell sounds"
    assert told_at_door(NoAnswer("r")) == "nobody answered"
    assert told_at_door(Line.UP) == told_inside(Line.UP) == "connected"


def test_an_answer_to_ping_is_no_news() -> None:
    assert told_at_door(Pong()) is None
    assert told_inside(Pong()) is None


def test_an_indoor_bell_never_shows_a_code() -> None:
    assert told_inside(Code("r", "042137", 120, resident="Ada")) == "Ada got a code"
