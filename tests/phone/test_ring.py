"""Somebody is at the door, and one thumb answers."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from filmmaker.films import make_mp4
from tests.phone.demo_home import code, visitor
from tests.phone.fake_home import visit
from tests.phone.page import HOLD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator

    from tests.phone.fake_server import FakeCloud
    from tests.phone.page import App

LET_IN: Any = {"action": "answer", "ring": "r9", "answer": "let_in"}
DECLINE: Any = {"action": "answer", "ring": "r9", "answer": "decline"}


def test_a_press_is_shown_at_once_and_then_the_photo(app: App, cloud: FakeCloud) -> None:
    cloud.send({"type": "pressed", "ring": "r9", "door": "Front door"})
    app.ring_says("Someone is at Front door")
    visitor(cloud)
    app.ring_says("Not somebody who lives here")
    expect(app.visitor_photo).to_be_visible()


def a_film(cloud: FakeCloud, folder: Path) -> dict[str, str]:
    """A film in the bucket; its links."""
    pictures = [cloud.photos[name] for name in ("courier", "courier2")] * 4
    make_mp4(pictures, folder / "film.mp4", fps=5)
    cloud.photos["film"] = (folder / "film.mp4").read_bytes()
    link = f"{cloud.home.bucket}/film?X-Amz-Signature=3"
    return {"gif": link, "mp4": link}


def plays(film: Locator) -> None:
    """It is on the screen, moves, and makes no sound."""
    expect(film).to_be_visible()
    expect(film).to_have_js_property("muted", value=True)
    film.evaluate("video => new Promise(moves => { video.ontimeupdate = moves; })")


def test_the_film_of_a_ring_moves_in_the_photos_place_and_disturbs_no_hand(
    app: App, cloud: FakeCloud, tmp_path: Path
) -> None:
    visitor(cloud)
    expect(app.visitor_photo).to_be_visible()
    button = app.button("Hold to let in").element_handle()
    cloud.send({"type": "film", "ring": "r9", **a_film(cloud, tmp_path)})
    plays(app.ring.locator("video"))
    assert button is not None
    assert button.evaluate("button => button.isConnected")


def test_a_flat_picture_is_told_over_the_photo_and_disturbs_no_hand(
    app: App, cloud: FakeCloud, tmp_path: Path
) -> None:
    visitor(cloud)
    hold = app.button("Hold to let in")
    place = hold.evaluate("button => button.offsetTop")
    cloud.send({"type": "film", "ring": "r9", "flat": True, **a_film(cloud, tmp_path)})
    told = app.ring.get_by_role("status").filter(has_text="moves like a flat picture")
    expect(told).to_have_text("What is seen moves like a flat picture. Look twice before you open.")
    assert hold.evaluate("button => button.offsetTop") == place
    app.let_in()
    cloud.wait_for(**LET_IN)
    cloud.send({"type": "opened", "ring": "r9", "by": "Eileen"})
    app.ring_says("Opened by Eileen")
    expect(told).to_have_count(0)


@pytest.mark.parametrize("more", [{}, {"flat": "no"}])
def test_a_film_that_says_nothing_of_it_is_shown_without_a_word(
    app: App, cloud: FakeCloud, tmp_path: Path, more: dict[str, Any]
) -> None:
    visitor(cloud)
    cloud.send({"type": "film", "ring": "r9", **more, **a_film(cloud, tmp_path)})
    expect(app.ring.locator("video")).to_be_visible()
    expect(app.ring.get_by_text("flat picture")).to_have_count(0)


def test_the_history_keeps_that_it_was_a_flat_picture(app: App, cloud: FakeCloud) -> None:
    """Also when the film is gone."""
    first, *others = cloud.home.visits
    cloud.home.visits = [{**first, "flat": True}, *others]
    app.page.evaluate("location.hash = '#/visit/r1'")
    expect(app.page.get_by_text("What is seen moves like a flat picture.")).to_be_visible()
    expect(app.page.get_by_text("before you open")).to_have_count(0)


def test_a_film_of_a_ring_that_is_not_on_the_screen_brings_nothing_there(
    app: App, cloud: FakeCloud, tmp_path: Path
) -> None:
    cloud.send({"type": "film", "ring": "r1", **a_film(cloud, tmp_path)})
    app.page.wait_for_timeout(300)
    expect(app.ring).to_be_hidden()


def test_the_history_shows_the_film_of_a_ring(app: App, cloud: FakeCloud, tmp_path: Path) -> None:
    first, *others = cloud.home.visits
    cloud.home.visits = [{**first, "film": a_film(cloud, tmp_path)}, *others]
    app.page.evaluate("location.hash = '#/visit/r1'")
    plays(app.page.locator("main video"))


def test_holding_lets_in_and_the_door_says_so(app: App, cloud: FakeCloud) -> None:
    cloud.on_answer = lambda frame: cloud.send(
        {"type": "opened", "ring": frame["ring"], "by": "Eileen"}
    )
    visitor(cloud)
    app.let_in()
    cloud.wait_for(**LET_IN)
    app.ring_says("Opened by Eileen")


def test_a_stray_tap_opens_nothing(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    app.button("Hold to let in").click()
    app.button("Hold to let in").click(delay=300)
    app.ring_says("Keep holding")
    assert not cloud.said(action="answer")


def test_a_tap_lets_nobody_in_also_where_the_photo_comes_under_the_finger(
    app: App, cloud: FakeCloud
) -> None:
    """What is drawn anew waits for the finger: a button that is gone hears of no finger's end."""
    visitor(cloud)
    lift = app.touch(app.button("Hold to let in"))
    cloud.send({
        "type": "visitor", "ring": "r9", "door": "Front door", "reason": "late",
        "answer_within": 57, "photo": f"{cloud.home.bucket}/grace?X-Amz-Signature=3",
    })  # fmt: skip
    app.page.wait_for_timeout(300)
    lift()
    app.ring_says("The photo came late")
    app.page.wait_for_timeout(HOLD)
    assert not cloud.said(action="answer")
    lift = app.touch(app.button("Hold to let in"))
    visitor(cloud)
    cloud.wait_for(**LET_IN)
    lift()


