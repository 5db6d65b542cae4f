"""The closed lists of the socket protocol: reasons, refusals, errors, and its limits."""

from typing import Final, Literal, TypeAlias, get_args

from doorbell.errors import ErrorName

MAX_FRAME_BYTES: Final = 32 * 1024
"""API Gateway's limit for one WebSocket frame."""

MAX_AGE_SECONDS: Final = 30 * 24 * 3600
"""A press older than a month is not believed."""

Reason: TypeAlias = Literal[
    "stranger", "no_face", "unreadable", "unavailable", "no_photo", "no_phone", "late"
]
"""Why the bell rings although somebody might live here."""

Refusal: TypeAlias = Literal["wrong", "expired", "used", "locked", "none"]
"""Why a typed code does not open the door."""

EnrolmentFailure: TypeAlias = Literal[
    "no_face",
    "several_faces",
    "too_small",
    "too_dark",
    "blurred",
    "unreadable",
    "misplaced",
    "unavailable",
]
"""Why a photo enrols nobody."""

Role: TypeAlias = Literal["door", "phone", "camera"]
"""What a device is; its token is for this role alone."""

ROLES: Final[tuple[Role, ...]] = get_args(Role)
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
REFUSALS: Final[tuple[Refusal, ...]] = get_args(Refusal)
ERRORS: Final[tuple[ErrorName, ...]] = get_args(ErrorName)
