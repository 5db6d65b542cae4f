"""Where a doorbell can be: Lambda is nearly everywhere, Rekognition is not."""

from __future__ import annotations

from typing import Final

from doorbell.errors import BadName

AS_OF: Final = "2026-11-30"
"""When the list was last compared with AWS's own (botocore's endpoints; a test compares them)."""

WITHOUT_REKOGNITION: Final = (
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-3",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-6",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-west-3",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "us-gov-east-1",
)
"""Regions that have Lambda and no Rekognition: faces cannot be compared there. A region that AWS
opens later is not here, so that nobody is kept from it. The template's `Rules` have the same list.
"""

_NEAR: Final = {
    "eu": "eu-central-1, eu-west-1, eu-west-2 and eu-south-2",
    "us": "us-east-1, us-east-2, us-west-1 and us-west-2",
    "ap": "ap-northeast-1, ap-south-1, ap-southeast-1 and ap-southeast-2",
    "ca": "ca-central-1, us-east-1 and us-west-2",
    "mx": "us-east-1 and us-west-2",
    "me": "il-central-1 and eu-central-1",
    "af": "eu-west-1 and eu-central-1",
}


def check_region(region: str) -> str:
    """The region, if faces can be compared there. Raises BadName, which names some that are near.

    There is none in China, so nothing is near.
    """
    if region not in WITHOUT_REKOGNITION:
        return region
    near = _NEAR.get(region.partition("-")[0])
    others = f" Near it are {near}." if near and not region.startswith("us-gov") else ""
    raise BadName(
        f"Amazon Rekognition, which compares the faces, is not in {region} (as of {AS_OF}).{others}"
    )
