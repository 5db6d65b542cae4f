"""What is called through botocore, as AWS answers it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from doorbell.aws.api.errors import ServiceError
from doorbell.aws.rekognition import Collections
from doorbell.aws.sdk import ANSWER_WITHIN, SERVICES, Sdk
from doorbell.aws.sns import NoticeTopic
from doorbell.aws.stored_photos import LARGEST, BucketContents

FACES = ["11111111-1111-1111-1111-111111111111"]


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


def test_a_photo_is_copied_within_the_bucket_and_deleted(sdk: Sdk) -> None:
    contents = BucketContents(sdk, "bucket")
    with Stubber(sdk.s3) as aws:
        copied = {"Bucket": "bucket", "Key": "to", "CopySource": {"Bucket": "bucket", "Key": "of"}}
        aws.add_response("copy_object", {}, copied)
        assert contents.copy("of", "to") is True
        aws.add_response("delete_object", {}, {"Bucket": "bucket", "Key": "of"})
        contents.delete("of")
        aws.assert_no_pending_responses()


def test_what_is_gone_is_neither_copied_nor_read(sdk: Sdk) -> None:
    contents = BucketContents(sdk, "bucket")
    with Stubber(sdk.s3) as aws:
        aws.add_client_error("copy_object", "NoSuchKey", http_status_code=404)
        assert contents.copy("gone", "to") is False
        aws.add_client_error("get_object", "NoSuchKey", http_status_code=404)
        assert contents.read("gone") is None


def test_a_refusal_is_told_without_what_was_sent(sdk: Sdk) -> None:
    contents = BucketContents(sdk, "bucket")
    with Stubber(sdk.s3) as aws:
        for call, ask in (
            ("copy_object", lambda: contents.copy("of", "to")),
            ("delete_object", lambda: contents.delete("of")),
            ("get_object", lambda: contents.read("of")),
        ):
            aws.add_client_error(call, "AccessDenied", "quotes the key", 403)
            with pytest.raises(ServiceError, match=r"^AccessDenied \(403\)$"):
                ask()


def test_a_message_goes_to_the_topic(sdk: Sdk) -> None:
    topic = NoticeTopic(sdk, "arn:aws:sns:eu-central-1:1:notices")
    with Stubber(sdk.sns) as aws:
        said = {"TopicArn": "arn:aws:sns:eu-central-1:1:notices", "Message": "Someone rings."}
        aws.add_response("publish", {"MessageId": "1"}, said)
        topic.publish("Someone rings.")
        aws.add_client_error("publish", "AuthorizationError", "quotes the text", 403)
        with pytest.raises(ServiceError, match=r"^AuthorizationError \(403\)$"):
            topic.publish("Someone rings.")


def test_nobody_is_waited_for_longer_than_was_said(sdk: Sdk) -> None:
    """Botocore's own patience is a minute for each of five tries; a function has twenty seconds."""
    for made, seconds in ((sdk, ANSWER_WITHIN), (Sdk(7.5), 7.5)):
        config: Any = made.rekognition.meta.config
        assert config.read_timeout == seconds
        assert config.connect_timeout == 1
        assert config.retries == {"total_max_attempts": 2, "mode": "legacy"}


def test_only_the_services_that_are_called_are_looked_for(sdk: Sdk) -> None:
    """Functions are packed with the models of these alone."""
    clients = [sdk.s3, sdk.rekognition, sdk.sns, sdk.scheduler]
    assert sorted(each.meta.service_model.service_name for each in clients) == SERVICES
    assert sdk._session.get_available_services() == SERVICES
