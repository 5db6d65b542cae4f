"""What a compiled file needs, read from its ELF (System V ABI, "Dynamic Linking")."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

AARCH64: Final = 0xB7
"""`e_machine` of arm64 (EM_AARCH64)."""

_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRINGS = 1, 5
_GLIBC: Final = re.compile(rb"\0GLIBC_2\.(\d+)(?:\.\d+)?\0")


class Elf(NamedTuple):
    """A shared object."""

    machine: int
    needed: tuple[str, ...]
    """Libraries that the loader looks for by name."""
    glibc: int
    """N of the newest GLIBC_2.N that it asks for; 0 if none."""


def read(file: Path) -> Elf:
    """Read one. Raises ValueError if it is none."""
    content = file.read_bytes()
    if content[:6] != b"\x7fELF\x02\x01":
        raise ValueError(f"{file} is no ELF64.")
    (machine,) = struct.unpack_from("<H", content, 18)
    versions = [int(found) for found in _overlapping(content)]
    return Elf(machine, tuple(_needed(content)), max(versions, default=0))


def _overlapping(content: bytes) -> Iterator[bytes]:
    """Versions stand one behind the other with one zero between them."""
    at = 0
    while found := _GLIBC.search(content, at):
        yield found[1]
        at = found.end() - 1


def _needed(content: bytes) -> Iterator[str]:
    segments = list(_segments(content))
    tags = [pair for kind, at, _, size in segments if kind == _DYNAMIC
            for pair in struct.iter_unpack("<qQ", content[at : at + size])]  # fmt: skip
    (strings,) = (value for tag, value in tags if tag == _STRINGS)
    start = _in_file(strings, segments)
    for tag, value in tags:
        if tag == _NEEDED:
            end = content.index(b"\0", start + value)
            yield content[start + value : end].decode()


def _segments(content: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Kind, place in the file, address and size of each program header."""
    (table,) = struct.unpack_from("<Q", content, 32)
    size, count = struct.unpack_from("<HH", content, 54)
    for number in range(count):
        kind, _, at, address, _, filled, _, _ = struct.unpack_from(
            "<IIQQQQQQ", content, table + number * size
        )
        yield kind, at, address, filled


def _in_file(address: int, segments: list[tuple[int, int, int, int]]) -> int:
    """Where an address of the loaded program stands in the file."""
    for kind, at, start, size in segments:
        if kind == _LOAD and start <= address < start + size:
            return at + address - start
    raise ValueError(f"No segment holds {address:#x}.")
