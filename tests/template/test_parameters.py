"""What may be tuned: the template and the code know the same limits."""

from __future__ import annotations

import json
import re
from typing import Final

import pytest

from doorbell.errors import BadName, SettingsError
from doorbell.homes import check_id, resident_photo
from doorbell.settings import Settings, read_settings
from doorbell_client.door.timeouts import DoorTimeouts
from local.stack import HERE
from operations.regions import WITHOUT_REKOGNITION
from tests.template.sources import ROOT, functions, machines, template

PARAMETERS: Final = template()["Parameters"]
GIVEN: Final = {
    variable: value["Ref"]
    for variable, value in functions()["RingPath"]["Environment"]["Variables"].items()
    if isinstance(value, dict) and value.get("Ref") in PARAMETERS
}
"""Which parameter each variable of the ring path's environment comes from."""

NUMBERS: Final = sorted(
    name
    for name in GIVEN
    if isinstance(Settings._field_defaults[name.lower()], int | float)
    and not isinstance(Settings._field_defaults[name.lower()], bool)
)

RANGES: Final = {
    name: tuple(map(int, found.groups()))
    for name, parameter in PARAMETERS.items()
    if (
        found := re.fullmatch(
            r"a whole number from (\d+) to (\d+)", parameter.get("ConstraintDescription", "")
        )
    )
}
"""Parameters that are whole numbers, and from where to where, as a deployer is told."""

RETENTIONS: Final = {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827}
"""The days that CloudWatch Logs knows, up to five years."""


def test_every_setting_is_a_parameter() -> None:
    """Nothing that the code reads is out of a deployer's reach, and nothing is set in vain."""
    assert {name.lower() for name in GIVEN} == set(Settings._fields)


def test_the_defaults_are_one() -> None:
    """A deployment without any parameter behaves as `Settings()`."""
    assert read_settings({name: str(PARAMETERS[of]["Default"]) for name, of in GIVEN.items()}) == (
        Settings()
    )


@pytest.mark.parametrize("variable", NUMBERS)
def test_what_can_be_deployed_can_be_read(variable: str) -> None:
    """The template refuses exactly what the function would refuse at every ring."""
    low, high = RANGES[GIVEN[variable]]
    for fits in (low, high):
        read_settings({variable: str(fits)})
    for refused in (low - 1, high + 1):
        with pytest.raises(SettingsError, match=variable):
            read_settings({variable: str(refused)})


