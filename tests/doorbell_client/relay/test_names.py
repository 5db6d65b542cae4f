"""A file's name comes from the camera, and is a line of text without folders whatever that says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.relay.names import MOST_CHARACTERS, name_of


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="image26-11-20.jpg"', "image26-11-20.jpg"),
        ("attachment; filename=clip.mkv", "clip.mkv"),
        ('attachment;filename="a \\"b\\".jpg"', 'a "b".jpg'),
        ("attachment; filename*=UTF-8''Gar%C3%A7on.jpg", "Garçon.jpg"),
        ('attachment; filename="Tür.jpg"', "Tür.jpg"),
        ('filename="bare.jpg"', "bare.jpg"),
        ('attachment; filename="../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\fakepath\\\\a.jpg"', "a.jpg"),
        ('attachment; filename="/"', ""),
        ('attachment; filename=".."', ""),
        ('attachment; filename="a\r\nb.jpg"', "a  b.jpg"),
        ("attachment; filename*=klingon''x", "x"),
        ("attachment", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_the_disposition_names_it(disposition: str | None, name: str) -> None:
    assert name_of(disposition, "/") == name


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", ""),
        ("/camera", "camera"),
        ("/a/b/clip%201.mkv", "clip 1.mkv"),
        ("/..%2f..%2fetc%2fpasswd", "passwd"),
        ("/%00%ff", "�"),
    ],
)
def test_else_the_path_that_it_was_put_to_names_it(path: str, name: str) -> None:
    assert name_of(None, path) == name


def test_a_name_of_three_hundred_letters_is_cut() -> None:
    assert name_of(f'attachment; filename="{"a" * 300}.jpg"', "/") == "a" * MOST_CHARACTERS


@given(st.text(max_size=80) | st.none(), st.text(max_size=80))
def test_no_name_leaves_its_line_or_its_folder(disposition: str | None, path: str) -> None:
    for said in (disposition, f'attachment; filename="{disposition}"', f"filename*={disposition}"):
        name = name_of(said, path)
        assert "/" not in name
        assert "\\" not in name
        assert name.isprintable()
        assert len(name) <= MOST_CHARACTERS
        assert name not in (".", "..")
        name.encode()
