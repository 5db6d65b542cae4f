"""SearchFacesByImage of a door's photo, by stage, without HTTP.

Beside it, in the same run and by turns, the same search as it would be without what makes it
fast: the whole photo looked at, at full size, and the network run by dlib itself. What matters is
the ratio.
"""

from __future__ import annotations

import base64
import io
import itertools
import json
import os
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import dlib
import numpy as np
from PIL import Image

from benchmarks.report import Figure, figure, show
from demo.people import Person, door_photo, portrait
from local.faces.embedder import PADDING, Embedder, models
from local.faces.network import CHIP_SIDE
from local.faces.operations import Operations
from local.faces.picture import KEPT_SIDE, Photo
from local.faces.pool import ONE_THREAD, Pool
from local.faces.service import Service
from local.server import ROOT

if TYPE_CHECKING:
    from local.faces.detector import Found

TURNS = 15
LARGE = (4000, 3000)
STAGES = ("decoding", "detecting", "landmarks", "the network", "all of it, slowly")
IN_A_CHILD = "from benchmarks.face import tell_stages; tell_stages()"


def main() -> None:
    """Measure and show."""
    with closing(Pool(1)) as pool:
        pool.wait_until_ready()
        service = Service(Operations(pool, lambda *_: None, str))
        _ask(service, "CreateCollection")
        _ask(service, "IndexFaces", portrait(Person.EILEEN))
        photo, large = door_photo(Person.EILEEN), _large()
        searches, larges = [], []
        for _ in range(TURNS):
            searches.append(_ask(service, "SearchFacesByImage", photo))
            larges.append(_ask(service, "SearchFacesByImage", large))
    *stages, slow = _stages()
    rows = [figure("a search of 640 by 480", searches)]
    rows += [figure(f"of it: {n}", s) for n, s in zip(STAGES, stages, strict=False)]
    rows.append(figure("a search of 12 megapixels", larges))
    rows.append(figure("640 by 480, looked at whole, by dlib alone", slow, "the baseline"))
    quick = sum(figure("", stage).median for stage in stages)
    ratio = rows[-1].median / quick
    rows.append(Figure("the baseline to the stages' sum", ratio, ratio, TURNS, unit="times"))
    show("Face: one search", rows)


def _ask(service: Service, operation: str, picture: bytes | None = None) -> float:
    """Seconds until the answer to a request about `home`."""
    image = {"Image": {"Bytes": base64.b64encode(picture).decode()}} if picture else {}
    body = json.dumps({"CollectionId": "home", **image})
    began = time.perf_counter()
    status, _, answer = service.answer(f"RekognitionService.{operation}", body)
    assert status == 200, answer
    return time.perf_counter() - began


def _large() -> bytes:
    """The door's photo as a camera of 12 megapixels takes it."""
    out = io.BytesIO()
    Image.open(io.BytesIO(door_photo(Person.EILEEN))).resize(LARGE).save(out, "JPEG", quality=90)
    return out.getvalue()


def _stages() -> list[list[float]]:
    """Seconds of each of `STAGES`, in a process that computes in one thread as a worker does."""
    told = subprocess.run(
        [sys.executable, "-c", IN_A_CHILD],
        cwd=ROOT, env={**os.environ, **ONE_THREAD},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    turns: list[list[float]] = json.loads(told.stdout)
    return [list(stage) for stage in zip(*turns, strict=True)]


def tell_stages() -> None:
    """Print seconds as JSON: for each turn, one figure for each of `STAGES`."""
    embedder = Embedder()
    embedder.warm_up()
    network = dlib.face_recognition_model_v1(
        str(models() / "dlib_face_recognition_resnet_model_v1.dat")
    )
    content = door_photo(Person.EILEEN)
    print(json.dumps([[*_fast(embedder, content), _slow(embedder, network, content)]
                      for _ in range(TURNS)]))  # fmt: skip


def _fast(embedder: Embedder, content: bytes) -> list[float]:
    times = [time.perf_counter()]
    photo = Photo(content)
    pixels = np.asarray(photo.at(KEPT_SIDE))
    times.append(time.perf_counter())
    (found,) = embedder._detector.largest(photo)
    times.append(time.perf_counter())
    chip = dlib.get_face_chip(pixels, _landmarks(embedder, pixels, found), CHIP_SIDE, PADDING)
    times.append(time.perf_counter())
    embedder._network.vector(chip)
    times.append(time.perf_counter())
    return [after - before for before, after in itertools.pairwise(times)]


def _slow(embedder: Embedder, network: Any, content: bytes) -> float:
    began = time.perf_counter()
    photo = Photo(content)
    pixels = np.asarray(photo.at(KEPT_SIDE))
    found, *_ = embedder._detector.every(photo)
    network.compute_face_descriptor(pixels, _landmarks(embedder, pixels, found))
    return time.perf_counter() - began


def _landmarks(embedder: Embedder, pixels: Any, found: Found) -> Any:
    height, width = pixels.shape[:2]
    return embedder._predictor(pixels, found.rectangle(width, height))


if __name__ == "__main__":
    main()
