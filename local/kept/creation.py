"""What CloudFormation makes gets back what it held, before anybody can use it.

The stack is deployed anew at each start, so that the template of the present version counts; its
tables and buckets have the same names each time (`local.adapt`).
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ministack.services import dynamodb, s3
from ministack.services.cloudformation import provisioners

from local.kept.keeper import Keeper, Place
from local.kept.places import MESSENGERS, PUBLISHING, Bucket, HomeSecrets, Keys, Table

_Create: TypeAlias = Callable[[str, Mapping[str, Any], str], tuple[str, Any]]
"""ministack's: logical id, properties and stack's name to physical id and attributes."""

_PlaceOf: TypeAlias = Callable[[str, Mapping[str, Any]], Place]


def fill_what_is_made(keeper: Keeper) -> None:
    """From now on `keeper` keeps every table and bucket of every template, keys and secrets."""
    places: dict[str, _PlaceOf] = {
        "AWS::DynamoDB::Table": lambda name, given: Table(dynamodb._tables[name], given),
        "AWS::S3::Bucket": lambda name, given: Bucket(s3._buckets[name], name, given),
    }
    for kind, place_of in places.items():
        handlers = provisioners._RESOURCE_HANDLERS[kind]
        handlers["create"] = _filled(handlers["create"], place_of, keeper)


def _filled(create: _Create, place_of: _PlaceOf, keeper: Keeper) -> _Create:
    def create_and_fill(
        logical_id: str, properties: Mapping[str, Any], stack: str
    ) -> tuple[str, Any]:
        name, attributes = create(logical_id, properties, stack)
        keeper.adopt(place_of(name, properties))
        # What no template makes is there from now on, too.
        for place in (Keys(), HomeSecrets(MESSENGERS), HomeSecrets(PUBLISHING)):
            if not keeper.keeps(place.owner):
                keeper.adopt(place)
        return name, attributes

    return create_and_fill
