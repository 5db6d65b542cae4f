"""The recognising processes: right answers to many at once, and no way to lose them all."""

import os
import signal
import statistics
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from demo.people import Person, door_photo, portrait
from local.faces import broken
from local.faces import pool as pools
from local.faces.errors import RecogniserFailed, UnreadablePicture
from local.faces.face import similarity
from local.faces.pool import Pool

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/schedstat").exists(), reason="only Linux tells a process's threads"
)


def test_eight_threads_all_get_right_answers(pool: Pool) -> None:
    """Pictures of three people from eight threads at once never get each other's answers."""
    known = {person: pool.faces(portrait(person))[0].vector for person in Person}
    shown = [person for _ in range(4) for person in Person]
    pictures = [door_photo(person, shot) for shot, person in enumerate(shown)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(pool.faces, pictures))
    for person, (face,) in zip(shown, found, strict=True):
        alike = {
            other: similarity(float(np.linalg.norm(vector - face.vector)))
            for other, vector in known.items()
        }
        assert [other for other in Person if alike[other] >= 99] == [person]


def test_nothing_starts_before_the_first_picture() -> None:
    """A pool that was not warmed up has no process, and serves the first picture all the same."""
    with closing(Pool(1)) as pool:
        assert pool.pids == []
        assert len(pool.faces(portrait(Person.EILEEN))) == 1
        assert len(pool.pids) == 1


@needs_proc
def test_a_worker_that_has_just_started_is_warm() -> None:
    """The first search of a ready worker takes as long as its second, within a quarter.

    Each is the median of five workers' processor time, which a busy machine hardly changes. Cold,
    the first takes 1.4 times as long.
    """
    picture = door_photo(Person.EILEEN)
    firsts: list[float] = []
    seconds: list[float] = []
    for _ in range(5):
        with closing(Pool(1)) as pool:
            pool.wait_until_ready()
            (pid,) = pool.pids
            for spent in (firsts, seconds):
                before = _processor_time(pid)
                pool.faces(picture, 1)
                spent.append(_processor_time(pid) - before)
    assert statistics.median(firsts) < 1.25 * statistics.median(seconds)


def _processor_time(pid: int) -> float:
    """Seconds that the process's threads computed."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


@needs_proc
def test_a_worker_computes_in_one_thread(pool: Pool) -> None:
    """numpy starts no threads of its own: two workers' would wait for each other."""
    pool.faces(portrait(Person.EILEEN), 1)
    assert [len(list(Path(f"/proc/{pid}/task").iterdir())) for pid in pool.pids] == [1, 1]


def test_several_may_wait_until_it_is_ready() -> None:
    """Callers who wait for the models at the same time do not wait for each other for ever."""
    with closing(Pool(2)) as pool, ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(pool.wait_until_ready) for _ in range(4)]
        assert [each.exception(20) for each in waiting] == [None] * 4


def test_a_worker_killed_between_pictures_is_replaced(pool: Pool) -> None:
    """Both workers killed: the next picture is answered by a new one."""
    killed = pool.pids
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    assert len(pool.faces(portrait(Person.GRACE))) == 1
    pool.wait_until_ready()
    assert not set(pool.pids) & set(killed)


def test_a_worker_killed_at_work_costs_one_retry() -> None:
    """A worker that dies over a picture does not lose it: another looks at it."""
    with closing(Pool(1)) as pool:
        pool.wait_until_ready()
        (pid,) = pool.pids
        # A stopped process cannot answer before it is killed.
        os.kill(pid, signal.SIGSTOP)
        killer = threading.Timer(0.2, os.kill, (pid, signal.SIGKILL))
        killer.start()
        assert len(pool.faces(portrait(Person.GRACE))) == 1
        killer.join()
        assert pool.pids != [pid]


def test_a_worker_that_sticks_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does not answer in time is replaced, like one that died."""
    with closing(Pool(1)) as pool:
        pool.wait_until_ready()
        (pid,) = pool.pids
        monkeypatch.setattr(pools, "_PATIENCE", 4.0)
        os.kill(pid, signal.SIGSTOP)
        assert len(pool.faces(portrait(Person.GRACE))) == 1
        assert pool.pids != [pid]


def test_a_picture_that_kills_every_worker_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the second worker dies over it, the picture is RecogniserFailed."""
    monkeypatch.setattr(pools, "_PATIENCE", 0.0)
    with closing(Pool(1)) as pool, pytest.raises(RecogniserFailed):
        pool.faces(portrait(Person.GRACE))


def test_a_bad_picture_costs_no_worker(pool: Pool) -> None:
    """More bad pictures than there are workers, and the same processes still serve."""
    pool.wait_until_ready()
    before = sorted(pool.pids)
    for _ in range(5):
        with pytest.raises(UnreadablePicture):
            pool.faces(broken.truncated_jpeg())
    assert len(pool.faces(portrait(Person.EILEEN))) == 1
    assert sorted(pool.pids) == before


def test_closing_ends_every_process() -> None:
    """A closed pool has no process and answers nobody, not even those who wait already."""
    pool, picture = Pool(2), portrait(Person.EILEEN)
    pool.wait_until_ready()
    pids = pool.pids
    with ThreadPoolExecutor(6) as threads:
        waiting = [threads.submit(pool.faces, picture) for _ in range(6)]
        pool.close()
        ends = [each.exception(5) for each in waiting]
    assert {type(end) for end in ends[2:]} == {RecogniserFailed}
    assert not any(map(_runs, pids))
    assert pool.pids == []


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
