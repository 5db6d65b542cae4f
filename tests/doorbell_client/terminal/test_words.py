"""The door's own events and the cloud's messages have one line each; some have none."""

from doorbell.protocol import Code, NoAnswer, Pong
from doorbell_client.door.effects import Sound
from doorbell_client.link.line import Line
from doorbell_client.terminal.words import describe_at_door, describe_inside


def test_a_door_tells_what_it_does_and_what_the_cloud_says() -> None:
    assert describe_at_door(Sound()) == "ding-dong: the bell sounds"
    assert describe_at_door(NoAnswer("r")) == "nobody answered"
    assert describe_at_door(Line.UP) == describe_inside(Line.UP) == "connected"


def test_an_answer_to_ping_is_no_news() -> None:
    assert describe_at_door(Pong()) is None
    assert describe_inside(Pong()) is None


def test_inside_a_code_is_shown_only_where_no_guest_can_see_it() -> None:
    code = Code("r", "042137", 120, resident="Ada")
    assert describe_inside(code) == "Ada got a code"
    assert "042137" in str(describe_inside(code, show_code=True))
