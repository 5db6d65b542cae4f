"""What publishes films may read films and nothing else of the bucket, and hears of films alone."""

from __future__ import annotations

from typing import Final

from tests.template.sources import Tree, functions, listed

PUBLISH: Final = functions()["Publish"]
STATEMENTS: Final = [each for policy in PUBLISH["Policies"] for each in policy["Statement"]]


def may(action: str) -> list[Tree]:
    """The statements that allow it."""
    return [each for each in STATEMENTS if action in listed(each["Action"])]


def test_it_reads_films_and_no_photo_picture_or_burst() -> None:
    (statement,) = may("s3:GetObject")
    assert {each["Fn::Sub"].removeprefix("${Bucket.Arn}/") for each in statement["Resource"]} == {
        "films/*", "guest/*/*/film.gif", "guest/*/*/film.mp4",
    }  # fmt: skip


def test_it_writes_nothing_but_what_it_has_claimed() -> None:
    actions = {action for each in STATEMENTS for action in listed(each["Action"])}
    assert actions == {
        "dynamodb:GetItem", "dynamodb:PutItem", "s3:GetObject", "s3:ListBucket",
        "secretsmanager:GetSecretValue",
    }  # fmt: skip


def test_it_knows_the_keys_of_accounts_and_no_other_secret() -> None:
    (statement,) = may("secretsmanager:GetSecretValue")
    assert statement["Resource"]["Fn::Sub"].endswith(":secret:${AWS::StackName}/publishing/*")
    for name, other in functions().items():
        if name != "Publish":
            assert "/publishing/" not in str(other), name


def test_films_alone_wake_it() -> None:
    (event,) = PUBLISH["Events"].values()
    assert event["Properties"]["Pattern"]["detail-type"] == ["FilmMade"]


def test_publishing_is_off_the_ring_path() -> None:
    assert "Publish" not in str(functions()["RingPath"])
    assert "RingPath" not in str(PUBLISH)
