"""What every camera gives in the end, and the camera that is made of picture files."""

import io
import sys
from pathlib import Path

import pytest
from PIL import Image

from doorbell_client.door.parts import Shape
from doorbell_client.errors import CameraError
from doorbell_client.hardware import jpeg
from doorbell_client.hardware.stills import StillsCamera
from tests.doorbell_client.hardware.pictures import opened

# --- JPEGs ----------------------------------------------------------------------------------


def picture(size: tuple[int, int] = (64, 48), kind: str = "JPEG", **options: object) -> bytes:
    output = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(output, kind, **options)
    return output.getvalue()


def test_a_small_jpeg_is_left_as_it_is() -> None:
    data = picture()
    assert jpeg.bounded(data) is data


def test_a_large_picture_is_made_smaller() -> None:
    data = picture((1600, 1200), quality=95)
    smaller = jpeg.bounded(data, max_bytes=200_000)
    assert len(smaller) <= 200_000
    width, height = opened(smaller).size
    assert width / height == pytest.approx(4 / 3, abs=0.02)


def test_other_formats_and_modes_become_jpeg() -> None:
    output = io.BytesIO()
    Image.new("RGBA", (50, 40), (255, 0, 0, 128)).save(output, "PNG")
    assert opened(jpeg.bounded(output.getvalue())).size == (50, 40)


def test_a_photo_that_lies_down_is_put_upright_before_its_exif_is_lost() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90°
    data = picture((1600, 1200), quality=95, exif=exif)
    width, height = opened(jpeg.bounded(data, max_bytes=300_000)).size
    assert height > width


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(CameraError, match="no picture"):
        jpeg.bounded(data)


def test_a_picture_that_cannot_fit_is_refused() -> None:
    with pytest.raises(CameraError, match="does not fit"):
        jpeg.encoded(Image.effect_noise((64, 64), 90), max_bytes=10)


def test_without_pillow_a_large_picture_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(CameraError, match="install Pillow"):
        jpeg.bounded(b"\xff\xd8\xff" + bytes(100), max_bytes=10)


# --- frames of a film -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "shape", "size"),
    [
        ((1280, 720), Shape(640, 640), (640, 360)),
        ((1280, 720), Shape(540, 405), (540, 304)),
        ((1280, 720), Shape(540, 405, exact=True), (540, 405)),
        ((320, 240), Shape(640, 640), (320, 240)),
    ],
)
def test_a_frame_fits_the_shape_or_is_cut_to_it(
    taken: tuple[int, int], shape: Shape, size: tuple[int, int]
) -> None:
    assert opened(jpeg.frame_of(picture(taken), shape)).size == size


def test_a_frame_is_small_whatever_it_shows() -> None:
    noise = Image.effect_noise((640, 640), 200).convert("RGB")
    assert len(jpeg.frame(noise, Shape(640, 640))) <= jpeg.MOST_FRAME_BYTES


def test_a_frame_of_a_photo_that_lies_down_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90°
    data = picture((1600, 1200), exif=exif)
    assert opened(jpeg.frame_of(data, Shape(640, 640))).size == (480, 640)


def test_what_is_no_picture_gives_no_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CameraError, match="no picture"):
        jpeg.frame_of(b"\xff\xd8\xffhalf", Shape(64, 48))
    data = picture()
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(CameraError, match="Pillow"):
        jpeg.frame_of(data, Shape(64, 48))


# --- stills ---------------------------------------------------------------------------------


def test_stills_come_in_turn_by_name(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.JPG", "c.png"):
        (tmp_path / name).write_bytes(picture(kind="PNG" if name.endswith("png") else "JPEG"))
    (tmp_path / "notes.txt").write_text("no picture")
    camera = StillsCamera(tmp_path)

    def names(count: int) -> list[str]:
        return [camera.take().name for _ in range(count)]

    assert names(4) == ["a.JPG", "b.jpg", "c.png", "a.JPG"]
    assert camera.upcoming.name == "b.jpg"
    camera.skip()
    assert names(1) == ["c.png"]
    camera.close()


def test_one_file_is_given_again_and_again(tmp_path: Path) -> None:
    file = tmp_path / "me.jpg"
    file.write_bytes(picture())
    camera = StillsCamera(file)
    for _ in range(2):
        photo = camera.take()
        assert photo.jpeg == file.read_bytes()


def test_a_folder_without_pictures_and_no_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match=r"no picture \(\.jpeg"):
        StillsCamera(tmp_path)
    with pytest.raises(CameraError, match="No such file"):
        StillsCamera(tmp_path / "absent")


def folder_of(path: Path, *shades: int) -> Path:
    """Pictures of one shade each, by name in this order."""
    for number, shade in enumerate(shades):
        Image.new("RGB", (64, 48), (shade, 0, 0)).save(path / f"{number}.jpeg", quality=95)
    return path


def shade_of(frame: bytes) -> int:
    red, _, _ = opened(frame).getpixel((0, 0))  # type: ignore[misc]
    return round(int(red) / 10) * 10


def test_the_film_of_a_ring_shows_who_is_in_its_photo_and_moves_no_turn(tmp_path: Path) -> None:
    camera = StillsCamera(folder_of(tmp_path, 100, 200))
    camera.take()
    assert [shade_of(camera.frame(Shape(64, 48))) for _ in range(3)] == [100] * 3
    assert camera.take().name == "1.jpeg"
    assert shade_of(camera.frame(Shape(64, 48))) == 200


def test_a_folder_can_be_a_film_picture_by_picture(tmp_path: Path) -> None:
    camera = StillsCamera(folder_of(tmp_path, 100, 150, 200), moves=True)
    assert [shade_of(camera.frame(Shape(64, 48))) for _ in range(4)] == [100, 150, 200, 100]
