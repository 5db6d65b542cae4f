"""What enrolment calls through botocore, as AWS answers it."""

from __future__ import annotations

from io import BytesIO

import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from doorbell.aws.api.errors import ServiceError
from doorbell.aws.rekognition import Collections
from doorbell.aws.sdk import Sdk
from doorbell.aws.stored_photos import LARGEST, BucketContents

FACES = ["11111111-1111-1111-1111-111111111111"]


@pytest.fixture
def sdk(monkeypatch: pytest.MonkeyPatch) -> Sdk:
    """Clients that reach nothing."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    return Sdk()


def test_faces_are_forgotten_in_the_collection_of_their_home(sdk: Sdk) -> None:
    with Stubber(sdk.rekognition) as aws:
        given = {"CollectionId": "doorbell.home", "FaceIds": FACES}
        aws.add_response("delete_faces", {}, given)
        faces = Collections(sdk, "doorbell")
        faces.remove("home", FACES)
        faces.remove("home", [])
        aws.assert_no_pending_responses()


def test_a_collection_that_is_gone_has_forgotten_already(sdk: Sdk) -> None:
    with Stubber(sdk.rekognition) as aws:
        aws.add_client_error("delete_faces", "ResourceNotFoundException")
        Collections(sdk, "doorbell").remove("home", FACES)
        aws.add_client_error("delete_faces", "Other", "quotes what was sent", 403)
        with pytest.raises(ServiceError, match=r"^Other \(403\)$"):
            Collections(sdk, "doorbell").remove("home", FACES)


def test_a_photo_that_is_too_large_is_none(sdk: Sdk) -> None:
    """It is not read: it may be larger than the function's memory."""
    contents = BucketContents(sdk, "bucket")
    for size, read in ((LARGEST, b"whole"), (LARGEST + 1, None)):
        body = StreamingBody(BytesIO(b"whole"), 5)
        with Stubber(sdk.s3) as aws:
            aws.add_response("get_object", {"ContentLength": size, "Body": body})
            assert contents.read("k") == read


def test_a_photo_is_there_or_not_and_a_refusal_is_neither(sdk: Sdk) -> None:
    contents = BucketContents(sdk, "bucket")
    with Stubber(sdk.s3) as aws:
        aws.add_response("head_object", {}, {"Bucket": "bucket", "Key": "there"})
        assert contents.exists("there")
        aws.add_client_error("head_object", "404", http_status_code=404)
        assert not contents.exists("gone")
        aws.add_client_error("head_object", "403", http_status_code=403)
        with pytest.raises(ServiceError):
            contents.exists("forbidden")
