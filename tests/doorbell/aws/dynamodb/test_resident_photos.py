"""Residents' photos as enrolment writes them and the phones see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from doorbell.household.model import (
    ResidentPhotoRow,
)
from doorbell.model import ResidentPhoto

if TYPE_CHECKING:
    from tests.doorbell.aws.household_ports import HouseholdPorts


def photo(resident: str, name: str, home: str = "home", order: str = "0A") -> ResidentPhoto:
    """A photo in the bucket."""
    return ResidentPhoto(home, resident, f"residents/{home}/{resident}/{name}.jpeg", order)


def test_photos_are_listed_with_what_became_of_them_while_they_are_there(
    ports: HouseholdPorts,
) -> None:
    good, bad, gone = photo("Ada", "1"), photo("Ada", "2"), photo("Bob", "1")
    for each in (good, bad, gone, photo("Eve", "1", "away")):
        ports.enrolment.photo_came(each)
    ports.enrolment.add_face(good, "face-1")
    ports.enrolment.refused(bad, "several_faces")
    ports.enrolment.photo_went(gone._replace(sequencer="0B"))
    assert sorted(ports.residents.photos("home")) == [
        ResidentPhotoRow(good.key),
        ResidentPhotoRow(bad.key, "several_faces"),
    ]
    assert dict(ports.residents.faces("home")) == {"Ada": 1}
    assert dict(ports.residents.faces("away")) == {}


def test_the_operator_s_own_photo_is_none_of_the_household_s(ports: HouseholdPorts) -> None:
    """But its face is."""
    owner = ResidentPhoto("home", "owner", "source.jpeg", "0A")
    ports.enrolment.photo_came(owner)
    ports.enrolment.add_face(owner, "face-1")
    assert ports.residents.photos("home") == []
    assert dict(ports.residents.faces("home")) == {"owner": 1}


def test_a_home_whose_name_begins_like_another_has_photos_of_its_own(
    ports: HouseholdPorts,
) -> None:
    ports.enrolment.photo_came(photo("Ada", "1", "home-2"))
    assert ports.residents.photos("home") == []
