"""The smallest functions that show what one machine must do."""

import json
import os
import time
from typing import Any

import boto3


class Busy(Exception):
    """Raised at every call, for a Retry or a Catch to see."""


def handle(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Say a frame back to whoever sent it, or do what the event says."""
    request = event["requestContext"]
    if request["eventType"] == "MESSAGE":
        if event["body"] == "fail":
            raise Busy("a secret of the function's")
        boto3.client("apigatewaymanagementapi").post_to_connection(
            ConnectionId=request["connectionId"], Data=json.dumps({"said": event["body"]}).encode()
        )
    else:
        _do(event.get("do", "nothing"), event)
    return {"statusCode": 200}


def _do(what: str, event: dict[str, Any]) -> None:
    match what:
        case "fail":
            print("called")
            raise Busy
        case "die":
            os._exit(1)
        case "answer and fail":
            output = json.dumps({"answered": True})
            boto3.client("stepfunctions").send_task_success(taskToken=event["token"], output=output)
            raise Busy
        case "take a moment":
            time.sleep(0.5)
        case "say much":
            print("\n".join(f"line {number}" for number in range(event["lines"])))


def steal(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Read what this function's role does not allow."""
    boto3.client("s3").list_objects_v2(Bucket=os.environ["BUCKET"])
    return {"stolen": True}
