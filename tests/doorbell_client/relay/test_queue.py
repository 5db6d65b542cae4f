"""Small files never wait for a large one, a camera's stay in order, and none blocks the rest."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.relay.kept import About, Kept
from doorbell_client.relay.parts import PART_SIZE
from doorbell_client.relay.queue import STAYS_FIRST, Queue, Waiting

if TYPE_CHECKING:
    from random import Random

SMALL, LARGE = 1000, PART_SIZE + 1


def file(camera: str = "garden", size: int = SMALL, name: str = "") -> Kept:
    about = About(camera, "video/mp4", name, 0.0)
    return Kept(str(uuid.uuid4()), about, size, ("",))


def queue_of(*files: Kept) -> Queue:
    queue = Queue()
    for each in files:
        queue.add(each)
    return queue


def taken(waiting: Waiting | None) -> Waiting:
    assert waiting is not None
    return waiting


def test_a_picture_does_not_wait_for_a_clip_of_gigabytes() -> None:
    large, small = file(size=LARGE), file()
    queue = queue_of(large, small)
    assert taken(queue.take("large", 0)).kept == large
    assert taken(queue.take("small", 0)).kept == small


def test_a_cameras_small_files_go_one_after_another_and_cameras_side_by_side() -> None:
    first, second, other = file(), file(), file("drive")
    queue = queue_of(first, second, other)
    going = taken(queue.take("small", 0))
    assert going.kept == first
    assert taken(queue.take("small", 0)).kept == other
    assert queue.take("small", 0) is None
    queue.done(going)
    assert taken(queue.take("small", 0)).kept == second


def test_a_file_stays_first_while_the_network_may_be_to_blame_and_then_lets_others_pass() -> None:
    first, second = file(), file()
    queue = queue_of(first, second)
    for _ in range(STAYS_FIRST):
        going = taken(queue.take("small", 0))
        assert going.kept == first
        queue.failed(going, 0, 10)
    assert taken(queue.take("small", 0)).kept == second
    assert queue.next_due("small", 0) == 10
    assert queue.take("small", 9) is None, "of a camera there goes one at a time"


def test_a_file_that_waits_for_its_camera_hides_no_other_that_waits_for_its_time() -> None:
    first, second, other = file(), file(), file("drive")
    queue = queue_of(first, second, other)
    queue.take("small", 0)
    queue.set_back(taken(queue.take("small", 0)), 30)
    assert queue.take("small", 0) is None
    assert queue.next_due("small", 0) == 30
    assert queue.next_due("large", 0) is None


def test_files_of_a_camera_without_a_good_token_wait_and_others_go() -> None:
    first, other = file(), file("drive")
    queue = queue_of(first, other)
    queue.close(taken(queue.take("small", 0)), 300)
    assert queue.is_closed("garden")
    going = taken(queue.take("small", 0))
    assert going.kept == other
    queue.done(going)
    assert queue.take("small", 299) is None
    again = taken(queue.take("small", 300))
    assert again.kept == first
    queue.done(again)
    assert not queue.is_closed("garden")


def test_a_file_that_the_cloud_does_not_take_waits_alone() -> None:
    first, second = file(), file()
    queue = queue_of(first, second)
    queue.set_back(taken(queue.take("small", 0)), 3600)
    assert taken(queue.take("small", 0)).kept == second
    assert (len(queue), queue.size) == (2, 2 * SMALL)


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_whatever_fails_every_file_is_sent_once_and_small_ones_in_their_cameras_order(
    made: list[tuple[str, bool]], random: Random
) -> None:
    files = [file(camera, LARGE if is_large else SMALL) for camera, is_large in made]
    queue, sent, now, going = queue_of(*files), list[Kept](), 0.0, list[Waiting]()
    fails = 0
    while len(queue):
        now += 1
        going += [each for lane in ("small", "large") if (each := queue.take(lane, now))]
        for each in list(going):
            going.remove(each)
            # Never more than a file may fail and stay first: beyond it others may pass.
            if random.random() < 0.3 and each.failures < STAYS_FIRST - 1:
                queue.failed(each, now, 5)
                fails += 1
            else:
                sent.append(each.kept)
                queue.done(each)
        assert now < 100 + fails * 10
    assert sorted(each.id for each in sent) == sorted(each.id for each in files)
    for camera in "ab":
        small = [each for each in files if each.about.camera == camera and each.size == SMALL]
        assert [each for each in sent if each in small] == small