def test_what_ends_under_the_finger_is_answered_no_more(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    lift = app.touch(app.button("Hold to let in"))
    cloud.send({"type": "declined", "ring": "r9", "by": "Grace"})
    app.ring_says("Declined by Grace")
    app.page.wait_for_timeout(HOLD)
    lift()
    assert not cloud.said(action="answer")


def test_the_keyboard_holds_as_a_finger_does(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    app.button("Hold to let in").focus()
    app.page.keyboard.press("Enter")
    app.ring_says("Keep holding")
    app.page.keyboard.down("Enter")
    cloud.wait_for(**LET_IN)
    app.page.keyboard.up("Enter")
    app.ring_says("You let them in")


def test_a_screen_readers_click_asks_before_it_lets_in(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    app.button("Hold to let in").dispatch_event("click")
    app.ring_says("Open Front door for this visitor?")
    assert not cloud.said(action="answer")
    app.button("Yes, let in").click()
    cloud.wait_for(**LET_IN)


def test_declining_wants_a_second_tap(app: App, cloud: FakeCloud) -> None:
    cloud.on_answer = lambda frame: cloud.send(
        {"type": "declined", "ring": frame["ring"], "by": "Eileen"}
    )
    visitor(cloud)
    app.button("Decline").click()
    app.button("Back").click()
    assert not cloud.said(action="answer")
    app.decline()
    cloud.wait_for(**DECLINE)
    app.ring_says("Declined by Eileen")


def test_a_code_is_large_is_copied_and_is_acknowledged(app: App, cloud: FakeCloud) -> None:
    app.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    code(cloud)
    assert app.shown_code() == "042137"
    cloud.wait_for(action="got", ring="r8")
    assert (
        app.code.locator(".digits").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 60
    )
    app.code.click()
    app.ring_says("Copied")
    assert app.page.evaluate("navigator.clipboard.readText()") == "042137"
    cloud.send({"type": "opened", "ring": "r8", "by": "code"})
    app.ring_says("Opened by code")


def a_question(app: App) -> None:
    """Whether a guest's PIN is to be withdrawn."""
    app.go("Guests")
    app.button("Withdraw").first.click()


def a_large_picture(app: App) -> None:
    """A camera's, over the whole page."""
    app.page.evaluate("location.hash = '#/cameras/garden/pictures'")
    app.page.get_by_role("button", name=re.compile("^Picture of")).first.click()


def a_film_on_the_whole_screen(app: App) -> None:
    """A camera's."""
    app.page.evaluate("location.hash = '#/cameras/garden'")
    film = app.page.locator("main video").first
    film.evaluate("film => { film.onclick = () => film.requestFullscreen(); }")
    film.click()
    app.page.wait_for_function("document.fullscreenElement")


@pytest.mark.parametrize("cover", [a_question, a_large_picture, a_film_on_the_whole_screen])
def test_a_ring_comes_over_whatever_was_open(
    app: App, cloud: FakeCloud, cover: Callable[[App], None]
) -> None:
    """It answers a question with no. Else a code would count as seen that lies under something."""
    cover(app)
    code(cloud)
    cloud.wait_for(action="got", ring="r8")
    app.code.click()
    expect(app.dialog).to_have_count(0)
    assert not app.page.evaluate("document.fullscreenElement")
    assert not cloud.home.asked


def test_a_code_under_a_question_that_stays_is_not_said_to_be_seen(
    app: App, cloud: FakeCloud
) -> None:
    app.page.evaluate("HTMLDialogElement.prototype.close = () => {}")
    a_question(app)
    code(cloud)
    expect(app.page.locator("#ring .code")).to_have_count(1)
    app.page.wait_for_timeout(600)
    assert not cloud.said(action="got")


def test_a_hidden_page_does_not_say_that_a_code_was_seen(app: App, cloud: FakeCloud) -> None:
    app.page.evaluate(
        "Object.defineProperty(document, 'visibilityState', {get: () => window.seen ?? 'hidden'})"
    )
    code(cloud)
    expect(app.code).to_be_visible()
    app.page.wait_for_timeout(600)
    assert not cloud.said(action="got")
    app.page.evaluate(
        "window.seen = 'visible'; document.dispatchEvent(new Event('visibilitychange'))"
    )
    cloud.wait_for(action="got", ring="r8")


def test_a_code_that_is_over_is_not_shown(app: App, cloud: FakeCloud) -> None:
    code(cloud, expires_in=1)
    app.ring_says("The code is over")
    expect(app.code).to_have_count(0)


def test_what_another_phone_answered_shows_here_with_who(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    cloud.send({"type": "declined", "ring": "r9", "by": "Grace"})
    app.ring_says("Declined by Grace")
    expect(app.button("Hold to let in")).to_have_count(0)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("already_answered", "Another phone was quicker"),
        ("too_late", "Too late"),
        ("not_waiting", "does not wait"),
    ],
)
def test_an_answer_that_does_not_count_says_so(
    app: App, cloud: FakeCloud, error: str, words: str
) -> None:
    cloud.on_answer = lambda _frame: cloud.send({"type": "error", "error": error, "message": ""})
    visitor(cloud)
    app.let_in()
    app.ring_says(words)
    expect(app.button("Hold to let in")).to_have_count(0)


def test_nobody_answered_and_the_door_did_not_open(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    cloud.send({"type": "missed", "ring": "r9", "door": "Front door", "reason": "stranger"})
    app.ring_says("You missed someone at Front door")
    visitor(cloud, "r10")
    cloud.send({"type": "not_opened", "ring": "r10"})
    app.ring_says("The door did not open")


def test_rings_at_two_doors_are_both_reached(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    visitor(cloud, "r7", "Garden gate")
    app.button("Garden gate").click()
    app.ring_says("Someone is at Garden gate")
    app.let_in()
    cloud.wait_for(action="answer", ring="r7", answer="let_in")
    app.button("Front door").click()
    app.decline()
    cloud.wait_for(**DECLINE)


def test_a_reload_in_the_middle_brings_the_ring_back_once(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    app.ring_says("Someone is at Front door")
    cloud.pending = [{
        "type": "visitor", "ring": "r9", "door": "Front door", "reason": "stranger",
        "answer_within": 40, "photo": f"{cloud.home.bucket}/grace?X-Amz-Signature=3",
    }]  # fmt: skip
    app.page.reload()
    app.ring_says(re.compile(r"0:(40|39|38)"))
    expect(app.ring.get_by_role("heading")).to_have_count(1)


def test_a_lost_line_is_said_and_the_truth_comes_back_with_it(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    app.ring_says("Someone is at Front door")
    cloud.refuses = True
    cloud.hang_up()
    expect(app.not_connected).to_be_visible()
    cloud.home.visits.insert(0, visit("r9", outcome="declined", by="Grace"))
    cloud.refuses = False
    app.page.evaluate("window.dispatchEvent(new Event('online'))")
    cloud.wait_for(times=2, action="hello")
    app.ring_says("Declined by Grace")
    expect(app.not_connected).to_be_hidden()


def test_an_answer_without_a_line_is_never_sent_later(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    app.ring_says("Someone is at Front door")
    cloud.refuses = True
    cloud.hang_up()
    expect(app.not_connected).to_be_visible()
    app.let_in()
    app.ring_says("your answer was not sent")
    cloud.refuses = False
    app.page.evaluate("window.dispatchEvent(new Event('online'))")
    cloud.wait_for(times=2, action="hello")
    assert not cloud.said(action="answer")


@pytest.mark.own_phone
@pytest.mark.parametrize("hours", [-1, 1])
def test_countdowns_are_right_on_a_clock_that_is_wrong(
    new_phone: App, cloud: FakeCloud, hours: int
) -> None:
    new_phone.page.context.clock.install(time=time.time() + hours * 3600)
    new_phone.keep(cloud.home.token)
    cloud.wait_for(action="hello")
    visitor(cloud)
    new_phone.ring_says(re.compile(r"Time to answer (1:00|0:59|0:58)"))
    code(cloud)
    new_phone.button("Front door").first.click()
    new_phone.ring_says(re.compile(r"Good for (2:00|1:59|1:5\d)"))


def test_after_a_sleep_who_has_gone_is_not_at_the_door(app: App, cloud: FakeCloud) -> None:
    """Also while the line is dead: the wall clock has gone on meanwhile."""
    visitor(cloud)
    app.ring_says("Someone is at Front door")
    cloud.deaf = True
    app.page.evaluate("const now = Date.now; Date.now = () => now.call(Date) + 200000")
    expect(app.button("Hold to let in")).to_have_count(0)
    expect(app.ring).to_be_hidden()
    cloud.wait_for(action="ping")


@pytest.mark.own_phone
def test_a_kept_code_survives_a_clock_that_is_fast(new_phone: App, cloud: FakeCloud) -> None:
    """Nothing is over before the cloud has said what time it is."""
    new_phone.page.context.clock.install(time=time.time() + 3600)
    new_phone.page.goto(f"{cloud.origin}/config.json")
    new_phone.page.evaluate(_KEEP_CODE, time.time() + 60)
    new_phone.keep(cloud.home.token)
    assert new_phone.shown_code() == "042137"


_KEEP_CODE = """async (expires_at) => {
  const { keepCode } = await import("/scripts/storage.js");
  await keepCode({ ring: "r8", code: "042137", door: "Front door", resident: "Eileen",
    expires_at });
}"""


def test_an_action_of_a_notice_opens_at_the_confirmation(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    app.ring_says("Someone is at Front door")
    app.page.evaluate("location.hash = 'ring=r9&do=let_in'")
    app.ring_says("Open Front door for this visitor?")
    assert not cloud.said(action="answer")
    app.button("Yes, let in").click()
    cloud.wait_for(**LET_IN)


def test_the_app_can_be_used_while_somebody_waits(app: App, cloud: FakeCloud) -> None:
    visitor(cloud)
    app.button("Show the app below").click()
    app.go("History")
    expect(app.heading("History")).to_be_visible()
    app.ring.get_by_role("button", name="Front door").click()
    app.ring_says("Someone is at Front door")


def test_a_guest_who_comes_in_by_pin_is_told(app: App, cloud: FakeCloud) -> None:
    cloud.send({"type": "opened", "ring": None, "by": "Cleaner"})
    expect(app.text("Cleaner came in")).to_be_visible()


def test_a_ring_without_a_word_is_looked_up(app: App, cloud: FakeCloud) -> None:
    cloud.home.visits.insert(0, visit(
        "r9", at=time.time(), decision="resident", resident="Grace", outcome="code"
    ))  # fmt: skip
    cloud.send({"type": "pressed", "ring": "r9", "door": "Front door"})
    app.ring_says("Grace is at Front door", seconds=12)
    app.ring_says("The code is on another phone")
