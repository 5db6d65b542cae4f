"""Nothing of a camera stands outside its folder, whatever it calls it."""

from __future__ import annotations

import re
from typing import Final, get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from doorbell.cameras.keys import (
    LONGEST_NAME,
    Place,
    file_name,
    folder_of,
    is_of,
    key_of,
    read_key,
    safe_name,
    upload_key,
)
from doorbell.cameras.model import KINDS, MediaType
from tests.fakes import CAMERA, FOREIGN_DOOR

NOON: Final = 1_700_000_000.123
TRAVERSALS: Final = (
    "../../residents/home/ada/me.jpeg",
    "..\\..\\residents\\me.jpeg",
    "/etc/passwd",
    "....//....//x",
    "%2e%2e%2fx.jpg",
    "..",
    ".",
    "",
    "a/../../b.jpg",
    "x\x00.jpg",
    "a\r\nb.jpg",
    "\u202egpj.exe",
    "con.jpg",
    "'; drop table--.jpg",
)
MEDIA = st.sampled_from(get_args(MediaType))
TIMES = st.floats(0, 10_000_000_000)


@given(st.text(max_size=400), MEDIA, TIMES)
@example(TRAVERSALS[0], "image/jpeg", NOON)
def test_a_key_never_leaves_its_folder_whatever_the_name(
    name: str, media: MediaType, at: float
) -> None:
    key = key_of(CAMERA, media, at, safe_name(name, "picture"))
    assert re.fullmatch(
        r"(pictures|clips|bursts)/home/camera/\d{4}/\d\d/\d\d/\d{6}-\d{3}-[A-Za-z0-9_-]{1,64}"
        r"\.(jpeg|mkv|mp4|mjpeg)",
        key,
        re.ASCII,
    )
    assert key.startswith(folder_of(CAMERA, KINDS[media]) + "/")


@pytest.mark.parametrize("name", TRAVERSALS)
def test_a_name_that_climbs_is_a_name(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", safe_name(name, "picture"))


@given(st.text(max_size=400), MEDIA, TIMES, st.uuids())
def test_an_upload_has_the_same_key_each_time_and_no_other_has_it(
    name: str, media: MediaType, at: float, upload: object
) -> None:
    safe = safe_name(name, "clip")
    key = upload_key(CAMERA, media, at, safe, str(upload))
    assert key == upload_key(CAMERA, media, at, safe, str(upload))
    assert key != upload_key(CAMERA, media, at, safe, "00000000-0000-0000-0000-000000000000")
    assert is_of(CAMERA, key)


@given(MEDIA, TIMES)
def test_a_key_says_when_what_and_whose(media: MediaType, at: float) -> None:
    place = read_key(key_of(CAMERA, media, at, "x"))
    assert place is not None
    assert place[:3] == (KINDS[media], "home", "camera")
    assert abs(place.at - at) <= 0.0006


def test_a_key_stands_in_utc_to_the_millisecond() -> None:
    key = key_of(CAMERA, "image/jpeg", NOON, "gate")
    assert key == "pictures/home/camera/2023/11/14/221320-123-gate.jpeg"
    assert read_key(key) == Place("picture", "home", "camera", NOON)


def test_a_burst_is_called_by_its_upload() -> None:
    upload = "123e4567-e89b-42d3-a456-426614174000"
    key = upload_key(CAMERA, "application/x-mjpeg", NOON, "party", upload)
    assert key == f"bursts/home/camera/2023/11/14/221320-123-{upload}.mjpeg"


@pytest.mark.parametrize(
    "key",
    [
        "pictures/away/camera/2023/11/14/221320-123-x.jpeg",
        "pictures/home/camera-2/2023/11/14/221320-123-x.jpeg",
        "pictures/home/camera/2023/11/14/221320-123-x.jpeg/../../../x.jpeg",
        "pictures/home/camera/../camera/2023/11/14/221320-123-x.jpeg",
        "guest/home/ring-1/photo.jpeg",
        "residents/home/ada/me.jpeg",
        "films/home/camera/x.mp4",
        "source.jpeg",
        "pictures/home/camera/2023/11/14/221320-123-x.jpeg\n",
        "pictures/home/camera/2023/13/14/221320-123-x.jpeg",
        "pictures/home/camera/2023/11/14/221320-123-.jpeg",
        "",
    ],
)
def test_a_camera_names_nothing_of_another_one(key: str) -> None:
    assert not is_of(CAMERA, key)


def test_a_camera_of_the_same_name_in_another_home_is_another_one() -> None:
    camera = FOREIGN_DOOR._replace(id="camera", role="camera")
    assert not is_of(camera, key_of(CAMERA, "image/jpeg", NOON, "x"))


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (
            'attachment; filename="image26-11-20_10-00-00-67_00001.jpg"',
            "image26-11-20_10-00-00-67_00001",
        ),
        ("attachment; filename=plain.jpg", "plain"),
        ('attachment; FileName = "Front Door.jpeg"', "Front-Door"),
        ('filename="no type.jpg"', "no-type"),
        (r'attachment; filename="a \"quoted\" one.jpg"', "a-quoted-one"),
        ('attachment; filename="semi;colon.jpg"; size=3', "semi-colon"),
        ("attachment; filename*=UTF-8''K%C3%BCche%20t%C3%BCr.jpg", "Kuche-tur"),
        ("attachment; filename=\"x.jpg\"; filename*=UTF-8''better.jpg", "better"),
        ("attachment; filename*=UTF-8'en'with%20a%20language.jpg", "with-a-language"),
        ("attachment; filename*=UTF-8''not%FFtext.jpg", "nottext"),
        ("attachment; filename*=", "picture"),
        ('attachment; filename="two.dots.jpg"', "two-dots"),
        ('attachment; filename="' + "n" * 63 + ' more.jpg"', "n" * 63),
        ('attachment; filename="!hidden.jpg"', "hidden"),
        ('attachment; filename="Küche.jpg"', "Kuche"),
        ('attachment; filename="' + "Küche.jpg".encode().decode("latin-1") + '"', "Kuche"),
        ('attachment; filename="../../../etc/passwd"', "passwd"),
        ('attachment; filename="C:\\\\clips\\\\gate.mkv"', "gate"),
        ('attachment; filename="' + "n" * 300 + '.jpg"', "n" * 64),
        ('attachment; filename="двери.jpg"', "picture"),
        ('attachment; filename=""', "picture"),
        ('attachment; filename="unended.jpg', "unended"),
        ("attachment", "picture"),
        ("", "picture"),
    ],
)
def test_a_file_s_name_is_found_and_made_safe(disposition: str, name: str) -> None:
    assert safe_name(file_name(disposition), "picture") == name


@given(st.text(max_size=300))
def test_any_header_gives_a_name(disposition: str) -> None:
    assert 1 <= len(safe_name(file_name(disposition), "clip")) <= LONGEST_NAME


@pytest.mark.parametrize("letters", range(45, 65))
def test_the_longest_name_of_an_upload_has_room_for_its_mark(letters: int) -> None:
    """Wherever it is cut, no hyphen is doubled, and nothing is cut that had room."""
    key = upload_key(CAMERA, "image/jpeg", NOON, "n" * letters + "-" + "m" * 9, "an upload")
    name = key.rpartition("221320-123-")[2].removesuffix(".jpeg")
    start, _, mark = name.rpartition("-")
    assert len(mark) == 12
    assert start == ("n" * letters + "-" + "m" * 9)[:51].rstrip("-")
    assert len(name) <= LONGEST_NAME
