"""Pictures that must be refused, each for one reason, and each made in milliseconds."""

import io
import struct
import zlib

from PIL import Image

from demo.people import Person, door_photo


def truncated_jpeg() -> bytes:
    """A door's photo whose upload broke off in the middle."""
    whole = door_photo(Person.EILEEN)
    return whole[: len(whole) // 2]


def text_named_jpeg() -> bytes:
    """What somebody may well put under a name that ends in .jpeg."""
    return b"This is no picture, whatever it is called.\n"


def heavy_jpeg(size: int = 20_000_000) -> bytes:
    """A valid JPEG with a face in it and so many bytes: the rest are comments."""
    picture = door_photo(Person.EILEEN)
    comment = b"\xff\xfe\xff\xff" + bytes(65_533)
    return picture[:2] + comment * (-(-size // len(comment))) + picture[2:]


def tiny_jpeg() -> bytes:
    """79 by 79 pixels: one too few for Rekognition."""
    out = io.BytesIO()
    Image.new("RGB", (79, 79), "grey").save(out, "JPEG")
    return out.getvalue()


def png_bomb(side: int = 60_000) -> bytes:
    """A PNG of a hundred bytes that says it is `side` pixels square."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(bytes(1000)))
        + _chunk(b"IEND", b"")
    )


def gif() -> bytes:
    """A picture, but in a format that Rekognition does not take."""
    out = io.BytesIO()
    Image.new("P", (100, 100)).save(out, "GIF")
    return out.getvalue()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )
