"""A real server with IAM enforced: boto3, roles, and a state machine with typed catches."""

import json
import signal
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from demo.people import Person, door_photo, empty_doorstep, portrait
from local.faces import broken

ACCOUNT = "000000000000"
HOME = f"arn:aws:rekognition:us-east-1:{ACCOUNT}:collection/home"


@pytest.fixture(scope="module")
def bucket(server: Any) -> str:
    """A bucket with every picture the tests ask for, and a collection `home` that knows Eileen."""
    s3, rekognition = server.client("s3"), server.client("rekognition")
    s3.create_bucket(Bucket="pictures")
    for key, picture in {
        "eileen": door_photo(Person.EILEEN),
        "stranger": door_photo(Person.STRANGER),
        "empty": empty_doorstep(),
        "broken": broken.truncated_jpeg(),
        "tiny": broken.tiny_jpeg(),
        "heavy": broken.heavy_jpeg(),
        "portrait": portrait(Person.EILEEN),
    }.items():
        s3.put_object(Bucket="pictures", Key=key, Body=picture)
    rekognition.create_collection(CollectionId="home")
    rekognition.index_faces(
        CollectionId="home",
        Image={"S3Object": {"Bucket": "pictures", "Name": "portrait"}},
        ExternalImageId="eileen",
    )
    return "pictures"


# --- boto3 --------------------------------------------------------------------


def test_boto3_reaches_it(server: Any, bucket: str) -> None:
    """Pictures are read from the server's own S3, and the collection's ARN is the caller's."""
    rekognition = server.client("rekognition")
    answer = rekognition.search_faces_by_image(
        CollectionId="home", Image={"S3Object": {"Bucket": bucket, "Name": "eileen"}}
    )
    assert answer["FaceMatches"][0]["Face"]["ExternalImageId"] == "eileen"
    created = rekognition.create_collection(CollectionId="another")["CollectionArn"]
    assert created == HOME.removeprefix("arn:").replace("home", "another")


def test_many_at_once_all_get_their_own_answer(server: Any, bucket: str) -> None:
    """Eight callers with different photos get eight right answers."""
    rekognition = server.client("rekognition")

    def names(key: str) -> list[str]:
        answer = rekognition.search_faces_by_image(
            CollectionId="home", Image={"S3Object": {"Bucket": bucket, "Name": key}}
        )
        return [match["Face"]["ExternalImageId"] for match in answer["FaceMatches"]]

    asked = ["eileen", "stranger", "portrait", "stranger"] * 4
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(names, asked))
    assert answers == [[] if key == "stranger" else ["eileen"] for key in asked]


def test_s3_answers_while_faces_are_searched(server: Any, bucket: str) -> None:
    """Searches under way, eight at a time, hold up nobody who only wants an object."""
    rekognition, s3 = server.client("rekognition"), server.client("s3")
    image = {"S3Object": {"Bucket": bucket, "Name": "eileen"}}
    with ThreadPoolExecutor(8) as threads:
        searching = [
            threads.submit(rekognition.search_faces_by_image, CollectionId="home", Image=image)
            for _ in range(64)
        ]
        waits = []
        while not all(each.done() for each in searching):
            before = time.perf_counter()
            s3.head_object(Bucket=bucket, Key="eileen")
            waits.append(time.perf_counter() - before)
    assert all(each.result()["FaceMatches"] for each in searching)
    assert len(waits) > 8
    assert sorted(waits)[len(waits) // 2] < 0.1


# --- IAM ----------------------------------------------------------------------


def acting_as(server: Any, *statements: dict[str, Any]) -> Any:
    """A Rekognition client with the session of a new role that may do just this."""
    iam, name = server.client("iam"), f"role-{uuid.uuid4().hex[:8]}"
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    role = iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]
    iam.put_role_policy(
        RoleName=name,
        PolicyName="policy",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    session = server.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="test")
    credentials = session["Credentials"]
    return server.client(
        "rekognition",
        credentials["AccessKeyId"],
        credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )


def may(action: str, resource: str) -> dict[str, str]:
    """A statement that allows one action on one resource."""
    return {"Effect": "Allow", "Action": action, "Resource": resource}


NOBODY = "00000000-0000-0000-0000-000000000000"


def test_a_role_may_do_what_its_policy_names(server: Any, bucket: str) -> None:
    """`rekognition:DeleteFaces` on this collection's ARN lets the role delete faces of it."""
    rekognition = acting_as(server, may("rekognition:DeleteFaces", HOME))
    answer = rekognition.delete_faces(CollectionId="home", FaceIds=[NOBODY])
    assert answer["DeletedFaces"] == []


@pytest.mark.parametrize(
    "statement",
    [
        may("rekognition:DeleteFaces", HOME + "s"),
        may("rekognition:ListFaces", HOME),
        may("s3:*", "*"),
    ],
    ids=["another collection", "another action", "another service"],
)
def test_a_role_may_do_nothing_else(server: Any, bucket: str, statement: dict[str, str]) -> None:
    """Another collection's ARN, another action or another service does not let it."""
    rekognition = acting_as(server, statement)
    with pytest.raises(ClientError) as refused:
        rekognition.delete_faces(CollectionId="home", FaceIds=[NOBODY])
    assert refused.value.response["Error"]["Code"] == "AccessDeniedException"


