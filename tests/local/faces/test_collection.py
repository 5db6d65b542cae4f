"""Collections: searched right, counted right, and whole when many write at once."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.faces.collection import Collections
from local.faces.errors import CollectionExists, NoSuchCollection
from local.faces.face import Box, Face, Pose, Quality, Vector, similarities, similarity


def face(vector: Vector) -> Face:
    """A face of which only the vector matters."""
    return Face(Box(0, 0, 0.1, 0.1), 99.0, (), Pose(0, 0, 0), Quality(50, 50), vector)


def vectors(count: int, seed: int = 0) -> Vector:
    """Random unit-like vectors, shape (count, 128), about 1.4 apart as strangers are."""
    random = np.random.default_rng(seed).normal(size=(count, 128))
    length = np.linalg.norm(random, axis=1, keepdims=True)
    return np.asarray(random / length, np.float32)


@pytest.fixture
def home() -> Collections:
    """A store with one empty collection, `home`."""
    store = Collections()
    store.create("home")
    return store


@given(st.integers(1, 20), st.integers(0, 1000))
def test_the_matrix_product_is_the_distance(count: int, seed: int) -> None:
    """Searching by matrix gives the very similarity of each Euclidean distance."""
    known = vectors(count, seed) * 0.4
    asked = vectors(1, seed + 1)[0] * 0.4
    expected = [similarity(math.dist(row, asked)) for row in known]
    assert similarities(known, asked) == pytest.approx(expected, abs=0.05)


def test_a_search_descends_from_the_likest(home: Collections) -> None:
    """Matches come in order, none under the threshold, no more than asked for."""
    known = vectors(50) * 0.4
    home.index("home", b"picture", [face(row) for row in known], None)
    matches = home.search("home", known[7], threshold=0, limit=50)
    assert matches[0].similarity == pytest.approx(100, abs=0.01)
    assert (matches[0].face.vector == known[7]).all()
    assert [m.similarity for m in matches] == sorted((m.similarity for m in matches), reverse=True)
    assert home.search("home", known[7], threshold=0, limit=3) == matches[:3]
    assert home.search("home", known[7], threshold=99, limit=50) == matches[:1]


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["index", "remove"]), st.integers(0, 3), st.sampled_from(["a", "b"])
        ),
        max_size=25,
    )
)
def test_the_count_is_of_different_pictures(steps: list[tuple[str, int, str]]) -> None:
    """After any indexing and removing, each (picture, external id) counts once or not at all."""
    store, kept = Collections(), dict[tuple[int, str], str]()
    store.create("home")
    rows = vectors(4)
    for step, number, external in steps:
        key = (number, external)
        if step == "index":
            (known,) = store.index("home", bytes([number]), [face(rows[number])], external)
            assert kept.setdefault(key, known.face_id) == known.face_id
        elif key in kept:
            assert store.remove("home", [kept[key]]) == [kept.pop(key)]
        found = store.search("home", rows[number], threshold=99, limit=100)
        assert {match.face.face_id for match in found} == {
            id_ for (other, _), id_ in kept.items() if other == number
        }
    assert len(kept) == len(store.faces("home"))


def test_many_writers_at_once_keep_every_face(home: Collections) -> None:
    """Eight threads index and search: every face is there once."""
    rows = vectors(40)

    def index(number: int) -> str:
        (known,) = home.index("home", bytes([number % 40]), [face(rows[number % 40])], "x")
        home.search("home", rows[0], threshold=50, limit=5)
        return known.face_id

    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(index, range(80)))
    assert ids[:40] == ids[40:]
    listed = [known.face_id for known in home.faces("home")]
    assert sorted(listed) == sorted(ids[:40])


def test_a_picture_keeps_its_image_id(home: Collections) -> None:
    """Two faces of one picture share its ImageId; the same picture for another id has another."""
    rows = vectors(2)
    one, two = home.index("home", b"picture", [face(row) for row in rows], "a")
    (other,) = home.index("home", b"picture", [face(rows[0])], "b")
    assert one.image_id == two.image_id != other.image_id
    assert one.face_id != two.face_id


def test_collections_do_not_know_each_other(home: Collections) -> None:
    """A face of one collection is not in another, and a name is taken once."""
    home.create("other")
    home.index("home", b"picture", [face(vectors(1)[0])], None)
    assert home.faces("other") == []
    with pytest.raises(CollectionExists):
        home.create("home")
    home.clear()
    with pytest.raises(NoSuchCollection):
        home.faces("home")
