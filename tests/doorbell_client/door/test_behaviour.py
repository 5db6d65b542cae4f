"""The door's rules: every press rings, and nothing but a fresh `open` moves the strike."""

import itertools
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell.protocol import (
    Acknowledged,
    Code,
    Declined,
    EnterCode,
    HelloAnswer,
    Message,
    NoAnswer,
    Open,
    Opened,
    Refused,
    RingThrough,
    Ticket,
    Upload,
    Welcome,
)
from doorbell_client.door.behaviour import Behaviour
from doorbell_client.door.effects import (
    Acknowledge,
    Beep,
    Begin,
    Effect,
    Energise,
    OpenedKnown,
    Prompt,
    Settle,
    Show,
    Sound,
    Submit,
)
from doorbell_client.door.openings import MOST_REPEATS, MOST_REPEATS_IN_VAIN
from doorbell_client.door.parts import Mood
from doorbell_client.door.replay_guard import Progress
from doorbell_client.door.timeouts import DoorTimeouts
from doorbell_client.link.line import Line
from local.template import read_template

ROOT = Path(__file__).parents[3]
GAP = DoorTimeouts().ring_gap
UPLOAD = Upload("PUT", "https://bucket.example/x", {})
RING_ENDS = (Declined("ring-1"), NoAnswer("ring-1"), Open("o", "ring-1", 5, 15))
"""What the door is told when a ring is over."""


class TriedDoor:
    """A door with a clock of its own; time passes in steps of a tenth of a second."""

    def __init__(
        self, line: Line = Line.UP, known_opens: Mapping[str, Progress] = MappingProxyType({})
    ) -> None:
        numbers = itertools.count(1)
        self.door = Behaviour(lambda: f"press-{next(numbers)}", DoorTimeouts(), known_opens)
        self.now = 1000.0
        self.did: list[tuple[float, Effect]] = []
        self.do(lambda now: self.door.line(line, now))

    def do(self, what: Callable[[float], list[Effect]]) -> list[Effect]:
        effects = what(self.now)
        self.did += [(self.now, effect) for effect in effects]
        return effects

    def press(self) -> list[Effect]:
        return self.do(lambda now: self.door.press(now, now))

    def hear(self, *messages: Message) -> list[Effect]:
        return [e for m in messages for e in self.do(lambda now, m=m: self.door.hear(m, now))]  # type: ignore[misc]

    def keys(self, keys: str) -> list[Effect]:
        return [e for k in keys for e in self.do(lambda now, k=k: self.door.key(k, now))]  # type: ignore[misc]

    def line(self, line: Line) -> list[Effect]:
        return self.do(lambda now: self.door.line(line, now))

    def wait(self, seconds: float) -> None:
        """Like the controller: wakes when the door asked to be woken."""
        until = self.now + seconds
        while (at := self.door.wake_at()) <= until:
            assert at > self.now
            self.now = at
            self.do(self.door.tick)
        self.now = until

    @property
    def sounds(self) -> list[float]:
        """When the bell sounded, in seconds since the beginning."""
        return [round(at - 1000, 3) for at, effect in self.did if isinstance(effect, Sound)]

    def mood(self) -> Mood:
        return [effect.mood for _, effect in self.did if isinstance(effect, Show)][-1]


def rung(tried: TriedDoor, press: int = 1, ring: str | None = None) -> str:
    """The `press`-th press has its ticket; returns its ring."""
    ring = ring or f"ring-{press}"
    tried.hear(Ticket(ring, UPLOAD, 300, f"press-{press}"))
    return ring


def opening(effects: list[Effect]) -> list[Energise]:
    return [effect for effect in effects if isinstance(effect, Energise)]


# --- the bell -----------------------------------------------------------------


def test_a_press_begins_a_ring_before_anything_but_the_bell() -> None:
    assert TriedDoor().press()[0] == Begin("press-1", 1000.0)
    assert TriedDoor(Line.DOWN).press()[:2] == [Sound(), Begin("press-1", 1000.0)]


def test_a_press_without_a_line_sounds_at_once() -> None:
    for line in (Line.DOWN, Line.REFUSED):
        tried = TriedDoor(line)
        tried.press()
        assert tried.sounds == [0]


