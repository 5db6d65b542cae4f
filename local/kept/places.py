"""What is kept of the emulator: a table's rows, a bucket's objects, keys and secrets.

All is put back into ministack's own memory, by private names that `tests/local/kept` watches:
through its API each photo would be an event, and every resident enrolled once more.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from ministack.services import dynamodb, s3, secretsmanager, ssm

from local.kept.store import Content, Name, Owner

CONNECTIONS: Final = "connection#"
"""How the sort keys of open sockets begin; no socket outlives the server."""

KEYS: Final = "/doorbell/"
"""How the names of a stack's keys begin (operations/keys.py)."""

MESSENGERS: Final = "/messengers/"
"""In the names of secrets that `make add-messenger` makes (doorbell/aws/messenger_secrets.py)."""
PUBLISHING: Final = "/publishing/"
"""In those that `make publish-to` makes (doorbell/aws/publication_secrets.py)."""


class Table:
    """A table's rows, whatever they are. Rows whose time was over are not put back."""

    def __init__(self, table: dict[str, Any], properties: Mapping[str, Any]) -> None:
        """`table` is ministack's, `properties` are CloudFormation's."""
        self.owner = Owner("row", table["TableName"])
        self._table = table
        self._expiry = properties.get("TimeToLiveSpecification", {}).get("AttributeName")

    def held(self) -> dict[Name, Any]:
        """Rows by their keys."""
        return {
            (partition, sort): row
            for partition, rows in list(self._table["items"].items())
            for sort, row in list(rows.items())
            if not sort.startswith(CONNECTIONS)
        }

    def packed(self, row: Any) -> Content:
        """DynamoDB's JSON."""
        return Content(row)

    def put_back(self, records: Mapping[Name, Content]) -> None:
        """Without a word to the table's stream."""
        now = time.time()
        for (partition, sort), record in records.items():
            if not self._is_over(record.fields, now):
                dynamodb._set_item(self._table, partition, sort, record.fields)

    def _is_over(self, row: Mapping[str, Any], now: float) -> bool:
        expires = row.get(self._expiry or "", {}).get("N")
        return expires is not None and float(expires) <= now


class Bucket:
    """A bucket's objects. Those that S3's lifecycle would have deleted are not put back."""

    def __init__(self, bucket: dict[str, Any], name: str, properties: Mapping[str, Any]) -> None:
        """`bucket` is ministack's, `properties` are CloudFormation's."""
        self.owner = Owner("object", name)
        self._bucket = bucket
        rules = properties.get("LifecycleConfiguration", {}).get("Rules", [])
        self._days = {
            rule.get("Prefix", ""): int(rule["ExpirationInDays"])
            for rule in rules
            if rule.get("Status") == "Enabled" and "ExpirationInDays" in rule
        }

    def held(self) -> dict[Name, Any]:
        """Objects by their keys."""
        return {(key,): stored for key, stored in list(self._bucket["objects"].items())}

    def packed(self, stored: Any) -> Content:
        """What ministack knows of an object, and its bytes."""
        return Content({k: v for k, v in stored.items() if k != "body"}, stored["body"])

    def put_back(self, records: Mapping[Name, Content]) -> None:
        """Without an event for each."""
        now = datetime.now(UTC)
        for (key,), (fields, body) in records.items():
            if not self._is_over(key, datetime.fromisoformat(fields["last_modified"]), now):
                fresh = s3._build_object_record(body, {}, etag=fields["etag"])
                self._bucket["objects"][key] = {**fresh, **fields}

    def _is_over(self, key: str, put: datetime, now: datetime) -> bool:
        return any(
            key.startswith(prefix) and now - put >= timedelta(days=days)
            for prefix, days in self._days.items()
        )


class Keys:
    """The keys of every stack: an operator's command makes them, so no template does."""

    owner: Final = Owner("parameter", KEYS)

    def held(self) -> dict[Name, Any]:
        """Parameters by their names."""
        made = list(ssm._parameters.items())
        return {(name,): parameter for name, parameter in made if name.startswith(KEYS)}

    def packed(self, parameter: Any) -> Content:
        """The text that was encrypted."""
        return Content({"Value": parameter["OriginalValue"]})

    def put_back(self, records: Mapping[Name, Content]) -> None:
        """Before anybody could make others in their place."""
        for (name,), record in records.items():
            ssm._put_parameter({"Name": name, "Type": "SecureString", **record.fields})


class HomeSecrets:
    """Secrets of homes, by what their names hold: an operator makes them, so no template does."""

    def __init__(self, mark: str) -> None:
        """`mark` is MESSENGERS or PUBLISHING."""
        self.owner = Owner("secret", mark)
        self._mark = mark

    def held(self) -> dict[Name, Any]:
        """The present values, by the secrets' names; those that are deleted are gone."""
        made = {name: it for name, it in secretsmanager._secrets.items() if self._mark in name}
        return {
            (name,): version
            for name, secret in made.items()
            if not secret["DeletedDate"]
            for version in secret["Versions"].values()
            if "AWSCURRENT" in version["Stages"]
        }

    def packed(self, version: Any) -> Content:
        """Text alone."""
        return Content({"SecretString": version["SecretString"]})

    def put_back(self, records: Mapping[Name, Content]) -> None:
        """Made anew, under their names."""
        for (name,), record in records.items():
            if name not in secretsmanager._secrets:
                secretsmanager._store_new_secret(name, record.fields["SecretString"])
