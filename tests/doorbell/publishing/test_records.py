"""What a home publishes, as it is kept: read back as it was, or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from doorbell.errors import BadName, BadSetting, SettingsError
from doorbell.publishing.model import X_API, AppriseAddress, Publication, XAccount
from doorbell.publishing.records import (
    LONGEST_TEXT,
    checked,
    read_publications,
    write_publications,
)
from tests.doorbell.publishing.fakes import TOOT, X, of_camera, of_door

keys = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)
ids = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", fullmatch=True)
texts = st.text(max_size=140).filter(str.isprintable)
nowhere = st.none()
apis = st.sampled_from([X_API, "http://127.0.0.1:8080"])
accounts = st.builds(XAccount, keys, keys, keys, keys, apis) | st.builds(
    AppriseAddress, keys.map(lambda rest: f"mastodons://{rest}")
)
publications = st.builds(
    Publication, ids, accounts, ids, nowhere, st.booleans(), texts
) | st.builds(Publication, ids, accounts, nowhere, ids, st.just(True), texts)


@settings(max_examples=50)
@given(st.lists(publications, max_size=3))
def test_what_is_kept_is_read_back(kept: list[Publication]) -> None:
    assert read_publications(write_publications(kept)) == kept


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(st.text() | anything.map(json.dumps))
def test_what_was_not_written_by_us_is_one_error_and_publishes_nothing(text: str) -> None:
    said = ""
    try:
        assert read_publications(text) == []
    except SettingsError as error:
        said = str(error)
    assert said in ("", "What the home publishes cannot be read.")


@settings(max_examples=50)
@given(publications, st.data())
def test_a_record_with_a_wrong_field_is_not_half_read(
    one: Publication, data: st.DataObject
) -> None:
    """Whichever field it is; what would publish a door by chance, above all."""
    record = json.loads(write_publications([one]))["publications"][0]
    name = data.draw(st.sampled_from(["id", "to", "text", "camera", "door"]))
    record[name] = data.draw(st.sampled_from([1, True, ["a"], {}, {"kind": "x"}]))
    with pytest.raises(SettingsError):
        read_publications(json.dumps({"publications": [record]}))


@pytest.mark.parametrize("word", ["yes", "true", 1, None, [True]])
def test_nothing_but_a_plain_yes_is_one(word: Any) -> None:
    """Of a camera the word is then not said; of a door nothing can be read."""
    camera, door = (
        json.loads(write_publications([each])) for each in (of_camera(visitors=True), of_door())
    )
    for each in (camera, door):
        each["publications"][0]["visitors"] = word
    assert not read_publications(json.dumps(camera))[0].visitors
    with pytest.raises(SettingsError):
        read_publications(json.dumps(door))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (of_camera()._replace(door="front"), "one of both"),
        (of_camera()._replace(camera=None), "one of both"),
        (of_door(visitors=False), "VISITORS=yes"),
        (of_camera(text="x" * 141), "140 letters"),
        (of_camera(text="two\nlines"), "one line"),
        (of_camera(AppriseAddress("topic")), "Apprise's form"),
        (of_camera(AppriseAddress("a b://x")), "Apprise's form"),
        (of_camera(AppriseAddress("ntfy://a\n")), "Apprise's form"),
        (of_camera(X._replace(token="")), "four keys"),
        (of_camera(X._replace(token="two\nlines")), "four keys"),
        (of_camera(X._replace(api="http://api.x.com")), "HTTPS"),
        (of_camera(X._replace(api="api.x.com")), "HTTPS"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wrong: Publication, said: str) -> None:
    with pytest.raises(BadSetting, match=said):
        checked(wrong)


def test_a_device_is_named_by_its_id() -> None:
    with pytest.raises(BadName):
        checked(of_camera(TOOT)._replace(camera="../x"))


def test_what_may_be_shown_of_an_account_is_its_service() -> None:
    """Never the rest of an address, whatever it holds."""
    assert AppriseAddress("mastodons://token@host/?via=http://x").service == "mastodons"
    assert X.service == "x"


@pytest.mark.parametrize(("letters", "taken"), [(LONGEST_TEXT, True), (LONGEST_TEXT + 1, False)])
def test_a_text_has_a_length(letters: int, taken: bool) -> None:
    publication = of_camera(text="x" * letters)
    if taken:
        assert checked(publication) == publication
    else:
        with pytest.raises(BadSetting, match="letters at most"):
            checked(publication)


@pytest.mark.parametrize("url", ["toot://token@host/a b", "toot://token@host/\x1f"])
def test_an_address_holds_no_white_space(url: str) -> None:
    with pytest.raises(BadSetting, match="Say where"):
        checked(of_camera(to=AppriseAddress(url)))


def test_a_record_without_a_text_has_none() -> None:
    record = json.loads(write_publications([of_camera()]))
    del record["publications"][0]["text"]
    (read,) = read_publications(json.dumps(record))
    assert read.text == ""
