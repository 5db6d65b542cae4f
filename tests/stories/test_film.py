"""The film of a ring, from the burst in the bucket to the phone and the history."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from demo.scenes import visitor
from doorbell.protocol import Film, Ring, RingThrough, Ticket
from proof.liveness.scenes import burst
from tests.doorbell.films.test_burst import drawn
from tests.filmmaker.drawn import frames, gif, mp4
from tests.filmmaker.test_pictures import huge
from tests.stories.doorstep import put

if TYPE_CHECKING:
    from pathlib import Path

    from demo.device import Device
    from tests.stories.doorstep import Home

PATIENCE: Final = 20.0


def took(home: Home, ring: str, burst: bytes) -> None:
    """The door's burst of this ring comes into the bucket."""
    home.stack.aws.client("s3").put_object(
        Bucket=home.stack.bucket, Key=f"guest/{home.id}/{ring}/burst.mjpeg", Body=burst
    )


def visit(home: Home, ring: str) -> dict[str, Any]:
    """The ring as the phone's history shows it."""
    answer = httpx.get(
        f"{home.stack.outputs['PhoneApi']}/api/rings/{ring}",
        headers={"Authorization": f"Bearer {home.phone}"},
        trust_env=False,
    )
    shown: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
    return shown


def awaited(home: Home, ring: str) -> dict[str, str]:
    """The film in the history, once it is there."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if film := visit(home, ring).get("film"):
            found: dict[str, str] = film
            return found
        time.sleep(0.1)
    raise AssertionError("no film came into the history")


def fetched(link: str, into: Path) -> Path:
    """What a phone gets by this link."""
    answer = httpx.get(link, trust_env=False)
    assert answer.status_code == 200
    into.write_bytes(answer.content)
    return into


def test_the_film_of_a_ring_is_on_the_phone_and_in_the_history(
    home: Home, door: Device, phone: Device, tmp_path: Path
) -> None:
    """Both links show what the door took, in order; the history has links of its own."""
    door.send(Ring())
    ring = door.hear(Ticket).ring
    took(home, ring, b"".join(frames(range(8))))
    film = phone.hear(Film, within=PATIENCE)
    assert film.ring == ring
    assert mp4(fetched(film.mp4, tmp_path / "film.mp4")).numbers == list(range(8))
    assert gif(fetched(film.gif, tmp_path / "film.gif")).numbers == list(range(8))
    kept = awaited(home, ring)
    assert mp4(fetched(kept["mp4"], tmp_path / "kept.mp4")).numbers == list(range(8))
    assert gif(fetched(kept["gif"], tmp_path / "kept.gif")).numbers == list(range(8))


def test_what_moves_like_a_flat_print_is_said_on_the_phone_and_in_the_history(
    home: Home, door: Device, phone: Device
) -> None:
    """And the ring goes on as if nothing had been said."""
    door.send(Ring())
    ticket = door.hear(Ticket)
    took(home, ticket.ring, b"".join(burst("tilted", 1).jpegs))
    assert phone.hear(Film, within=PATIENCE).flat is True
    awaited(home, ticket.ring)
    assert visit(home, ticket.ring)["flat"] is True
    assert put(ticket.upload, next(visitor(1))) == 200
    assert door.hear(RingThrough).ring == ticket.ring


def test_a_ring_that_ended_has_its_film_all_the_same(
    home: Home, door: Device, phone: Device
) -> None:
    """And how it ended stands: the film comes when it comes."""
    door.send(Ring())
    ticket = door.hear(Ticket)
    assert put(ticket.upload, b"") == 200
    door.hear(RingThrough)
    took(home, ticket.ring, b"".join(frames([1, 2])))
    phone.hear(Film, within=PATIENCE)
    awaited(home, ticket.ring)
    shown = visit(home, ticket.ring)
    assert (shown["decision"], shown["outcome"]) == ("unreadable", "asked")


def test_one_broken_frame_costs_no_other(
    home: Home, door: Device, phone: Device, tmp_path: Path
) -> None:
    door.send(Ring())
    ring = door.hear(Ticket).ring
    whole = list(frames(range(5)))
    took(home, ring, b"".join([*whole[:2], whole[2][: len(whole[2]) // 2], *whole[3:]]))
    film = phone.hear(Film, within=PATIENCE)
    assert mp4(fetched(film.mp4, tmp_path / "film.mp4")).numbers == [0, 1, 3, 4]


@pytest.mark.parametrize(
    "burst",
    [b"", b"text", b"\xff\xd8\xff", drawn(1)[:-9], drawn(1) * 33, huge(65500, 65500) * 3],
    ids=["empty", "text", "beginning", "broken", "33 frames", "bombs"],
)
def test_a_ring_whose_film_fails_loses_nothing_else(
    home: Home, door: Device, phone: Device, burst: bytes
) -> None:
    """It rings, it is in the history, and it has no film; the next one has."""
    door.send(Ring())
    ticket = door.hear(Ticket)
    took(home, ticket.ring, burst)
    assert put(ticket.upload, next(visitor(1))) == 200
    assert door.hear(RingThrough).ring == ticket.ring
    door.send(Ring())
    second = door.hear(Ticket).ring
    took(home, second, b"".join(frames([3])))
    assert phone.hear(Film, within=PATIENCE).ring == second
    awaited(home, second)
    assert visit(home, ticket.ring)["film"] is None
