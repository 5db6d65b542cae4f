"""Requests against the service model: what breaks it is named, in AWS's words."""

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local.faces.errors import NotSerialized, ValidationFailed
from local.faces.validation import read_request, service_model

PICTURE = {"Bytes": base64.b64encode(b"picture").decode()}


@pytest.mark.parametrize(
    ("operation", "request_", "said"),
    [
        ("CreateCollection", {}, "Value null at 'collectionId'"),
        ("CreateCollection", {"CollectionId": "a b"}, r"pattern: [a-zA-Z0-9_.\-]+"),
        ("CreateCollection", {"CollectionId": ""}, "length greater than or equal to 1"),
        ("CreateCollection", {"CollectionId": "a" * 256}, "length less than or equal to 255"),
        (
            "IndexFaces",
            {"CollectionId": "a", "Image": PICTURE, "ExternalImageId": "a/b"},
            "at 'externalImageId' failed to satisfy constraint: Member must satisfy regular",
        ),
        (
            "IndexFaces",
            {"CollectionId": "a", "Image": PICTURE, "MaxFaces": 0},
            "value greater than or equal to 1",
        ),
        (
            "IndexFaces",
            {"CollectionId": "a", "Image": PICTURE, "QualityFilter": "GOOD"},
            "enum value set: [NONE, AUTO, LOW, MEDIUM, HIGH]",
        ),
        (
            "SearchFacesByImage",
            {"CollectionId": "a", "Image": PICTURE, "FaceMatchThreshold": 100.1},
            "value less than or equal to 100",
        ),
        (
            "IndexFaces",
            {"CollectionId": "a", "Image": {"S3Object": {"Bucket": "b!b", "Name": "x"}}},
            "at 'image.s3Object.bucket'",
        ),
        (
            "IndexFaces",
            {"CollectionId": "a", "Image": {"Bytes": ""}},
            "Value '<picture>' at 'image.bytes'",
        ),
        ("DeleteFaces", {"CollectionId": "a", "FaceIds": ["x"]}, "at 'faceIds.1.member'"),
        ("DeleteFaces", {"CollectionId": "a", "FaceIds": []}, "length greater than or equal to 1"),
        ("IndexFaces", {"CollectionId": "a", "Picture": PICTURE}, "has no member 'Picture'"),
    ],
)
def test_a_broken_constraint_is_named(operation: str, request_: dict[str, Any], said: str) -> None:
    """Every kind of constraint in the model is checked, and the sentence says which and where."""
    with pytest.raises(ValidationFailed) as refused:
        read_request(operation, request_)
    assert said in str(refused.value)


def test_every_broken_constraint_is_told_at_once() -> None:
    """Two mistakes are two sentences in one answer."""
    with pytest.raises(ValidationFailed, match="2 validation errors detected"):
        read_request("DeleteFaces", {"CollectionId": "a b", "FaceIds": ["x"]})


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("CreateCollection", {"CollectionId": 1}),
        ("CreateCollection", {"CollectionId": "a", "Tags": []}),
        ("IndexFaces", {"CollectionId": "a", "Image": "picture"}),
        ("IndexFaces", {"CollectionId": "a", "Image": {"Bytes": "not base64!"}}),
        ("DeleteFaces", {"CollectionId": "a", "FaceIds": "x"}),
        ("ListFaces", {"CollectionId": "a", "MaxResults": 1.5}),
        ("ListFaces", {"CollectionId": "a", "MaxResults": True}),
        ("ListFaces", {"CollectionId": "a", "MaxResults": float("inf")}),
        ("SearchFacesByImage", {"CollectionId": "a", "Image": {}, "FaceMatchThreshold": "90"}),
        ("SearchFacesByImage", {"CollectionId": "a", "Image": {}, "FaceMatchThreshold": True}),
    ],
)
def test_a_wrong_type_is_not_a_wrong_value(operation: str, request_: dict[str, Any]) -> None:
    """A value of another type than the model's is SerializationException."""
    with pytest.raises(NotSerialized):
        read_request(operation, request_)


def test_a_request_is_read_as_the_model_has_it() -> None:
    """Base64 becomes bytes, whole floats integers, integers floats; null is the same as absent."""
    read = read_request(
        "SearchFacesByImage",
        {
            "CollectionId": "home",
            "Image": PICTURE,
            "MaxFaces": 3.0,
            "FaceMatchThreshold": 90,
            "QualityFilter": None,
        },
    )
    assert read == {
        "CollectionId": "home",
        "Image": {"Bytes": b"picture"},
        "MaxFaces": 3,
        "FaceMatchThreshold": 90.0,
    }
    assert isinstance(read["FaceMatchThreshold"], float)


def test_tags_are_read() -> None:
    """A map of tags is taken; nobody asks for them again."""
    request = {"CollectionId": "home", "Tags": {"who": "me"}}
    assert read_request("CreateCollection", request) == request


@settings(max_examples=100)
@given(st.text())
def test_the_pattern_alone_decides_about_a_collections_name(name: str) -> None:
    """A name is taken exactly when it is 1 to 255 of the model's characters."""
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
    try:
        read_request("DeleteCollection", {"CollectionId": name})
        taken = True
    except ValidationFailed:
        taken = False
    assert taken == (1 <= len(name) <= 255 and set(name) <= allowed)


@settings(max_examples=100)
@given(st.integers())
def test_the_range_alone_decides_about_a_number(number: int) -> None:
    """MaxFaces is taken exactly from 1 to 4096."""
    shape: Any = service_model().shape_for("MaxFaces")
    request = {"CollectionId": "a", "Image": PICTURE}
    try:
        read_request("SearchFacesByImage", {**request, "MaxFaces": number})
        taken = True
    except ValidationFailed:
        taken = False
    assert taken == (shape.metadata["min"] <= number <= shape.metadata["max"])