def test_a_press_without_a_decision_sounds_by_itself_after_eight_seconds_once() -> None:
    tried = TriedDoor()
    tried.press()
    tried.wait(200)
    assert tried.sounds == [8]


def test_a_stranger_is_rung_through_at_once() -> None:
    tried = TriedDoor()
    tried.press()
    ring = rung(tried)
    tried.wait(2)
    tried.hear(RingThrough(ring, "stranger"))
    tried.wait(100)
    assert tried.sounds == [2]


def test_a_late_ring_through_after_the_bell_sounded_is_silent() -> None:
    tried = TriedDoor()
    tried.press()
    ring = rung(tried)
    tried.wait(9)
    tried.hear(RingThrough(ring, "stranger"))
    assert tried.sounds == [8]


def test_a_ring_through_that_comes_twice_sounds_once() -> None:
    tried = TriedDoor()
    tried.press()
    ring = rung(tried)
    tried.hear(RingThrough(ring, "stranger"), RingThrough(ring, "no_phone"))
    assert tried.sounds == [0]


def test_a_ring_through_of_another_run_of_this_door_sounds() -> None:
    tried = TriedDoor()
    tried.hear(RingThrough("unheard-of", "stranger"))
    assert tried.sounds == [0]


def test_a_resident_whose_code_reached_a_phone_is_quiet() -> None:
    tried = TriedDoor()
    tried.press()
    ring = rung(tried)
    tried.wait(3)
    assert Prompt() in tried.hear(Welcome(ring))
    tried.wait(500)
    assert tried.sounds == []


def test_a_late_welcome_still_shows_its_prompt() -> None:
    tried = TriedDoor()
    tried.press()
    ring = rung(tried)
    tried.door.captured("press-1", tried.now)
    tried.wait(20)
    assert Prompt() in tried.hear(Welcome(ring))
    assert tried.mood() is Mood.WELCOME
    assert tried.sounds == [8]


def test_a_welcome_that_comes_twice_prompts_once() -> None:
    tried = TriedDoor()
    tried.press()
    ring = rung(tried)
    assert tried.hear(Welcome(ring), Welcome(ring)).count(Prompt()) == 1


def test_a_second_press_while_the_first_is_under_way_sounds_at_once() -> None:
    tried = TriedDoor()
    tried.press()
    tried.wait(3)
    tried.press()
    assert tried.sounds == [3]


def test_a_second_press_while_the_code_is_alive_sounds_at_once() -> None:
    tried = TriedDoor()
    tried.press()
    ring = rung(tried)
    tried.wait(30)
    tried.hear(Welcome(ring))
    tried.wait(110)
    tried.press()
    assert tried.sounds == [8, 140]


@pytest.mark.parametrize("end", RING_ENDS)
def test_a_press_after_the_ring_ended_is_a_new_ring(end: Message) -> None:
    tried = TriedDoor()
    tried.press()
    rung(tried)
    tried.hear(Welcome("ring-1"), end)
    tried.wait(GAP)
    tried.press()
    tried.hear(Ticket("ring-2", UPLOAD, 300, "press-2"), Welcome("ring-2"))
    tried.wait(50)
    assert tried.sounds == []


@pytest.mark.parametrize("end", RING_ENDS)
def test_a_press_just_after_the_answer_sounds_at_once(end: Message) -> None:
    """The cloud takes it for the answered ring, of which nobody hears anything more."""
    tried = TriedDoor()
    tried.press()
    rung(tried)
    tried.wait(1)
    tried.hear(RingThrough("ring-1", "stranger"))
    tried.wait(2)
    tried.hear(end)
    tried.wait(GAP - 3.1)
    assert Sound() in tried.press()
    again = RingThrough("ring-1", "stranger")
    tried.hear(again, Ticket("ring-1", UPLOAD, 300, "press-2"), again)
    tried.wait(100)
    assert tried.sounds == [1, GAP - 0.1]


