"""Where each service answers: its own host in the region, or wherever the environment says.

The variables are the SDKs' own (AWS SDKs and Tools Reference Guide, "Service-specific endpoints").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_AMAZON: Final = "amazonaws.com"
_ELSEWHERE: Final = {"cn-": "amazonaws.com.cn", "eusc-": "amazonaws.eu"}
"""By the beginning of a region's name; every other public region is under `amazonaws.com`."""


class Service(NamedTuple):
    """How one of AWS's services is spoken to."""

    name: str
    """The first part of its host's name, and what it is called in signatures."""
    variable: str
    """The end of the environment variable that says where else it answers."""
    target: str = ""
    """Of the JSON protocols: what stands before an operation's name."""
    json: str = ""
    """Of the JSON protocols: the version."""


DYNAMODB: Final = Service("dynamodb", "DYNAMODB", "DynamoDB_20120810", "1.0")
EVENTS: Final = Service("events", "EVENTBRIDGE", "AWSEvents", "1.1")
STATES: Final = Service("states", "SFN", "AWSStepFunctions", "1.0")
SECRETS: Final = Service("secretsmanager", "SECRETS_MANAGER", "secretsmanager", "1.1")
PARAMETERS: Final = Service("ssm", "SSM", "AmazonSSM", "1.1")
SOCKETS: Final = Service("execute-api", "APIGATEWAYMANAGEMENTAPI")
S3: Final = Service("s3", "S3")


class Endpoint(NamedTuple):
    """A place on the network."""

    secure: bool
    host: str
    """With its port, unless that is the scheme's own."""
    path: str = ""
    """What stands before every path there; no slash at its end."""

    @property
    def url(self) -> str:
        """Without a slash at its end."""
        return f"{'https' if self.secure else 'http'}://{self.host}{self.path}"


def endpoint_of(service: Service, region: str, environment: Mapping[str, str]) -> Endpoint:
    """Where this service answers."""
    given = environment.get(f"AWS_ENDPOINT_URL_{service.variable}")
    given = given or environment.get("AWS_ENDPOINT_URL")
    if given:
        return read_url(given)
    return Endpoint(secure=True, host=f"{service.name}.{region}.{_suffix(region)}")


def read_url(url: str) -> Endpoint:
    """An endpoint as a URL says it. A port that is the scheme's own is left out, as clients do."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    host = parts.netloc.removesuffix(":443" if secure else ":80")
    return Endpoint(secure, host, parts.path.rstrip("/"))


def bucket_at(bucket: str, region: str, environment: Mapping[str, str]) -> Endpoint:
    """Where a bucket's objects are: at a host of its own; in a folder where S3 is not AWS's.

    A host with dots in its first part would fit no certificate (Amazon S3 User Guide, "Virtual
    hosting of general purpose buckets").
    """
    at = endpoint_of(S3, region, environment)
    own_host = at.host.endswith(_suffix(region)) and "." not in bucket
    if own_host:
        # The global host is that of us-east-1, and what S3's own clients use there.
        host = "s3.amazonaws.com" if region == "us-east-1" else at.host
        return at._replace(host=f"{bucket}.{host}")
    return at._replace(path=f"{at.path}/{bucket}")


def _suffix(region: str) -> str:
    return next((host for start, host in _ELSEWHERE.items() if region.startswith(start)), _AMAZON)
