"""The smallest functions that show what one machine must do."""

import json
import os
from typing import Any

import boto3


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Say a frame back to whoever sent it; anything else is heard in silence."""
    request = event["requestContext"]
    if request["eventType"] == "MESSAGE":
        boto3.client("apigatewaymanagementapi").post_to_connection(
            ConnectionId=request["connectionId"], Data=json.dumps({"said": event["body"]}).encode()
        )
    return {"statusCode": 200}


def steal(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Read what this function's role does not allow."""
    boto3.client("s3").list_objects_v2(Bucket=os.environ["BUCKET"])
    return {"stolen": True}