@pytest.mark.parametrize("late", [0, 0.5, 20])
def test_a_press_that_the_cloud_alone_takes_for_the_answered_ring_sounds_as_well(
    late: float,
) -> None:
    """Its clock and its `RingGap` are its own."""
    tried = TriedDoor()
    tried.press()
    rung(tried)
    tried.hear(RingThrough("ring-1", "stranger"), Declined("ring-1"))
    tried.wait(GAP + late)
    tried.press()
    again = RingThrough("ring-1", "stranger")
    tried.hear(again, Ticket("ring-1", UPLOAD, 300, "press-2"), again, again)
    tried.wait(100)
    assert tried.sounds == [0, GAP + late]


def test_the_gap_is_the_clouds_own() -> None:
    template = read_template(ROOT / "template.yaml")
    assert float(template["Parameters"]["RingGap"]["Default"]) == GAP


def test_a_restored_press_that_is_bound_last_does_not_hide_that_a_later_one_was_heard() -> None:
    tried = TriedDoor()
    tried.hear(RingThrough("ring-1", "stranger"))
    tried.do(lambda now: tried.door.restored("old", 3, now, "ring-1"))
    tried.hear(RingThrough("ring-1", "stranger"))
    assert tried.sounds == [0]


def test_a_repeat_that_belongs_to_the_ring_under_way_is_not_heard_twice() -> None:
    tried = TriedDoor()
    tried.press()
    rung(tried, 1, "ring-1")
    tried.wait(2)
    tried.press()
    rung(tried, 2, "ring-1")
    tried.hear(RingThrough("ring-1", "stranger"))
    tried.wait(100)
    assert tried.sounds == [2]


def test_a_press_of_a_killed_run_sounds_when_its_time_has_come() -> None:
    tried = TriedDoor()
    tried.do(lambda now: tried.door.restored("old", 3, now))
    tried.wait(100)
    assert tried.sounds == [5]


def test_a_recent_press_of_a_killed_run_sounds_soon_and_an_old_one_never() -> None:
    tried = TriedDoor()
    tried.do(lambda now: tried.door.restored("old", 30, now))
    tried.do(lambda now: tried.door.restored("older", 61, now))
    tried.wait(100)
    assert tried.sounds == [0]


def settled(tried: TriedDoor) -> list[str]:
    return [effect.press for _, effect in tried.did if isinstance(effect, Settle)]


def test_of_two_presses_of_a_killed_run_each_is_decided_by_its_own_ring() -> None:
    """A welcome of one keeps no bell from the other, and finds the press that it is for."""
    tried = TriedDoor()
    for press, ring in (("old-1", "ring-1"), ("old-2", "ring-2")):
        tried.do(lambda now, p=press, r=ring: tried.door.restored(p, 2, now, r))  # type: ignore[misc]
    tried.hear(Welcome("ring-1"))
    tried.wait(60)
    assert tried.sounds == [6]
    both = TriedDoor()
    both.do(lambda now: both.door.restored("old-1", 2, now, "ring-1"))
    both.hear(Welcome("ring-1"))
    both.wait(60)
    assert both.sounds == []


def test_a_press_is_settled_once_and_not_before_its_bell_has_sounded() -> None:
    tried = TriedDoor()
    tried.press()
    tried.wait(7.9)
    assert settled(tried) == []
    tried.wait(100)
    assert settled(tried) == ["press-1"]
    kinds = [type(effect) for _, effect in tried.did]
    assert kinds.index(Sound) < kinds.index(Settle)


@pytest.mark.parametrize("answer", [Welcome("ring-1"), Declined("ring-1"), NoAnswer("ring-1")])
def test_a_press_that_is_answered_is_settled_without_a_bell(answer: Message) -> None:
    tried = TriedDoor()
    tried.press()
    rung(tried)
    tried.hear(answer)
    assert settled(tried) == ["press-1"]


def test_a_press_of_a_killed_run_whose_ring_was_answered_meanwhile_is_quiet() -> None:
    for answer in (RingThrough("ring-1", "stranger"), Welcome("ring-1")):
        tried = TriedDoor()
        tried.hear(answer)
        sounded = tried.sounds
        tried.do(lambda now: tried.door.restored("old", 3, now, "ring-1"))  # noqa: B023
        tried.wait(100)
        assert tried.sounds == sounded
        assert "old" in settled(tried)


