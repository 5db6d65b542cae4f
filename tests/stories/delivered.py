"""What has arrived of a door's presses: rings in the table, photos in the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tests.stories.doorstep import Home


class Rung(NamedTuple):
    """One ring as the cloud has it."""

    id: str
    press: str
    pressed_at: float


def rings(home: Home) -> list[Rung]:
    """All rings of this home, in the order of their presses."""
    found = home.stack.aws.client("dynamodb").query(
        TableName=home.stack.table.rings,
        KeyConditionExpression="home = :home AND begins_with(sk, :ring)",
        ExpressionAttributeValues={":home": {"S": home.id}, ":ring": {"S": "ring#"}},
    )["Items"]
    rung = [
        Rung(item["id"]["S"], item["press"]["S"], float(item["pressed_at"]["N"])) for item in found
    ]
    return sorted(rung, key=lambda ring: ring.pressed_at)


def photos(home: Home) -> dict[str, bytes]:
    """Ring and photo of all that this home's doors uploaded."""
    s3, bucket = home.stack.aws.client("s3"), home.stack.bucket
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"guest/{home.id}/")
    keys = [each["Key"] for each in listed.get("Contents", [])]
    return {
        key.split("/")[2]: s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        for key in keys
        if key.endswith("/photo.jpeg")
    }
