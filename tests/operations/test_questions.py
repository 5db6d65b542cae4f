"""Four questions, asked until the answer will do; and the template's defaults are not answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from doorbell.errors import BadName, BadSetting
from operations.answers import Answers
from operations.parameters import all_values, read_parameters
from operations.questions import NobodyAnswered, ask_all, in_terminal
from tests.template.sources import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DECLARED: Final = read_parameters(ROOT / "template.yaml")


class Person:
    """Somebody who types these lines, one after another."""

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)
        self.asked: list[str] = []

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        return self.lines.pop(0)


def answers(*lines: str, stack: str = "", region: str = "") -> tuple[Answers, Person]:
    """What came of it, where boto3 is set to Frankfurt."""
    person = Person(*lines)
    known = Answers(stack or "doorbell", "eu-central-1", "home")
    fixed = {"stack": stack, "region": region}
    return ask_all(known, DECLARED, person, fixed=fixed), person


def test_who_presses_return_gets_what_is_usual_and_none_of_it_is_saved() -> None:
    """A default that is copied would never change again."""
    given, person = answers("", "", "", "")
    assert given == Answers("doorbell", "eu-central-1", "home", {})
    assert len(person.asked) == 4


def test_what_is_answered_is_kept() -> None:
    given, _ = answers("second", "us-east-1", "ada@example.org", "Ada Lovelace")
    assert given == Answers(
        "second", "us-east-1", "home", {"AlarmEmail": "ada@example.org", "Owner": "Ada Lovelace"}
    )


def test_what_was_said_already_is_not_asked() -> None:
    given, person = answers("", "", stack="third", region="eu-west-1")
    assert given[:2] == ("third", "eu-west-1")
    assert not any(question.startswith(("Stack", "Region")) for question in person.asked)


def test_it_is_asked_again_and_said_why(capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["my stack", "s", "eu-north-1", "Frankfurt", "eu-west-1", "ada@", "", "x" * 65, "Ada"]
    given, person = answers(*lines)
    assert (given.stack, given.region, given.parameters) == ("s", "eu-west-1", {"Owner": "Ada"})
    assert person.lines == []
    said = capsys.readouterr().err
    assert "A stack is named by 1 to 40 letters, digits and hyphens, unlike 'my stack'." in said
    assert "Rekognition, which compares the faces, is not in eu-north-1 (as of " in said
    assert "Near it are eu-central-1" in said
    assert "A region is named as eu-central-1 is, unlike 'Frankfurt'." in said
    assert "expected empty, or an e-mail address such as ada@example.org" in said
    assert "expected 1 to 64 letters" in said


@pytest.mark.parametrize(
    "said", [{"stack": "my stack"}, {"region": "eu-north-1"}, {"region": "cn-north-1"}]
)
def test_what_was_said_and_will_not_do_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(BadName):
        answers("", "", "", **said)


def test_with_nobody_there_it_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "nothing").touch()
    with (tmp_path / "nothing").open() as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        with pytest.raises(NobodyAnswered, match="Nobody answered"):
            in_terminal("Stack: ")


# --- the values that are deployed ----------------------------------------------------------


def test_every_parameter_is_given_a_value_so_that_a_changed_default_arrives() -> None:
    """SAM would keep the former value of what it is not given."""
    values = all_values(DECLARED, {"RingGap": "8"})
    assert set(values) == set(DECLARED)
    assert values["RingGap"] == "8"
    assert values["LogDays"] == "14"
    changed = {**DECLARED, "RingGap": DECLARED["RingGap"] | {"Default": "7"}}
    assert all_values(changed, {})["RingGap"] == "7"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"RingGapp": "8"}, "no parameter RingGapp"),
        ({"RingGap": "61"}, "RingGap cannot be '61': expected a whole number from 0 to 60"),
        ({"LogDays": "2"}, "LogDays cannot be '2': expected 1, 3, 5"),
        ({"Owner": ""}, "Owner cannot be '': expected 1 to 64 letters"),
        ({"LocalEndpoint": "http://example.org"}, "LocalEndpoint cannot be"),
    ],
)
def test_what_cloudformation_would_refuse_is_refused_before_anything_is_built(
    given: dict[str, str], said: str
) -> None:
    with pytest.raises(BadSetting, match=said):
        all_values(DECLARED, given)
