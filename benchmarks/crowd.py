"""A home where many live: what a ring reads there grows with it.

Real are Eileen, her door, her phone, and 25 faces of another woman that IndexFaces found in a
picture. Made are the other residents and devices: they are rows, written by the product's own
adapters, whose faces stand in no collection, because each would take 0.14 s to embed. What a
search among so many faces takes is measured apart, on vectors that are drawn.
"""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from demo.people import Person, portrait
from doorbell.auth import new_device
from doorbell.aws.dynamodb.connections import ConnectionTable
from doorbell.aws.dynamodb.devices import DeviceTable
from doorbell.aws.dynamodb.residents import ResidentTable
from doorbell.aws.dynamodb.table import Table
from doorbell.homes import collection_id
from doorbell.model import ResidentPhoto
from local.faces.collection import Collections
from local.faces.face import Box, Face, Pose, Quality

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.faces.face import Vector
    from local.stack import Stack

SIDE, PIXELS = 5, 120
"""A sheet of 25 faces, each in a square of so many pixels."""
WRITERS = 4
TRIES = 20


def fill(stack: Stack, home: str, size: int) -> None:
    """Let a home where one resident lives have so many, and as many devices more."""
    others = size - 1
    if others:
        _index_faces(stack, home)
        _write_rows(stack, home, others)


def query_seconds(stack: Stack, home: str) -> list[float]:
    """How long one query of a ring takes, the one for the home's open phones."""
    connections = ConnectionTable(Table(stack.deployed.client, stack.table))
    connections.of(home, "phone")  # opens the connection
    return [_timed(lambda: connections.of(home, "phone")) for _ in range(TRIES)]


def search_seconds(size: int) -> list[float]:
    """How long one search among so many faces takes, once the face in the photo is embedded."""
    vectors = np.random.default_rng(0).normal(0, 0.1, (size, 128)).astype(np.float32)
    collections = Collections()
    collections.create("crowd")
    collections.index("crowd", b"", [_made(vector) for vector in vectors], None)
    return [_timed(lambda: collections.search("crowd", vectors[0], 95, 1)) for _ in range(TRIES)]


def _index_faces(stack: Stack, home: str) -> None:
    stack.aws.client("rekognition").index_faces(
        CollectionId=collection_id(stack.name, home),
        Image={"Bytes": _sheet()},
    )


def _write_rows(stack: Stack, home: str, count: int) -> None:
    """Residents and phones that are not connected, as the product itself writes them."""
    table = Table(stack.deployed.client, stack.table)
    devices, residents = DeviceTable(table), ResidentTable(table)

    def write(number: int) -> None:
        name = f"Resident {number}"
        devices.add(new_device(home, "phone", f"Phone {number}", name)[0])
        photo = ResidentPhoto(home, name, f"residents/{home}/{name}/portrait.jpeg")
        residents.photo_came(photo)
        residents.add_face(photo, f"made-{number}")

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(write, range(count)))


def _sheet() -> bytes:
    """One face many times, side by side."""
    face = Image.open(io.BytesIO(portrait(Person.GRACE))).crop((40, 70, 440, 470))
    small = face.resize((PIXELS, PIXELS))
    sheet = Image.new("RGB", (SIDE * PIXELS, SIDE * PIXELS))
    for place in range(SIDE * SIDE):
        sheet.paste(small, (place % SIDE * PIXELS, place // SIDE * PIXELS))
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=90)
    return out.getvalue()


def _made(vector: Vector) -> Face:
    return Face(Box(0.4, 0.4, 0.2, 0.2), 99.0, (), Pose(0, 0, 0), Quality(80, 80), vector)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
