"""What is told in a file's name comes out again, and no other file is taken for a shot."""

import uuid

from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.camera.shot import Kind, home_mark, new_shot, shot_named
from doorbell_client.config.credentials import Credentials

kinds: st.SearchStrategy[Kind] = st.sampled_from(("picture", "burst"))


@given(kinds, st.floats(0, 9_000_000_000), st.uuids())
def test_a_shot_s_name_says_all_of_it(kind: Kind, wall: float, shot_id: uuid.UUID) -> None:
    shot = new_shot(kind, wall, "0123abcd", str(shot_id))
    assert shot_named(shot.file_name) == shot
    assert abs(shot.taken_at - wall) <= 0.001


@given(st.lists(st.floats(0, 9_000_000_000), min_size=2, max_size=5))
def test_names_sort_by_time(walls: list[float]) -> None:
    shots = [new_shot("picture", wall, "0123abcd") for wall in walls]
    by_name = sorted(shots, key=lambda shot: shot.file_name)
    assert [shot.taken_ms for shot in by_name] == sorted(shot.taken_ms for shot in shots)


@given(st.text())
def test_any_other_name_is_no_shot(name: str) -> None:
    assert shot_named(name) is None


def test_a_part_and_a_neighbour_s_file_are_no_shots() -> None:
    name = new_shot("picture", 1.0, "0123abcd").file_name
    for other in (f"{name}.part", "lock", "timelapse", f"../{name}", name.upper()):
        assert shot_named(other) is None


def test_before_1970_a_clock_that_is_wrong_still_gives_a_shot() -> None:
    shot = new_shot("picture", -5.0, "0123abcd")
    assert shot_named(shot.file_name) == shot


def test_another_home_or_stack_has_another_mark_and_no_token_is_in_it() -> None:
    here = home_mark(Credentials("https://a.example/", "home.party.secret"))
    assert here == home_mark(Credentials("https://a.example/", "home.other.else"))
    assert here != home_mark(Credentials("https://b.example/", "home.party.secret"))
    assert here != home_mark(Credentials("https://a.example/", "away.party.secret"))
    assert len(here) == 8