ANSWERS: dict[str, Callable[[str], Message]] = {
    "ticket": lambda ring: Ticket(ring, UPLOAD, 300, ring.replace("ring", "press")),
    "through": lambda ring: RingThrough(ring, "stranger"),
    "declined": Declined,
    "no_answer": NoAnswer,
    "open": lambda ring: Open(f"open-of-{ring}", ring, 5, 15),
}

ENDS = ("declined", "no_answer", "open")

STEPS = st.lists(
    st.one_of(
        st.just("press"),
        st.floats(0.1, 20).map(lambda s: ("wait", s)),
        st.sampled_from(Line).map(lambda line: ("line", line)),
        st.tuples(st.sampled_from(sorted(ANSWERS)), st.integers(1, 4)),
    ),
    max_size=25,
)


@given(STEPS)
def test_whatever_happens_every_press_without_a_welcome_is_heard_within_eight_seconds(
    steps: list[object],
) -> None:
    tried = TriedDoor()
    presses: list[float] = []
    ended: list[float] = []
    for step in steps:
        match step:
            case "press":
                presses.append(tried.now - 1000)
                tried.press()
            case ("wait", float(seconds)):
                tried.wait(seconds)
            case ("line", Line() as line):
                tried.line(line)
            case (str(word), int(n)):
                tried.hear(ANSWERS[word](f"ring-{n}"))
                ended += [tried.now - 1000] if word in ENDS else []
    tried.wait(10)
    for press in presses:
        heard = [*tried.sounds, *ended]  # an answer of the house is somebody who heard
        assert any(press - 0.001 <= at <= press + 8.001 for at in heard)


# --- the strike ---------------------------------------------------------------


def test_the_strike_moves_for_an_open_and_the_cloud_hears_of_it() -> None:
    tried = TriedDoor()
    tried.press()
    ring = rung(tried)
    [energise] = opening(tried.hear(Open("o1", ring, 5, 15)))
    assert energise == Energise("o1", 5, 1015)
    effects = tried.do(lambda now: tried.door.opened(energise, now))
    assert Acknowledge(Opened("o1")) in effects
    assert tried.mood() is Mood.OPEN
    tried.wait(5.1)
    assert tried.mood() is Mood.READY


def test_the_same_open_again_is_only_acknowledged_again() -> None:
    tried = TriedDoor()
    message = Open("o1", "ring", 5, 15)
    [energise] = opening(tried.hear(message))
    assert tried.hear(message) == []
    tried.do(lambda now: tried.door.opened(energise, now))
    assert tried.hear(message) == [Acknowledge(Opened("o1"))]


def test_an_open_of_a_former_run_is_only_acknowledged() -> None:
    tried = TriedDoor(known_opens={"o1": Progress.ACKNOWLEDGED})
    assert tried.hear(Open("o1", "ring", 5, 15)) == [Acknowledge(Opened("o1"))]


def test_an_open_that_a_killed_run_had_begun_is_neither_carried_out_nor_acknowledged() -> None:
    tried = TriedDoor(known_opens={"o1": Progress.BEGUN})
    assert tried.hear(Open("o1", "ring", 5, 15)) == []
    tried.wait(600)
    assert told(tried) == []


def told(tried: TriedDoor) -> list[float]:
    """When the cloud was told that the door opened, in seconds since the beginning."""
    return [round(at - 1000, 3) for at, effect in tried.did if isinstance(effect, Acknowledge)]


def opened_door(*, acknowledges: bool) -> TriedDoor:
    tried = TriedDoor()
    if acknowledges:
        tried.hear(HelloAnswer("door", 1e9))
    [energise] = opening(tried.hear(Open("o1", "ring", 5, 15)))
    tried.do(lambda now: tried.door.opened(energise, now))
    return tried


def test_that_the_door_opened_is_told_until_the_cloud_acknowledges_it() -> None:
    tried = opened_door(acknowledges=True)
    tried.wait(3600)
    assert told(tried)[:5] == [0, 2, 6, 14, 30]
    assert len(told(tried)) > 10
    effects = tried.hear(Acknowledged("o1"))
    assert OpenedKnown("o1") in effects
    before = len(told(tried))
    tried.wait(3600)
    assert len(told(tried)) == before
    assert tried.hear(Acknowledged("o1")) == []


