"""Faces in pictures: found at every size, upright, largest first, and told apart."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from demo.people import Person, door_photo, empty_doorstep, group_photo, portrait
from local.faces import broken
from local.faces.embedder import Embedder
from local.faces.errors import PictureTooLarge, PictureTooSmall, UnreadablePicture
from local.faces.face import Face, similarity
from local.faces.picture import KEPT_SIDE, Photo
from tests.local.faces.photos import turned


def whole(content: bytes) -> Image.Image:
    """The picture, decoded as finely as it ever is."""
    return Photo(content).at(KEPT_SIDE)


def alike(one: Face, other: Face) -> float:
    """How alike two faces are, in percent."""
    return similarity(float(np.linalg.norm(one.vector - other.vector)))


def on_canvas(picture: bytes, size: tuple[int, int], face_height: int) -> bytes:
    """The picture shrunk to a corner of a large canvas, its face about so many pixels high."""
    small = Image.open(io.BytesIO(picture))
    small.thumbnail((face_height * 3, face_height * 3))
    canvas = Image.new("RGB", size, (128, 128, 120))
    canvas.paste(small, (size[0] // 2, size[1] // 2))
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=92)
    return out.getvalue()


@pytest.mark.parametrize(
    ("distance", "percent"),
    [(0.0, 99.99999), (0.43, 98.99), (0.5, 93.7), (0.549, 79.85), (0.6, 50.0), (1.0, 0.002)],
)
def test_the_similarity_of_known_distances(distance: float, percent: float) -> None:
    """dlib's own threshold 0.60 is 50 %, and the curve is the documented one."""
    assert similarity(distance) == pytest.approx(percent, abs=0.05)


@given(st.floats(0, 10), st.floats(0, 10))
def test_the_nearer_the_likelier(one: float, other: float) -> None:
    """Similarity is a percentage that never rises with the distance."""
    assert 0 <= similarity(max(one, other)) <= similarity(min(one, other)) <= 100


def test_a_vector_is_128_numbers(embedder: Embedder) -> None:
    """A face's vector has shape (128,), and the same picture gives the same one."""
    (one,), (again,) = (
        embedder.faces(portrait(Person.GRACE)),
        embedder.faces(portrait(Person.GRACE)),
    )
    assert one.vector.shape == (128,)
    assert (one.vector == again.vector).all()


def test_faces_come_largest_first_with_places_of_their_own(embedder: Embedder) -> None:
    """Three faces are found where they stand, the largest first, and `limit` cuts the rest."""
    picture = group_photo((Person.EILEEN, 30), (Person.GRACE, 70), (Person.EILEEN, 45))
    found = embedder.faces(picture)
    assert [round(3 * face.box.left - 0.3) for face in found] == [1, 2, 0]
    assert [face.box.height for face in found] == sorted(
        (face.box.height for face in found), reverse=True
    )
    assert [face.box for face in embedder.faces(picture, 2)] == [face.box for face in found[:2]]


def test_an_empty_doorstep_has_no_face(embedder: Embedder) -> None:
    """Where nobody stands, nobody is found."""
    assert [embedder.faces(empty_doorstep(shot)) for shot in range(3)] == [[], [], []]


@pytest.mark.parametrize("light", [0.15, 1.0])
def test_light_and_night(embedder: Embedder, light: float) -> None:
    """By night as by day, a resident is at S >= 90 of the portrait."""
    (known,) = embedder.faces(portrait(Person.EILEEN))
    (seen,) = embedder.faces(door_photo(Person.EILEEN, 5, light=light))
    assert alike(known, seen) >= 90


def test_a_sideways_picture_is_turned_before_it_is_looked_at(embedder: Embedder) -> None:
    """EXIF orientation gives the same face at the same place."""
    picture = door_photo(Person.GRACE, 2)
    (straight,), (sideways,) = embedder.faces(picture), embedder.faces(turned(picture, 6))
    assert alike(straight, sideways) >= 99
    assert sideways.box == pytest.approx(straight.box, abs=0.02)


def test_a_large_picture_is_looked_at_small_first(embedder: Embedder) -> None:
    """In a 1920 px picture an ordinary face is found, and placed in ratios of the whole."""
    picture = on_canvas(portrait(Person.GRACE), (1920, 1080), 200)
    (face,) = embedder.faces(picture)
    (known,) = embedder.faces(portrait(Person.GRACE))
    assert face.box.left > 0.5
    assert alike(face, known) >= 99


def test_a_small_face_in_a_large_picture_is_found_at_the_second_look(embedder: Embedder) -> None:
    """A face too small at 1280 px is found at full size, when nothing else was."""
    picture = on_canvas(portrait(Person.GRACE), (2560, 1440), 48)
    assert len(embedder.faces(picture)) == 1


def test_a_tilted_head_is_told(embedder: Embedder) -> None:
    """Roll follows the picture's rotation, in degrees clockwise."""
    image = Image.open(io.BytesIO(portrait(Person.EILEEN)))
    out = io.BytesIO()
    image.rotate(-10, fillcolor=(128, 128, 128)).save(out, "PNG")
    (straight,), (tilted,) = embedder.faces(portrait(Person.EILEEN)), embedder.faces(out.getvalue())
    assert tilted.pose.roll - straight.pose.roll == pytest.approx(10, abs=3)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "1", "I;16"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    """Grey, palette, transparent, print and one-bit pictures become RGB."""
    out = io.BytesIO()
    Image.new(mode, (100, 90)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    assert whole(out.getvalue()).mode == "RGB"


@pytest.mark.parametrize(
    ("size", "kept"), [((8000, 4000), (3840, 1920)), ((3840, 3840), (3840, 3840))]
)
def test_only_a_huge_picture_is_reduced(size: tuple[int, int], kept: tuple[int, int]) -> None:
    """A picture over 3840 px is reduced to them, so memory is bounded; one of 3840 px is not."""
    out = io.BytesIO()
    Image.new("L", size).save(out, "JPEG", quality=20)
    assert whole(out.getvalue()).size == kept


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", UnreadablePicture),
        (broken.text_named_jpeg(), UnreadablePicture),
        (broken.truncated_jpeg(), UnreadablePicture),
        (broken.gif(), UnreadablePicture),
        (broken.tiny_jpeg(), PictureTooSmall),
        (broken.png_bomb(10_001), PictureTooLarge),
        (broken.png_bomb(60_000), PictureTooLarge),
    ],
)
def test_a_bad_picture_is_named(content: bytes, error: type[Exception]) -> None:
    """What cannot be looked at says why."""
    with pytest.raises(error):
        whole(content)


@given(st.binary(max_size=200), st.integers(0, 60))
def test_no_bytes_whatever_break_the_reader(tail: bytes, cut: int) -> None:
    """Any bytes after any beginning of a real picture are a picture or one of three errors."""
    try:
        whole(broken.tiny_jpeg()[:cut] + tail)
    except (UnreadablePicture, PictureTooLarge, PictureTooSmall) as error:
        assert error.code  # noqa: PT017
