"""What devices upload by themselves: one object for each id, all confirmed, none of another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from doorbell.cameras import uploads
from doorbell.cameras.model import Part, UploadedPart, UploadPlan
from doorbell.cameras.problems import Problem
from tests.doorbell.cameras.fakes import FakeReception, sha256
from tests.fakes import CAMERA, NOON

if TYPE_CHECKING:
    from doorbell.cameras.model import MediaType

ID = "123e4567-e89b-42d3-a456-426614174000"
CLIP = UploadPlan(ID, "video/mp4", "gate.mp4", NOON, 20_000_000)
PARTS = [
    UploadedPart(1, '"a"', sha256(b"one")),
    UploadedPart(2, '"b"', sha256(b"two")),
]


def refused(call: object, *given: object) -> str:
    """By which name."""
    with pytest.raises(Problem) as problem:
        call(*given)  # type: ignore[operator]
    return problem.value.name


def test_a_clip_is_uploaded_in_parts_joined_and_then_done() -> None:
    made = FakeReception()
    key, upload, link = uploads.begin(made.reception, CAMERA, CLIP)
    assert key.startswith("clips/home/camera/2023/11/14/221320-000-gate-")
    assert key.endswith(".mp4")
    assert (upload, link) == ("upload-1", None)
    parts = [Part(number, uploads.PART_SIZE, sha256(b"")) for number in (1, 2)]
    links = uploads.sign_parts(made.reception, CAMERA, key, "upload-1", parts)
    assert [each.url for each in links] == [
        f"https://put/{key}?upload-1&{number}&{uploads.PART_LIFE}" for number in (1, 2)
    ]
    assert uploads.complete(made.reception, CAMERA, key, "upload-1", PARTS) == len(b"joined")
    assert uploads.begin(made.reception, CAMERA, CLIP) == (key, None, None)


def test_saying_twice_that_all_is_there_is_answered_twice() -> None:
    """The first answer may have been lost on its way."""
    made = FakeReception()
    key, upload, _ = uploads.begin(made.reception, CAMERA, CLIP)
    for _ in range(2):
        assert uploads.complete(made.reception, CAMERA, key, upload or "", PARTS)


def test_an_upload_that_s3_has_forgotten_is_begun_again() -> None:
    made = FakeReception()
    key, upload, _ = uploads.begin(made.reception, CAMERA, CLIP)
    made.bucket.begun.clear()
    given = (made.reception, CAMERA, key, upload, PARTS)
    assert refused(uploads.complete, *given) == "lost_upload"
    assert uploads.begin(made.reception, CAMERA, CLIP).key == key


def test_an_object_of_other_parts_is_no_confirmation() -> None:
    """Only what S3 has of these very parts may be forgotten by its device."""
    made = FakeReception()
    key, upload, _ = uploads.begin(made.reception, CAMERA, CLIP)
    uploads.complete(made.reception, CAMERA, key, upload or "", PARTS)
    other = [PARTS[0], PARTS[1]._replace(sha256=sha256(b"other"))]
    given = (made.reception, CAMERA, key, upload)
    assert refused(uploads.complete, *given, other) == "lost_upload"
    assert refused(uploads.complete, *given, PARTS[:1]) == "lost_upload"


def test_a_part_that_s3_does_not_know_is_told() -> None:
    made = FakeReception()
    key, upload, _ = uploads.begin(made.reception, CAMERA, CLIP)
    wrong = [PARTS[0]._replace(etag="wrong")]
    assert refused(uploads.complete, made.reception, CAMERA, key, upload, wrong) == "bad_part"


@pytest.mark.parametrize("media", ["image/jpeg", "application/x-mjpeg"])
def test_pictures_and_bursts_go_up_by_one_url_that_fits_their_size(media: MediaType) -> None:
    made = FakeReception()
    plan = CLIP._replace(media=media, name="party.jpeg", size=1234)
    key, upload, link = uploads.begin(made.reception, CAMERA, plan)
    assert upload is None
    assert link
    assert link.url == f"https://put/{key}?1234&{uploads.LINK_LIFE}"


@pytest.mark.parametrize(
    ("media", "most"),
    [
        ("video/mp4", 83_886_080_000),
        ("image/jpeg", 20_000_000),
        ("application/x-mjpeg", 20_000_000),
    ],
)
def test_what_is_too_large_is_refused_with_its_limit(media: MediaType, most: int) -> None:
    made = FakeReception()
    uploads.begin(made.reception, CAMERA, CLIP._replace(media=media, size=most))
    with pytest.raises(Problem, match=str(most)):
        uploads.begin(made.reception, CAMERA, CLIP._replace(media=media, size=most + 1))


def test_a_part_has_eight_megabytes_at_most_and_a_real_checksum() -> None:
    made = FakeReception()
    key, upload, _ = uploads.begin(made.reception, CAMERA, CLIP)
    given = (made.reception, CAMERA, key, upload)
    too_large = [Part(1, uploads.PART_SIZE + 1, sha256(b""))]
    assert refused(uploads.sign_parts, *given, too_large) == "too_large"
    good = sha256(b"")
    for wrong in ("", "x", "é" * 44, "A" * 44, good[:-4], f"{good[:9]}!{good[9:]}"):
        assert refused(uploads.sign_parts, *given, [Part(1, 1, wrong)]) == "bad_field"
        assert refused(uploads.complete, *given, [UploadedPart(1, "e", wrong)]) == "bad_field"


@pytest.mark.parametrize("wrong", ["", "1", "../../x", "g" * 36])
def test_an_id_is_a_uuid(wrong: str) -> None:
    made = FakeReception()
    assert refused(uploads.begin, made.reception, CAMERA, CLIP._replace(id=wrong)) == "bad_field"


def test_an_id_is_the_same_however_it_is_written() -> None:
    made = FakeReception()
    first = uploads.begin(made.reception, CAMERA, CLIP).key
    again = CLIP._replace(id=ID.upper().replace("-", ""))
    assert uploads.begin(made.reception, CAMERA, again).key == first


@pytest.mark.parametrize(
    "key",
    [
        "clips/home/gate/2023/11/14/221320-000-x.mp4",
        "clips/away/camera/2023/11/14/221320-000-x.mp4",
        "guest/home/ring-1/photo.jpeg",
        "residents/home/ada/me.jpeg",
        "clips/home/camera/../../../residents/home/ada/me.jpeg",
    ],
)
def test_nothing_of_another_one_can_be_named(key: str) -> None:
    made = FakeReception()
    parts = [Part(1, 1, sha256(b""))]
    given = (made.reception, CAMERA, key, "upload-1")
    assert refused(uploads.sign_parts, *given, parts) == "not_found"
    assert refused(uploads.complete, *given, PARTS) == "not_found"
