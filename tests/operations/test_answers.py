"""Which stack is meant: what was said wins, then what was saved, and nothing is guessed."""

from __future__ import annotations

import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from operations.answers import Answers, Unclear, choose, forget, log_of, place, save

HERE = Answers("doorbell", "eu-central-1", "", {"Owner": "Ada"}, is_saved=True)
SECOND = Answers("second", "us-east-1", "work", {}, is_saved=True)
ABROAD = Answers("doorbell", "us-east-1", "", {}, is_saved=True)


def saved(folder: Path, *answers: Answers) -> Path:
    """A folder in which these are saved."""
    for each in answers:
        save(each, folder)
    return folder


def chosen(folder: Path, stack: str = "", region: str = "", profile: str = "") -> Answers:
    """Which is meant, apart from whether anything was said."""
    return choose(stack, region, profile, folder)._replace(is_anybodys=False)


def test_without_anything_saved_or_said_it_is_doorbell_where_boto3_is_set_to(
    tmp_path: Path,
) -> None:
    assert chosen(tmp_path) == Answers("doorbell", "", "", {})


def test_the_saved_one_needs_no_words(tmp_path: Path) -> None:
    assert chosen(saved(tmp_path, SECOND)) == SECOND


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"stack": "doorbell"}, HERE),
        ({"stack": "second"}, SECOND),
        ({"region": "us-east-1"}, SECOND),
        ({"region": "eu-central-1", "profile": "home"}, HERE._replace(profile="home")),
        ({"stack": "second", "profile": "other"}, SECOND._replace(profile="other")),
        ({"stack": "third"}, Answers("third")),
        ({"stack": "second", "region": "eu-west-1"}, Answers("second", "eu-west-1")),
        ({"region": "eu-west-1"}, Answers("doorbell", "eu-west-1")),
    ],
)
def test_what_was_said_wins_and_what_is_new_has_nothing_of_another(
    tmp_path: Path, said: dict[str, str], meant: Answers
) -> None:
    """`STACK=second` never means the stack that was saved first."""
    assert chosen(saved(tmp_path, HERE, SECOND), **said) == meant


def test_of_several_none_is_guessed(tmp_path: Path) -> None:
    """Whoever deletes would delete the wrong one."""
    folder = saved(tmp_path, HERE, SECOND, ABROAD)
    with pytest.raises(Unclear, match="STACK=doorbell REGION=eu-central-1 or STACK=doorbell"):
        chosen(folder, stack="doorbell")
    with pytest.raises(Unclear, match="STACK=second REGION=us-east-1"):
        chosen(folder)
    assert chosen(folder, stack="doorbell", region="us-east-1") == ABROAD


def test_a_parameter_may_be_added_by_hand_as_a_person_writes_it(tmp_path: Path) -> None:
    file = save(HERE, tmp_path)
    file.write_text(file.read_text("utf-8") + "RingGap = 8\nShowNameAtDoor = true\n", "utf-8")
    assert dict(chosen(tmp_path).parameters) == {
        "Owner": "Ada",
        "RingGap": "8",
        "ShowNameAtDoor": "true",
    }


@pytest.mark.parametrize("text", ["stack = ", 'stack = "a"', "parameters = 5\nstack = 'a'", "\xff"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.b.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(Unclear, match=r"a\.b\.toml cannot be read"):
        chosen(tmp_path)


def test_it_is_for_its_owners_eyes_and_gone_with_its_stack(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    save(HERE, folder)
    save(SECOND, folder)
    log_of(HERE, folder).write_text("said")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    forget(HERE, folder)
    assert list(folder.iterdir()) == [place(SECOND, folder)]
    forget(SECOND, folder)
    forget(SECOND, folder)
    assert not folder.exists()


@given(owner=st.text(st.characters(codec="utf-8"), max_size=64))
def test_whatever_was_answered_is_read_again_as_it_was(owner: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        save(HERE._replace(parameters={"Owner": owner}), Path(folder))
        assert chosen(Path(folder)).parameters == {"Owner": owner}