@pytest.mark.parametrize("readable", [True, False])
def test_a_picture_is_read_with_the_callers_rights(
    server: Any, bucket: str, readable: bool
) -> None:
    """Without `s3:GetObject` on the picture a role gets InvalidS3ObjectException."""
    rekognition = acting_as(
        server,
        may("rekognition:SearchFacesByImage", HOME),
        may("s3:GetObject", f"arn:aws:s3:::{bucket}/{'eileen' if readable else 'stranger'}"),
    )
    image = {"S3Object": {"Bucket": bucket, "Name": "eileen"}}
    if readable:
        assert rekognition.search_faces_by_image(CollectionId="home", Image=image)["FaceMatches"]
    else:
        with pytest.raises(rekognition.exceptions.InvalidS3ObjectException):
            rekognition.search_faces_by_image(CollectionId="home", Image=image)


# --- a state machine ----------------------------------------------------------

CAUGHT = [
    "InvalidParameterException",
    "InvalidImageFormatException",
    "InvalidS3ObjectException",
    "ImageTooLargeException",
    "ResourceNotFoundException",
]


@pytest.fixture(scope="module")
def search(server: Any, bucket: str) -> Callable[[str, str], Any]:
    """Run a state machine that searches a picture's face: what it found, or which catch caught."""
    states = server.client("stepfunctions")
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "states.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    role = server.client("iam").create_role(
        RoleName="machine",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )["Role"]["Arn"]
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Search",
        "States": {
            "Search": {
                "Type": "Task",
                "Resource": "arn:aws:states:::aws-sdk:rekognition:searchFacesByImage",
                "Arguments": {
                    "CollectionId": "{% $states.input.collection %}",
                    "FaceMatchThreshold": 90,
                    "Image": {"S3Object": {"Bucket": bucket, "Name": "{% $states.input.key %}"}},
                },
                "Output": "{% $states.result.FaceMatches.Face.ExternalImageId %}",
                "Catch": [
                    {
                        "ErrorEquals": [f"Rekognition.{name}"],
                        "Output": f"caught {name}",
                        "Next": "Caught",
                    }
                    for name in CAUGHT
                ],
                "End": True,
            },
            "Caught": {"Type": "Pass", "End": True},
        },
    }
    machine = states.create_state_machine(
        name="search",
        definition=json.dumps(definition),
        roleArn=role,
    )["stateMachineArn"]

    def search(key: str, collection: str = "home") -> Any:
        execution = states.start_execution(
            stateMachineArn=machine, input=json.dumps({"key": key, "collection": collection})
        )["executionArn"]
        while (told := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
            time.sleep(0.02)
        assert told["status"] == "SUCCEEDED", told
        return json.loads(told["output"])

    return search


@pytest.mark.parametrize(
    ("key", "collection", "outcome"),
    [
        ("eileen", "home", "eileen"),
        ("empty", "home", "caught InvalidParameterException"),
        ("tiny", "home", "caught InvalidParameterException"),
        ("broken", "home", "caught InvalidImageFormatException"),
        ("heavy", "home", "caught ImageTooLargeException"),
        ("nothing", "home", "caught InvalidS3ObjectException"),
        ("eileen", "nowhere", "caught ResourceNotFoundException"),
    ],
)
def test_a_state_machine_catches_each_error_by_its_type(
    search: Callable[[str, str], Any], key: str, collection: str, outcome: str
) -> None:
    """`aws-sdk:rekognition` finds the resident, and every error arrives under its own name."""
    assert search(key, collection) == outcome


# --- its end ------------------------------------------------------------------


def test_a_reset_forgets_the_faces(start_server: Callable[[], Any]) -> None:
    """ministack's own reset empties Rekognition like every other service."""
    server = start_server()
    rekognition = server.client("rekognition")
    rekognition.create_collection(CollectionId="home")
    reset = urllib.request.Request(f"{server.endpoint}/_ministack/reset", method="POST")
    with urllib.request.urlopen(reset, timeout=10) as answer:
        assert answer.status == 200
    with pytest.raises(rekognition.exceptions.ResourceNotFoundException):
        rekognition.list_faces(CollectionId="home")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_the_server(
    start_server: Callable[[], Any], end: signal.Signals
) -> None:
    """However the server ends, its recognising processes end within two seconds."""
    server = start_server()
    workers = _children(server.process.pid)
    assert len(workers) == 2
    server.process.send_signal(end)
    server.process.wait(10)
    deadline = time.monotonic() + 2
    while workers and time.monotonic() < deadline:
        time.sleep(0.02)
        workers = [pid for pid in workers if _runs(pid)]
    assert workers == []


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=True)
    return [int(child) for child in listed.stdout.split()]


def _runs(pid: int) -> bool:
    told = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    # A dead process that its new parent did not wait for is only a name: Z.
    return told.stdout.strip()[:1] not in {"", "Z"}