@pytest.mark.parametrize("sign", [Acknowledged("o0"), HelloAnswer("door", 1000.0)])
def test_a_cloud_that_acknowledges_is_told_for_as_long_as_it_takes(sign: Message) -> None:
    tried = TriedDoor(known_opens={"o0": Progress.OPENED, "o1": Progress.OPENED})
    tried.hear(sign)
    tried.wait(3600)
    told = [effect for _, effect in tried.did if effect == Acknowledge(Opened("o1"))]
    assert len(told) > MOST_REPEATS + 1


def test_an_order_that_the_cloud_has_forgotten_is_told_for_some_hours_and_no_more(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tried = opened_door(acknowledges=True)
    hour = 3600
    tried.wait(5 * hour)
    assert OpenedKnown("o1") not in [effect for _, effect in tried.did]
    tried.wait(2 * hour)
    count = len(told(tried))
    assert count == 1 + MOST_REPEATS_IN_VAIN
    tried.wait(24 * hour)
    assert len(told(tried)) == count
    assert [effect for _, effect in tried.did].count(OpenedKnown("o1")) == 1, "and written down"
    assert caplog.text.count("told no more") == 1


def test_hours_without_a_line_do_not_count() -> None:
    tried = opened_door(acknowledges=True)
    tried.wait(3)
    tried.line(Line.DOWN)
    tried.wait(20 * 3600)
    tried.line(Line.UP)
    tried.wait(3600)
    assert len(told(tried)) > 10
    assert OpenedKnown("o1") in tried.hear(Acknowledged("o1"))


def test_what_is_due_is_done_whatever_is_told_in_that_moment() -> None:
    """The alarm rings a hair late, and something else comes before it."""
    tried = opened_door(acknowledges=True)
    tried.now += 2.0005
    assert Acknowledge(Opened("o1")) in tried.hear(Refused("wrong", 4))
    tried.press()
    tried.now += 8.0005
    assert Sound() in tried.keys("0")


def test_a_door_that_was_told_nothing_yet_wakes_at_once() -> None:
    assert Behaviour(lambda: "press").wake_at() < 1000


def test_nothing_is_told_before_there_is_a_line() -> None:
    door = Behaviour(lambda: "press", known_opens={"o1": Progress.OPENED})
    assert not any(isinstance(effect, Acknowledge) for effect in door.tick(1000))
    assert door.wake_at() == math.inf


def test_a_cloud_that_never_acknowledged_anything_is_not_told_for_ever() -> None:
    tried = opened_door(acknowledges=False)
    tried.wait(86400)
    assert len(told(tried)) == 1 + MOST_REPEATS


def test_that_the_door_opened_is_told_again_over_a_new_line_and_not_without_one() -> None:
    tried = opened_door(acknowledges=True)
    tried.line(Line.DOWN)
    tried.wait(100)
    assert told(tried) == [0]
    tried.line(Line.UP)
    tried.wait(3)
    assert told(tried) == [0, 102]


def test_what_a_killed_run_had_opened_is_told_by_the_next_one() -> None:
    tried = TriedDoor(
        known_opens={"o1": Progress.OPENED, "o2": Progress.ACKNOWLEDGED, "o3": Progress.BEGUN}
    )
    tried.wait(2.5)
    assert [each for _, each in tried.did if isinstance(each, Acknowledge)] == [
        Acknowledge(Opened("o1"))
    ]


def test_a_strike_that_did_not_move_is_not_acknowledged_and_the_open_may_be_renewed() -> None:
    tried = TriedDoor()
    message = Open("o1", "ring", 5, 15)
    [energise] = opening(tried.hear(message))
    tried.do(lambda now: tried.door.not_opened(energise, now))
    assert tried.mood() is Mood.ERROR
    assert told(tried) == []
    assert opening(tried.hear(message)) == [energise]


@pytest.mark.parametrize("age", [15, 30, 90])
def test_an_open_that_the_network_held_back_opens_nothing(age: float) -> None:
    tried = TriedDoor()
    message = Open("o1", "ring", 5, 15)
    assert tried.do(lambda now: tried.door.hear(message, now, age)) == [Show(Mood.ERROR)]
    [energise] = opening(tried.do(lambda now: tried.door.hear(message, now, 1)))
    assert energise.by == 1014, "sent again, and fresh, it opens for the rest of its time"


def test_a_door_at_which_a_code_was_typed_is_busy_until_the_answer() -> None:
    tried = TriedDoor()
    tried.keys("042137#")
    assert tried.door.busy(tried.now)
    tried.hear(Refused("wrong", 4))
    assert not tried.door.busy(tried.now)


def test_an_open_for_a_ring_of_long_ago_is_not_carried_out() -> None:
    tried = TriedDoor()
    tried.press()
    ring = rung(tried)
    tried.wait(901)
    assert opening(tried.hear(Open("o1", ring, 5, 15))) == []


def test_the_strike_is_never_energised_for_longer_than_configured() -> None:
    assert opening(TriedDoor().hear(Open("o1", "ring", 60, 15)))[0].seconds == 10


ANYTHING: st.SearchStrategy[Message] = st.one_of(
    st.just(Ticket("r", UPLOAD, 300, "press-1")),
    st.just(Welcome("r")),
    st.just(Code("r", "042137", 120)),
    st.just(RingThrough("r", "stranger")),
    st.just(Refused("wrong", 3)),
    st.just(Declined("r")),
    st.just(NoAnswer("r")),
)


@given(st.lists(ANYTHING, max_size=10), st.text("0123456789*#", max_size=20))
def test_nothing_but_an_open_moves_the_strike(messages: list[Message], keys: str) -> None:
    tried = TriedDoor()
    tried.press()
    tried.hear(*messages)
    tried.keys(keys)
    tried.line(Line.DOWN)
    tried.line(Line.UP)
    tried.wait(100)
    assert opening([effect for _, effect in tried.did]) == []


# --- the keypad ---------------------------------------------------------------


def test_every_key_beeps_and_a_whole_code_is_sent() -> None:
    effects = TriedDoor().keys("042137#")
    assert effects.count(Beep()) == 7
    assert Submit(EnterCode("042137")) in effects


def test_a_code_of_the_wrong_length_is_refused_here() -> None:
    tried = TriedDoor()
    effects = tried.keys("0421#")
    assert not any(isinstance(effect, Submit) for effect in effects)
    assert tried.mood() is Mood.ERROR
    tried.wait(3.1)
    assert tried.mood() is Mood.READY


def test_a_code_typed_without_a_line_is_never_kept_for_later() -> None:
    tried = TriedDoor(Line.DOWN)
    tried.keys("042137#")
    tried.wait(1)
    tried.line(Line.UP)
    tried.wait(60)
    assert not any(isinstance(effect, Submit) for _, effect in tried.did)


def test_digits_are_forgotten_after_ten_seconds() -> None:
    tried = TriedDoor()
    tried.keys("0421")
    tried.wait(10.1)
    assert not any(isinstance(effect, Submit) for effect in tried.keys("37#"))


def test_digits_that_are_forgotten_leave_nothing_to_wake_for() -> None:
    tried = TriedDoor()
    tried.keys("0421")
    tried.wait(10.1)
    assert tried.door.wake_at() == math.inf


# --- the lights -----------------------------------------------------------------


def test_what_is_typed_in_vain_is_shown_as_an_error() -> None:
    """A code of the wrong length, and any code while the line is down."""
    for line, keys in ((Line.UP, "0421#"), (Line.DOWN, "042137#")):
        tried = TriedDoor(line)
        tried.keys(keys)
        assert tried.mood() is Mood.ERROR


def test_a_door_is_offline_until_its_line_is_up() -> None:
    door = Behaviour(lambda: "press")
    assert Show(Mood.OFFLINE) in door.tick(1000)


def test_a_code_that_opened_is_answered() -> None:
    """No error is shown when its time for an answer is over."""
    tried = TriedDoor()
    tried.keys("042137#")
    (energise,) = opening(tried.hear(Open("o1", None, 5, 15)))
    tried.do(lambda now: tried.door.opened(energise, now))
    tried.wait(60)
    shown = [effect.mood for _, effect in tried.did if isinstance(effect, Show)]
    assert Mood.ERROR not in shown
    assert shown[-1] is Mood.READY


def test_a_code_that_nobody_answered_is_an_error_for_a_moment() -> None:
    tried = TriedDoor()
    tried.keys("042137#")
    tried.wait(60)
    assert tried.mood() is Mood.READY


def test_the_lights_tell_a_ring_from_press_to_answer() -> None:
    tried = TriedDoor()
    tried.press()
    assert tried.mood() is Mood.CAPTURING
    tried.do(lambda now: tried.door.captured("press-1", now))
    assert tried.mood() is Mood.WAITING
    ring = rung(tried)
    tried.hear(Declined(ring))
    assert tried.mood() is Mood.ERROR
    tried.wait(3.1)
    assert tried.mood() is Mood.READY


def test_a_refused_code_is_shown_and_one_without_an_answer_too() -> None:
    for answer in (Refused("wrong", 4), None):
        tried = TriedDoor()
        tried.keys("042137#")
        assert tried.mood() is Mood.WAITING
        if answer:
            tried.hear(answer)
        else:
            tried.wait(10)
        assert tried.mood() is Mood.ERROR


def test_a_lost_line_is_shown_after_a_moment_and_a_refused_one_as_an_error() -> None:
    tried = TriedDoor()
    tried.line(Line.DOWN)
    assert tried.mood() is Mood.READY
    tried.wait(3.1)
    assert tried.mood() is Mood.OFFLINE
    tried.line(Line.REFUSED)
    assert tried.mood() is Mood.ERROR


def test_a_lost_line_that_is_told_again_is_shown_no_later() -> None:
    tried = TriedDoor()
    tried.line(Line.DOWN)
    tried.wait(2)
    tried.line(Line.DOWN)
    tried.wait(1.1)
    assert tried.mood() is Mood.OFFLINE


def test_a_part_that_does_not_work_is_shown_while_nothing_else_is_going_on() -> None:
    door = Behaviour(lambda: "press", faulty=True)
    assert Show(Mood.FAULT) in door.line(Line.UP, 1000)
    assert Show(Mood.CAPTURING) in door.press(1001, 1001)


def test_a_part_that_fails_later_is_shown_from_then_on() -> None:
    door = Behaviour(lambda: "press")
    assert Show(Mood.READY) in door.line(Line.UP, 1000)
    assert door.broken(1001) == [Show(Mood.FAULT)]
    assert door.line(Line.UP, 1002) == []


def test_a_door_is_busy_while_somebody_waits() -> None:
    tried = TriedDoor()
    assert not tried.door.busy(tried.now)
    tried.press()
    assert tried.door.busy(tried.now)
    tried.wait(121)
    assert not tried.door.busy(tried.now)


def test_a_visitor_is_expected_for_as_long_as_the_residents_may_answer() -> None:
    tried = TriedDoor()
    tried.press()
    ring = rung(tried)
    tried.hear(RingThrough(ring, "stranger", answer_within=600))
    tried.wait(590)
    assert tried.mood() is Mood.WAITING
    assert tried.door.busy(tried.now)
    tried.press()
    assert tried.sounds == [0, 590], "a second press of a visitor who waits rings at once"


def test_a_ring_through_never_shortens_the_visit() -> None:
    tried = TriedDoor()
    tried.press()
    tried.hear(RingThrough(rung(tried), "stranger", answer_within=5))
    tried.wait(100)
    assert tried.door.busy(tried.now)


def test_a_ring_of_a_former_run_is_waited_for_as_well() -> None:
    tried = TriedDoor()
    tried.hear(RingThrough("unheard-of", "stranger", answer_within=300))
    tried.wait(290)
    assert tried.door.busy(tried.now)
    tried.wait(11)
    assert not tried.door.busy(tried.now)


def test_a_year_of_rings_needs_no_more_memory_than_a_day() -> None:
    tried = TriedDoor()
    for n in range(1, 500):
        tried.press()
        rung(tried, n)
        tried.hear(RingThrough(f"ring-{n}", "stranger"))
    assert len(tried.door._bell.visits) <= 50
