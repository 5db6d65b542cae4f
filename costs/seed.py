"""The doorbell that this one continues, counted in the same way from its templates and its code.

project-doorbell (github.com/ymwjbxxq/rust_doorbell): five functions in Rust around one Standard
state machine, which compares two photos. It was deployed by its author; it publishes no figures.
"""

from __future__ import annotations

from typing import Final

from costs.recording import GB, PLATFORM_BYTES

STATES: Final = {
    "match": (
        "Map input", "CompareFaces", "Map CompareFaces", "If Face Match?", "Generate code",
        "Send code", "Success",
    ),
    "no match": (
        "Map input", "CompareFaces", "Map CompareFaces", "If Face Match?", "Map face not match",
        "Send photo to mobile", "Success",
    ),
}  # fmt: skip
"""What its state machine enters, as its definition has them."""

RUNS: Final = {"match": 5, "no match": 4}
"""on-connect, s3-presigned-url, generate-code and send-code or send-photo, on-disconnect."""
RUN_MS: Final = 30.0 + 14.5
"""An assumption for a run, and a published cold start of a Rust function (lambda-perf): each is
cold, for nothing else runs them.
"""
STATE_LOG_BYTES: Final = 2 * 450
"""Its state machine logs at level ALL without data: two lines a state. An assumption."""


def ring(kind: str) -> dict[str, float]:
    """What a ring of this kind (`match`, `no match`) uses. It has no phone: the door is told."""
    states, runs = len(STATES[kind]), RUNS[kind]
    return {
        "rekognition.image": 1,
        "states.transition": states,
        "lambda.request": runs,
        "lambda.gb_s": runs * RUN_MS / 1000,
        "dynamodb.write": 2,  # the connection's row, written and deleted
        "events": 1,
        "sockets.message": 2,  # the URL, and the code or the photo's link
        "sockets.minute": 1,
        "s3.put": 1,
        "s3.get": 2,  # both photos, read by Rekognition
        "logs.gb": (runs * PLATFORM_BYTES + states * STATE_LOG_BYTES) / GB,
    }
