"""The bucket that packed functions, state machines and the template are deployed from."""

import hashlib

from local.aws import Aws

BUCKET = "doorbell-artifacts"


def make_bucket(aws: Aws) -> None:
    """Create the bucket, unless it is there already."""
    # In us-east-1, creating one's own bucket again is no error.
    aws.client("s3").create_bucket(Bucket=BUCKET)


def put(aws: Aws, name: str, content: bytes) -> dict[str, str]:
    """Store `content` under a key that names it, so that a change is seen as one."""
    key = f"{name}-{hashlib.sha256(content).hexdigest()[:16]}"
    aws.client("s3").put_object(Bucket=BUCKET, Key=key, Body=content)
    return {"Bucket": BUCKET, "Key": key}