@pytest.mark.parametrize("name", RANGES)
def test_a_whole_number_is_taken_in_its_range_and_nowhere_else(name: str) -> None:
    """The pattern takes each number from the first to the last as Python writes it, no other, and
    no other way of writing one. CloudFormation's `Number` would take a decimal, and Step
    Functions refuse it at every ring.
    """
    low, high = RANGES[name]
    near = range(-1000, min(high, 1000) + 1000)
    far = (*range(high - 1000, high + 1000), high * 10, high * 10 + 1, high * 100)
    for value in {*near, *far}:
        assert _takes(name, str(value)) == (low <= value <= high), value
    for fits in (low, high, (low + high) // 2):
        for odd in (
            "{}.0",
            "{}.5",
            "0{}",
            "00{}",
            " {}",
            "{} ",
            "{}\n",
            "+{}",
            "{}e0",
            "{}s",
            "{}.",
        ):
            assert not _takes(name, odd.format(fits)), odd.format(fits)
    for nothing in ("", " ", "-", "true", "five", "\u0665", "0x5"):
        assert not _takes(name, nothing), nothing


def test_every_pattern_of_digits_has_a_range() -> None:
    """What is refused is told as a range, and the default lies in it."""
    digits = {
        name
        for name, parameter in PARAMETERS.items()
        if re.match(r"\^\(\[[0-9]", parameter.get("AllowedPattern", ""))
    }
    assert digits == set(RANGES)
    for name in RANGES:
        assert PARAMETERS[name]["Type"] == "String"
        assert _takes(name, PARAMETERS[name]["Default"]), name


def test_no_parameter_that_a_machine_waits_for_can_be_a_decimal() -> None:
    """Every `Seconds` of a machine that is filled in is filled with a whole number."""
    filled = {
        found[1]: machine["DefinitionSubstitutions"][found[1]]["Ref"]
        for machine in machines().values()
        for found in _SECONDS.finditer((ROOT / machine["DefinitionUri"]).read_text("utf-8"))
    }
    assert set(filled.values()) == {
        "GotSeconds",
        "AnswerSeconds",
        "PhotoSeconds",
        "OpenValidFor",
    }
    assert set(filled.values()) <= set(RANGES)


_SECONDS: Final = re.compile(r"""Seconds"\s*:\s*"\{%\s*\$number\('\$\{(\w+)\}'\)""")


def test_a_photo_is_awaited_no_longer_than_it_may_be_late() -> None:
    """By default `watch` rings while the visitor still stands there, not when it is too late."""
    assert _default("PhotoSeconds") < _default("LateAfter")
    assert RANGES["PhotoSeconds"][0] >= 1


def test_a_phone_has_less_time_to_speak_than_a_door_waits() -> None:
    """By default the bell of a resident whose phone is frozen rings before the door's own does."""
    assert _default("GotSeconds") < DoorTimeouts().decision
    assert _default("GotSeconds") < _default("PhotoSeconds")


@pytest.mark.parametrize(
    "name", ["home", "a", "0-0", "x" * 32, "x" * 33, "", "-a", "a-", "A", "a/b"]
)
def test_a_default_home_that_can_be_deployed_is_a_home(name: str) -> None:
    """The template's pattern takes exactly the names that the code takes."""
    taken = re.fullmatch(PARAMETERS["DefaultHome"]["AllowedPattern"], name) is not None
    assert taken == _is_home(name)


def test_the_owner_can_be_a_resident() -> None:
    """source.jpeg enrols somebody: the owner's name is neither empty nor too long for a key."""
    owner = PARAMETERS["Owner"]
    for name in (owner["Default"], "x" * owner["MinLength"], "x" * owner["MaxLength"]):
        key = f"residents/home/{name}/a.jpeg"
        assert resident_photo(key, default_home="home", owner=name)


def test_logs_are_kept_for_a_number_of_days_that_cloudwatch_knows() -> None:
    """Retention can only be what CloudWatch Logs takes."""
    assert set(PARAMETERS["LogDays"]["AllowedValues"]) <= RETENTIONS
    assert PARAMETERS["LogDays"]["Default"] in PARAMETERS["LogDays"]["AllowedValues"]


def test_codes_are_safe_by_default() -> None:
    """AWS's advice for access by face, NIST's ceiling for a code, and neither name nor code at
    the door.
    """
    assert float(PARAMETERS["Similarity"]["Default"]) >= 99
    assert RANGES["CodeLife"][1] <= 600
    assert PARAMETERS["ShowNameAtDoor"]["Default"] == "false"
    assert PARAMETERS["ShowCodeAtDoor"]["Default"] == "false"


def test_one_machine_sets_only_what_the_template_has() -> None:
    """What the one machine sets otherwise are parameters, within their bounds."""
    for name, value in HERE.items():
        assert _takes(name, value), name


@pytest.mark.parametrize("value", ["50", "99", "99.5", "99.99", "100", "100.0", "80.00"])
def test_how_alike_faces_must_be_is_a_plain_decimal(value: str) -> None:
    """What the pattern takes is a JSON number, as the state machine's expression needs it."""
    assert _takes("Similarity", value)
    assert 50 <= json.loads(value) <= 100


@pytest.mark.parametrize(
    "value",
    [
        "49",
        "49.99",
        "100.01",
        "101",
        "99.",
        ".99",
        "9.9e1",
        "0x63",
        "+99",
        "099",
        "99,5",
        "",
        " 99",
    ],
)
def test_no_other_way_to_write_a_decimal_is_taken(value: str) -> None:
    """CloudFormation's `Number` would take some of these, and a ring would fail by them."""
    assert not _takes("Similarity", value)


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("", True),
        ("ada@example.org", True),
        ("a.b+c_d%e-f@mail.example.co.uk", True),
        ("ada", False),
        ("ada@example", False),
        ("@example.org", False),
        ("ada@example.org, eve@example.org", False),
        ("ada@example.org\n", False),
        ("ada@@example.org", False),
        (" ada@example.org", False),
    ],
)
def test_alarms_go_to_nobody_or_to_one_address(value: str, taken: bool) -> None:
    assert _takes("AlarmEmail", value) == taken


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("", True),
        ("http://127.0.0.1:4566", True),
        ("http://localhost", True),
        ("http://[::1]:1", True),
        ("https://127.0.0.1:4566", False),
        ("http://127.0.0.1.example.org", False),
        ("http://127.0.0.1@example.org", False),
        ("http://example.org:4566", False),
        ("http://10.0.0.1", False),
        ("anything", False),
    ],
)
def test_one_machine_is_at_a_loopback_address(value: str, taken: bool) -> None:
    """Any value opens the bucket to plain HTTP and widens a role, so none can point elsewhere."""
    assert _takes("LocalEndpoint", value) == taken


def test_the_template_refuses_the_regions_where_no_face_can_be_compared() -> None:
    """The same as `make deploy` does."""
    (rule,) = template()["Rules"].values()
    (assertion,) = rule["Assertions"]
    ((names, where),) = (each["Fn::Contains"] for each in assertion["Assert"]["Fn::Not"])
    assert tuple(names) == WITHOUT_REKOGNITION
    assert where == {"Ref": "AWS::Region"}


def test_every_parameter_is_used_and_described() -> None:
    """No knob that turns nothing."""
    text = str({**template(), "Parameters": {}})
    for name, parameter in PARAMETERS.items():
        assert re.search(rf"'Ref': '{name}'|\$\{{{name}\}}", text), name
        assert parameter["Description"].endswith("."), name


def _takes(name: str, value: str) -> bool:
    """As CloudFormation decides: with Java, whose pattern must match the whole of a value."""
    return re.fullmatch(PARAMETERS[name]["AllowedPattern"], value) is not None


def _default(name: str) -> int:
    return int(PARAMETERS[name]["Default"])


def _is_home(name: str) -> bool:
    try:
        return check_id(name, "home") == name
    except BadName:
        return False
