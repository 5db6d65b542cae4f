"""Requests against Rekognition's own service model, as botocore carries it.

AWS checks types first (SerializationException), then every constraint at once
(ValidationException, one sentence for each). One thing is stricter here: a member the model does
not know is refused, where AWS passes over it, because in a state machine nothing else would notice
a misspelt one before the deployment.
"""

import base64
import binascii
import functools
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import botocore.loaders
from botocore.model import ServiceModel, Shape

from local.faces.errors import NotSerialized, ValidationFailed

SERVICE: Final = "rekognition"


@functools.cache
def service_model() -> ServiceModel:
    """Rekognition's model: every operation, shape, range and pattern."""
    loader = botocore.loaders.create_loader()
    return ServiceModel(loader.load_service_model(SERVICE, "service-2"), SERVICE)


def read_request(operation: str, body: object) -> dict[str, Any]:
    """The request in a decoded JSON `body`, with blobs as bytes.

    Raises NotSerialized when a type is wrong, ValidationFailed when a constraint is broken.
    """
    shape: Any = service_model().operation_model(operation).input_shape
    request: dict[str, Any] = _read(shape, body)
    broken = list(_broken(shape, "", request))
    if broken:
        errors = "error" if len(broken) == 1 else "errors"
        raise ValidationFailed(f"{len(broken)} validation {errors} detected: " + "; ".join(broken))
    return request


# --- types --------------------------------------------------------------------


def _read(shape: Shape, value: object) -> Any:
    readers: dict[str, Callable[[Any, object], Any]] = {
        "structure": _structure,
        "list": _list,
        "map": _map,
        "string": _string,
        "blob": _blob,
        "integer": _integer,
        "float": _float,
    }
    return readers[shape.type_name](shape, value)


def _structure(shape: Any, value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _unexpected(shape, value)
    unknown = sorted(set(value) - set(shape.members))
    if unknown:
        raise ValidationFailed(
            f"{shape.name} has no member {unknown[0]!r}; it has {', '.join(shape.members)}"
        )
    return {
        name: _read(shape.members[name], member)
        for name, member in value.items()
        if member is not None
    }


def _list(shape: Any, value: object) -> list[Any]:
    if not isinstance(value, list):
        raise _unexpected(shape, value)
    return [_read(shape.member, member) for member in value]


def _map(shape: Any, value: object) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _unexpected(shape, value)
    return {_read(shape.key, key): _read(shape.value, member) for key, member in value.items()}


def _string(shape: Shape, value: object) -> str:
    if not isinstance(value, str):
        raise _unexpected(shape, value)
    return value


def _blob(shape: Shape, value: object) -> bytes:
    try:
        return base64.b64decode(_string(shape, value), validate=True)
    except (binascii.Error, ValueError):
        raise NotSerialized(f"{shape.name} is not base64") from None


def _integer(shape: Shape, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _whole(value):
        raise _unexpected(shape, value)
    return int(value)


def _whole(value: float) -> bool:
    return math.isfinite(value) and value == int(value)


def _float(shape: Shape, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _unexpected(shape, value)
    return float(value)


def _unexpected(shape: Shape, value: object) -> NotSerialized:
    # The value itself stays out of the sentence: it may be a picture.
    return NotSerialized(f"{shape.name} must be a {shape.type_name}, not {type(value).__name__}")


# --- constraints --------------------------------------------------------------


def _broken(shape: Any, path: str, value: Any) -> Iterator[str]:
    """One of AWS's sentences for every constraint that `value`, at `path`, does not satisfy."""
    for constraint in _own_constraints(shape, value):
        shown = "<picture>" if isinstance(value, bytes) else value
        yield f"Value '{shown}' at '{path}' failed to satisfy constraint: Member must {constraint}"
    if shape.type_name == "structure":
        for name in shape.required_members:
            if name not in value:
                yield (
                    f"Value null at '{_under(path, name)}' failed to satisfy constraint: "
                    "Member must not be null"
                )
        for name, member in value.items():
            yield from _broken(shape.members[name], _under(path, name), member)
    elif shape.type_name == "list":
        for number, member in enumerate(value, 1):
            yield from _broken(shape.member, f"{path}.{number}.member", member)


def _under(path: str, name: str) -> str:
    lower = name[0].lower() + name[1:]
    return f"{path}.{lower}" if path else lower


def _own_constraints(shape: Any, value: Any) -> Iterator[str]:
    measure, size = _size(value)
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    # Too large a picture has an exception of its own, raised where pictures are fetched.
    if high is not None and size > high and shape.type_name != "blob":
        yield f"have {measure} less than or equal to {high}"
    if low is not None and size < low:
        yield f"have {measure} greater than or equal to {low}"
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        yield f"satisfy regular expression pattern: {pattern}"
    allowed = getattr(shape, "enum", None)
    if allowed and value not in allowed:
        yield f"satisfy enum value set: [{', '.join(allowed)}]"


def _size(value: Any) -> tuple[str, float]:
    return ("value", value) if isinstance(value, int | float) else ("length", len(value))
