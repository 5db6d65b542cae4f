"""Messages as AWS documents them; the pages are named in operations/lost_message.py."""

from __future__ import annotations

import json
from typing import Any, Final

ACCOUNT: Final = "123456789012"
FUNCTION: Final = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:doorbell-RingPath-abc"
MACHINE: Final = f"arn:aws:states:eu-central-1:{ACCOUNT}:stateMachine:doorbell-visitor"
RULE: Final = f"arn:aws:events:eu-central-1:{ACCOUNT}:rule/doorbell-doorbell/RingPathPressed"


def pressed(**detail: Any) -> dict[str, Any]:
    """An event of the bus."""
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "RingPressed",
        "source": "doorbell",
        "account": ACCOUNT,
        "time": "2026-07-01T16:53:06Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": {"home": "home", "door": "front", "ring": "r1", "kind": "new"} | detail,
    }


def object_created(key: str) -> dict[str, Any]:
    """S3 tells of an object (Amazon S3 User Guide, "Using EventBridge")."""
    return {
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": ACCOUNT,
        "time": "2026-07-01T16:53:06Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:s3:::bucket"],
        "detail": {
            "version": "0",
            "bucket": {"name": "bucket"},
            "object": {
                "key": key,
                "size": 5,
                "etag": "b1946ac92492d2347c6235b4d2611184",
                "sequencer": "00617F08299329D189",
            },
            "request-id": "N4N7GDK58NMKJ12R",
            "requester": ACCOUNT,
            "source-ip-address": "203.0.113.9",
            "reason": "PutObject",
        },
    }


def given_up(
    payload: Any, function: str = FUNCTION, error: str = "RingPressed: OSError at a.py:3"
) -> str:
    """Lambda gave it up after three tries."""
    return json.dumps(
        {
            "version": "1.0",
            "timestamp": "2026-07-01T16:55:06.204Z",
            "requestContext": {
                "requestId": "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
                "functionArn": f"{function}:$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": 3,
            },
            "requestPayload": payload,
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "responsePayload": {"errorMessage": error, "errorType": "JobFailed"},
        }
    )


def undelivered(target: str, rule: str = RULE) -> dict[str, str]:
    """The attributes of an event that a rule could not deliver."""
    return {
        "RULE_ARN": rule,
        "TARGET_ARN": target,
        "ERROR_CODE": "NO_PERMISSIONS",
        "ERROR_MESSAGE": "not authorized with the token home.front.s3cret",
        "EXHAUSTED_RETRY_CONDITION": "MaximumRetryAttempts",
        "RETRY_ATTEMPTS": "10",
    }


def failed(given: Any, machine: str = MACHINE) -> dict[str, Any]:
    """An execution failed (AWS Step Functions Developer Guide, "EventBridge")."""
    return {
        "version": "0",
        "id": "315c1398-40ff-a850-213b-158f73e60175",
        "detail-type": "Step Functions Execution Status Change",
        "source": "aws.states",
        "account": ACCOUNT,
        "time": "2026-07-01T16:53:06Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": {
            "executionArn": machine.replace("stateMachine", "execution") + ":one",
            "stateMachineArn": machine,
            "name": "one",
            "status": "FAILED",
            "startDate": 1551225146847,
            "stopDate": 1551225151881,
            "input": json.dumps(given),
            "inputDetails": {"included": True},
            "output": None,
            "outputDetails": None,
            "error": "Rekognition.ProvisionedThroughputExceededException",
            "cause": "rate exceeded for s3cret",
        },
    }
