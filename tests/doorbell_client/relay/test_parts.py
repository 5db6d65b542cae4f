"""A file is cut without a gap, and hashed the same however it comes in."""

from __future__ import annotations

import hashlib
import io
from base64 import b64encode
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from doorbell_client.relay.parts import MOST_BYTES, MOST_PARTS, PART_SIZE, PartHasher, hashed, plan

if TYPE_CHECKING:
    from pathlib import Path


@given(st.integers(1, 10_000), st.integers(1, 3_000))
def test_the_parts_are_the_file(size: int, part_size: int) -> None:
    parts = plan(size, part_size)
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    at = 0
    for part in parts:
        assert part.offset == at
        at += part.size
    assert at == size
    assert all(part.size == part_size for part in parts[:-1])
    assert 1 <= parts[-1].size <= part_size


def test_the_largest_file_has_as_many_parts_as_the_storage_takes() -> None:
    assert len(plan(MOST_BYTES, PART_SIZE)) == MOST_PARTS


@given(st.lists(st.binary(max_size=50)), st.integers(1, 40))
def test_pieces_of_any_size_give_the_hash_of_each_part(pieces: list[bytes], part_size: int) -> None:
    hasher = PartHasher(part_size)
    ended = sum(hasher.feed(piece) for piece in pieces)
    whole = b"".join(pieces)
    assert hasher.size == len(whole)
    assert ended == len(whole) // part_size
    assert hasher.digests() == [
        b64encode(hashlib.sha256(whole[part.offset : part.offset + part.size]).digest()).decode()
        for part in plan(len(whole), part_size)
    ]


def test_a_file_that_is_there_gives_the_same_hashes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 50_000
    file = tmp_path / "file"
    file.write_bytes(content)
    fed = PartHasher()
    fed.feed(content)
    with io.FileIO(file) as stream:
        assert hashed(stream).digests() == fed.digests()
