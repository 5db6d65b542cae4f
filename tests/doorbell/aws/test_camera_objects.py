"""What cameras send, as S3 answers for it; and URLs that bind what a device may upload."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.stub import Stubber

from doorbell.aws.api.errors import ServiceError
from doorbell.aws.camera_objects import CameraObjects
from doorbell.aws.dynamodb.cameras import CameraTable
from doorbell.cameras.model import Part, Stored, UploadedPart
from doorbell.cameras.problems import Problem
from doorbell.errors import Conflict
from tests.fakes import CAMERA

if TYPE_CHECKING:
    from doorbell.aws.dynamodb.table import Table
    from doorbell.aws.sdk import Sdk

KEY: Final = "clips/home/camera/2023/11/14/221320-000-x.mp4"
SHA: Final = "Cey268i878cz9vLsRPeRq+7WqZ7fDMMVGWN4mK69Utg="
PARTS: Final = [UploadedPart(1, '"e"', SHA)]


def test_an_object_is_written_once_with_what_is_known_of_it(sdk: Sdk) -> None:
    objects = CameraObjects(sdk, "bucket")
    given = {
        "Bucket": "bucket",
        "Key": KEY,
        "Body": b"x",
        "ContentType": "image/jpeg",
        "Metadata": {"ring": "r"},
        "IfNoneMatch": "*",
    }
    with Stubber(sdk.s3) as aws:
        aws.add_response("put_object", {}, given)
        assert objects.put(KEY, b"x", "image/jpeg", {"ring": "r"})
        for code, status in (("PreconditionFailed", 412), ("ConditionalRequestConflict", 409)):
            aws.add_client_error("put_object", code, http_status_code=status)
            assert not objects.put(KEY, b"x", "image/jpeg", {})
        aws.add_client_error("put_object", "AccessDenied", "quotes the key", 403)
        with pytest.raises(ServiceError, match=r"^AccessDenied \(403\)$"):
            objects.put(KEY, b"x", "image/jpeg", {})


def test_an_object_is_written_anew_read_and_removed(sdk: Sdk) -> None:
    objects = CameraObjects(sdk, "bucket")
    at = {"Bucket": "bucket", "Key": KEY}
    with Stubber(sdk.s3) as aws:
        how = {"Body": b"x", "ContentType": "image/jpeg", "Metadata": {}}
        aws.add_response("put_object", {}, at | how)
        objects.replace(KEY, b"x", "image/jpeg", {})
        aws.add_response("get_object", {"Body": BytesIO(b"x")}, at)
        assert objects.read(KEY) == b"x"
        aws.add_client_error("get_object", "NoSuchKey", http_status_code=404)
        assert objects.read(KEY) is None
        aws.add_response("delete_object", {}, at)
        objects.remove(KEY)
        for call in ("get_object", "delete_object"):
            aws.add_client_error(call, "AccessDenied", "quotes the key", 403)
        for refused in (objects.read, objects.remove):
            with pytest.raises(ServiceError, match=r"^AccessDenied \(403\)$"):
                refused(KEY)


def test_an_object_is_there_or_not_and_a_refusal_is_neither(sdk: Sdk) -> None:
    objects = CameraObjects(sdk, "bucket")
    with Stubber(sdk.s3) as aws:
        said = {"ContentLength": 9, "Metadata": {"ring": "r"}, "ChecksumSHA256": f"{SHA}-1"}
        given = {"Bucket": "bucket", "Key": KEY, "ChecksumMode": "ENABLED"}
        aws.add_response("head_object", said, given)
        assert objects.find(KEY) == Stored(9, {"ring": "r"}, f"{SHA}-1")
        aws.add_client_error("head_object", "404", http_status_code=404)
        assert objects.find(KEY) is None
        aws.add_client_error("head_object", "403", http_status_code=403)
        with pytest.raises(ServiceError):
            objects.find(KEY)


def test_an_upload_in_parts_is_begun_with_checksums_and_ended_with_them(sdk: Sdk) -> None:
    objects = CameraObjects(sdk, "bucket")
    with Stubber(sdk.s3) as aws:
        given = {"Bucket": "bucket", "Key": KEY}
        how = {"ContentType": "video/mp4", "ChecksumAlgorithm": "SHA256"}
        aws.add_response("create_multipart_upload", {"UploadId": "u"}, given | how)
        assert objects.begin(KEY, "video/mp4") == "u"
        parts = [{"PartNumber": 1, "ETag": '"e"', "ChecksumSHA256": SHA}]
        ended = {"UploadId": "u", "IfNoneMatch": "*", "MultipartUpload": {"Parts": parts}}
        aws.add_response("complete_multipart_upload", {}, given | ended)
        objects.complete(KEY, "u", PARTS)
        aws.add_client_error("create_multipart_upload", "SlowDown", http_status_code=503)
        with pytest.raises(ServiceError, match="SlowDown"):
            objects.begin(KEY, "video/mp4")


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("NoSuchUpload", 404, Conflict),
        ("PreconditionFailed", 412, Conflict),
        ("ConditionalRequestConflict", 409, Conflict),
        ("InvalidPart", 400, Problem),
        ("InvalidPartOrder", 400, Problem),
        ("EntityTooSmall", 400, Problem),
        ("BadDigest", 400, Problem),
        ("SlowDown", 503, ServiceError),
        ("AccessDenied", 403, ServiceError),
    ],
)
def test_what_s3_says_of_an_end_is_told_apart(
    sdk: Sdk, code: str, status: int, error: type[Exception]
) -> None:
    """The upload is gone, the parts are wrong, or S3 cannot now."""
    with Stubber(sdk.s3) as aws:
        aws.add_client_error("complete_multipart_upload", code, "quotes", status)
        with pytest.raises(error) as raised:
            CameraObjects(sdk, "bucket").complete(KEY, "u", PARTS)
        assert "quotes" not in str(raised.value)


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-central-1", "bucket.s3.eu-central-1.amazonaws.com"),
        ("us-east-1", "bucket.s3.amazonaws.com"),
        ("us-west-2", "bucket.s3.us-west-2.amazonaws.com"),
    ],
)
def test_a_url_for_a_picture_binds_its_type_its_size_and_that_there_is_none(
    sdk: Sdk, monkeypatch: pytest.MonkeyPatch, region: str, host: str
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    link = CameraObjects(sdk, "bucket").link("pictures/x.jpeg", "image/jpeg", 12, 300)
    url, query = urlsplit(link.url), parse_qs(urlsplit(link.url).query)
    assert (link.method, url.scheme, url.netloc, url.path) == (
        "PUT",
        "https",
        host,
        "/pictures/x.jpeg",
    )
    signed = "content-length;content-type;host;if-none-match"
    assert query["X-Amz-SignedHeaders"] == [signed]
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["300"]
    assert {*(name.lower() for name in link.headers), "host"} == set(signed.split(";"))
    assert link.headers["Content-Length"] == "12"


def test_a_url_for_a_part_binds_its_number_and_its_checksum(sdk: Sdk) -> None:
    link = CameraObjects(sdk, "bucket").link_part(KEY, "u/+ =", Part(7, 12, SHA), 900)
    query = parse_qs(urlsplit(link.url).query)
    assert (link.method, link.headers) == ("PUT", {"x-amz-checksum-sha256": SHA})
    assert query["X-Amz-SignedHeaders"] == ["host;x-amz-checksum-sha256"]
    assert (query["partNumber"], query["uploadId"]) == (["7"], ["u/+ ="])
    assert query["X-Amz-Expires"] == ["900"]


def test_a_token_that_was_carried_in_plain_stays_marked(table: Table) -> None:
    cameras = CameraTable(table)
    cameras.add(CAMERA)
    assert not cameras.went_plain("home", CAMERA.id)
    for _ in range(2):
        cameras.mark_plain("home", CAMERA.id)
        assert cameras.went_plain("home", CAMERA.id)
    assert cameras.find("home", CAMERA.id) == CAMERA, "nothing else of it has changed"
    assert not cameras.went_plain("away", CAMERA.id)


def test_whom_there_is_not_cannot_be_marked_and_leaves_no_row(table: Table) -> None:
    cameras = CameraTable(table)
    with pytest.raises(Conflict):
        cameras.mark_plain("home", "nobody")
    assert cameras.all("home") == []
    assert not cameras.went_plain("home", "nobody")


def test_the_door_of_a_camera_is_kept(table: Table) -> None:
    gate = CAMERA._replace(id="gate", door="front")
    CameraTable(table).add(gate)
    assert CameraTable(table).find("home", "gate") == gate
