"""Rows, objects, secrets and faces are the same after a restart, as the emulator tells them."""

import asyncio
import base64
import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from boto3.dynamodb.types import TypeSerializer
from hypothesis import given, settings
from hypothesis import strategies as st
from ministack.services import dynamodb, s3, secretsmanager, ssm
from ministack.services.cloudformation import provisioners

from local.faces.collection import Collections
from local.faces.face import Box, Face, Pose, Quality
from local.faces.records import record_of
from local.kept.faces import Faces
from local.kept.keeper import Place
from local.kept.places import MESSENGERS, PUBLISHING, Bucket, HomeSecrets, Keys, Table
from local.kept.store import Content

NOW = datetime.now(UTC)
ROWS = {
    "KeySchema": [
        {"AttributeName": "home", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ],
    "AttributeDefinitions": [
        {"AttributeName": "home", "AttributeType": "S"},
        {"AttributeName": "sk", "AttributeType": "S"},
    ],
    "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
}
PHOTOS = {
    "BucketName": "photos",
    "LifecycleConfiguration": {
        "Rules": [
            {"Status": "Enabled", "Prefix": "guest/", "ExpirationInDays": 1},
            {"Status": "Enabled", "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}},
        ]
    },
}

numbers = st.integers(-(10**18), 10**18) | st.decimals(-1000, 1000, places=6)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.text()
    | numbers
    | st.binary(max_size=50)
    | st.sets(st.text(min_size=1), min_size=1, max_size=3)
    | st.sets(st.integers(-(10**18), 10**18), min_size=1, max_size=3)
    | st.sets(st.binary(min_size=1), min_size=1, max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
keys = st.text(min_size=1, max_size=20)
attributes = st.text(min_size=1, max_size=20).filter(lambda name: name != "ttl")
rows = st.dictionaries(
    st.tuples(keys, keys), st.dictionaries(attributes, values, max_size=4), max_size=5
)


def _made(kind: str, properties: Mapping[str, Any]) -> str:
    """CloudFormation makes it, with nothing in it; its name."""
    handlers = provisioners._RESOURCE_HANDLERS[f"AWS::{kind}"]
    return str(handlers["create"]("Made", properties, "kept")[0])


def new_table() -> Table:
    """An empty table of homes' rows."""
    return Table(dynamodb._tables[_made("DynamoDB::Table", ROWS)], ROWS)


def new_bucket() -> Bucket:
    """An empty bucket that forgets guests after a day."""
    s3._buckets.pop("photos", None)
    return Bucket(s3._buckets[_made("S3::Bucket", PHOTOS)], "photos", PHOTOS)


def ask(service: ModuleType, target: str, **request: Any) -> Any:
    """A service's answer to a request, as it goes over the wire."""
    headers = {"x-amz-target": target}
    asked = service.handle_request("POST", "/", headers, _wire(request), {})
    status, _, answer = asyncio.run(asked)
    assert status == 200, answer
    return json.loads(answer)


def _wire(request: Mapping[str, Any]) -> bytes:
    return json.dumps(request, default=lambda raw: base64.b64encode(raw).decode()).encode()


def over_a_restart(before: Place, made_anew: Callable[[], Place]) -> Place:
    """The place of the next start, filled from the records of this one."""
    written = {name: before.packed(it) for name, it in before.held().items()}
    read = {
        name: Content(json.loads(json.dumps(it.fields)), it.body) for name, it in written.items()
    }
    after = made_anew()
    after.put_back(read)
    assert set(after.held()) <= set(written)
    return after


@given(rows)
@settings(max_examples=60)
def test_rows_of_every_type_are_read_as_they_were_written(
    made: Mapping[tuple[str, str], Mapping[str, Any]],
) -> None:
    table, in_json = new_table(), TypeSerializer()
    name = table.owner.name
    for (home, sk), row in made.items():
        item = in_json.serialize({**row, "home": home, "sk": sk})["M"]
        ask(dynamodb, "DynamoDB_20120810.PutItem", TableName=name, Item=item)
    told = ask(dynamodb, "DynamoDB_20120810.Scan", TableName=name)
    over_a_restart(table, new_table)
    assert ask(dynamodb, "DynamoDB_20120810.Scan", TableName=name) == told
    assert told["Count"] == len(made)


@pytest.mark.parametrize(
    ("row", "stays"),
    [
        ({"sk": "device#door"}, True),
        ({"sk": "connection#phone#anna#1"}, False),
        ({"sk": "code#1", "ttl": time.time() + 86_400}, True),
        ({"sk": "code#2", "ttl": time.time() - 1}, False),
        ({"sk": "object#a.jpeg", "ttl": None}, True),
    ],
)
def test_open_sockets_and_rows_whose_time_is_over_are_not_there_again(
    row: dict[str, Any], stays: bool
) -> None:
    table = new_table()
    fields = {"home": {"S": "home"}, "sk": {"S": row["sk"]}}
    if "ttl" in row:
        fields["ttl"] = {"N": str(row["ttl"])} if row["ttl"] else {"NULL": True}
    dynamodb._set_item(dynamodb._tables[table.owner.name], "home", row["sk"], fields)
    after = over_a_restart(table, new_table)
    assert list(after.held().values()) == ([fields] if stays else [])


def test_a_photo_is_there_again_byte_for_byte_with_all_that_s3_says_of_it() -> None:
    bucket = new_bucket()
    headers = {"content-type": "image/jpeg", "x-amz-meta-who": "Anna"}
    s3._put_object("photos", "residents/home/Zoë 🔔/a.jpeg", b"\xff\xd8\x00photo", headers)
    before = s3._get_object("photos", "residents/home/Zoë 🔔/a.jpeg", {})
    over_a_restart(bucket, new_bucket)
    assert s3._get_object("photos", "residents/home/Zoë 🔔/a.jpeg", {}) == before


@pytest.mark.parametrize(
    ("key", "age", "stays"),
    [
        ("guest/home/1/photo.jpeg", timedelta(hours=23), True),
        ("guest/home/1/photo.jpeg", timedelta(hours=25), False),
        ("residents/home/anna/1.jpeg", timedelta(days=999), True),
    ],
)
def test_photos_that_s3_would_have_deleted_are_not_there_again(
    key: str, age: timedelta, stays: bool
) -> None:
    bucket = new_bucket()
    s3._put_object("photos", key, b"photo", {})
    stored = s3._buckets["photos"]["objects"][key]
    stored["last_modified"] = (NOW - age).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert bool(over_a_restart(bucket, new_bucket).held()) is stays


def new_keys() -> Keys:
    """Where no key is."""
    ssm._parameters.clear()
    return Keys()


def test_a_key_is_the_same_after_a_restart_and_is_not_made_anew() -> None:
    name, given = "/doorbell/kept/code-key", {"Type": "SecureString", "Overwrite": False}
    keys = new_keys()
    ask(ssm, "AmazonSSM.PutParameter", Name=name, Value="drawn once", **given)
    over_a_restart(keys, new_keys)
    told = ask(ssm, "AmazonSSM.GetParameter", Name=name, WithDecryption=True)["Parameter"]
    assert (told["Value"], told["Type"]) == ("drawn once", "SecureString")
    wanted = json.dumps({"Name": name, "Value": "another", **given}).encode()
    again = ssm.handle_request("POST", "/", {"x-amz-target": "AmazonSSM.PutParameter"}, wanted, {})
    assert asyncio.run(again)[0] == 400


def test_a_key_that_was_changed_by_hand_is_seen_as_changed() -> None:
    name, keys = "/doorbell/kept/code-key", new_keys()
    for value in ("one", "two"):
        before = dict(keys.held())
        ask(
            ssm, "AmazonSSM.PutParameter",
            Name=name, Value=value, Type="SecureString", Overwrite=True,
        )  # fmt: skip
        assert keys.held() != before
    over_a_restart(keys, new_keys)
    told = ask(ssm, "AmazonSSM.GetParameter", Name=name, WithDecryption=True)
    assert told["Parameter"]["Value"] == "two"


def test_a_parameter_of_somebody_elses_is_not_kept() -> None:
    keys = new_keys()
    ask(ssm, "AmazonSSM.PutParameter", Name="/other/thing", Value="x", Type="String")
    assert keys.held() == {}


@pytest.mark.parametrize("mark", [MESSENGERS, PUBLISHING])
def test_what_homes_keep_secret_is_there_after_a_restart_and_what_was_removed_is_not(
    mark: str,
) -> None:
    """Messengers are told again, and films published; nothing of the other kind is touched."""
    for name in ("home", "away"):
        secret = f"doorbell{mark}{name}"
        ask(secretsmanager, "secretsmanager.CreateSecret", Name=secret, SecretString=name)
    other = PUBLISHING if mark == MESSENGERS else MESSENGERS
    ask(secretsmanager, "secretsmanager.CreateSecret", Name=f"doorbell{other}x", SecretString="x")
    gone = f"doorbell{mark}away"
    ask(secretsmanager, "secretsmanager.DeleteSecret", SecretId=gone, RecoveryWindowInDays=7)

    def at_the_next_start() -> HomeSecrets:
        secretsmanager._secrets.clear()
        return HomeSecrets(mark)

    kept = f"doorbell{mark}home"
    assert over_a_restart(HomeSecrets(mark), at_the_next_start).held().keys() == {(kept,)}
    told = ask(secretsmanager, "secretsmanager.GetSecretValue", SecretId=kept)
    assert told["SecretString"] == "home"


def test_faces_have_the_ids_and_the_numbers_they_had() -> None:
    before, after = Collections(), Collections()
    for name in ("home", "empty", "other"):
        before.create(name)
    known = {name: [_index(before, name, n) for n in range(3)] for name in ("home", "other")}
    over_a_restart(Faces(before), lambda: Faces(after))
    assert after.faces("empty") == []
    for name, ids in known.items():
        assert [face.face_id for face in after.faces(name)] == ids
        assert [record_of(face) for face in after.faces(name)] == [
            record_of(face) for face in before.faces(name)
        ]
        # The same picture is known to be the same one, as on AWS.
        assert [_index(after, name, n) for n in range(3)] == ids


def _index(collections: Collections, name: str, number: int) -> str:
    vector = np.random.default_rng(number).normal(size=128).astype(np.float32)
    face = Face(Box(0.1, 0.2, 0.3, 0.4), 99.5, (), Pose(0, 0, 0), Quality(50, 50), vector)
    (known,) = collections.index(name, bytes([number]), [face], f"Zoë.{number}")
    (found,) = collections.search(name, vector, threshold=99, limit=1)
    assert found.face.face_id == known.face_id
    return known.face_id
