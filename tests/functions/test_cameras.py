"""The HTTP of cameras, as docs/openapi-cameras.yaml has it: tokens, answers, what is never said."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from doorbell.cameras.problems import PROBLEMS
from doorbell.events import CameraTrouble, PictureReceived
from functions.cameras import entry
from functions.cameras.routes import ROUTES
from tests.doorbell.cameras.fakes import GATE, FakeReception, picture, sha256
from tests.fakes import ADA, CAMERA, DOOR, EVERYBODY, FOREIGN_PHONE, NOON, token_of

if TYPE_CHECKING:
    from doorbell.model import Device

ID = "123e4567-e89b-42d3-a456-426614174000"
CLIP = {
    "id": ID,
    "kind": "clip",
    "type": "video/mp4",
    "name": "gate.mp4",
    "taken_at": NOON,
    "size": 20_000_000,
}
GATE_TOKEN = token_of(CAMERA).replace(".camera.", ".gate.")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> FakeReception:
    """The function's world, in memory."""
    made = FakeReception()
    monkeypatch.setattr(entry, "reception", lambda: made.reception)
    return made


def ask(
    method: str = "POST",
    path: str = "/",
    *,
    body: bytes | None = None,
    token: str | None = None,
    query: dict[str, str] | None = None,
    **headers: str,
) -> Any:
    """One request, and what API Gateway would send back."""
    given = {"content-type": "image/jpeg", **{k.replace("_", "-"): v for k, v in headers.items()}}
    if token is not None:
        given["authorization"] = f"Bearer {token}"
    event: dict[str, Any] = {
        "rawPath": path,
        "requestContext": {"http": {"method": method}},
        "headers": given,
        "isBase64Encoded": True,
        "body": base64.b64encode(picture() if body is None else body).decode(),
    }
    if query:
        event["queryStringParameters"] = query
    answer = entry.handler(event, None)
    answer["json"] = json.loads(answer["body"]) if answer.get("body", "").startswith("{") else None
    return answer


def tell(path: str, content: object, token: str | None = None) -> Any:
    """One request of JSON."""
    body = json.dumps(content).encode()
    token = token or token_of(CAMERA)
    return ask(path=path, body=body, token=token, content_type="application/json")


def basic(password: str, name: str = "camera") -> str:
    """`Authorization: Basic`."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


# --- who may ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/camera", "/camera/"])
def test_the_button_that_tests_an_address_needs_no_token(made: FakeReception, path: str) -> None:
    answer = ask("GET", path, body=b"")
    assert (answer["statusCode"], answer["headers"]["content-type"]) == (200, "text/plain")
    assert answer["body"]
    answer = ask("HEAD", path, body=b"")
    assert answer["statusCode"] == 200
    assert "body" not in answer


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("path", ["/", "/camera"])
def test_a_token_may_stand_in_three_places(made: FakeReception, method: str, path: str) -> None:
    token = token_of(CAMERA)
    ways: tuple[dict[str, Any], ...] = (
        {"query": {"accessToken": token}},
        {"token": token},
        {"authorization": f"bearer {token}"},
        {"authorization": basic(token)},
        {"authorization": basic(token, name="")},
    )
    for way in ways:
        answer = ask(method, path, **way)
        assert answer["statusCode"] == 201, way
        assert answer["json"]["key"] in made.bucket.kept


@pytest.mark.parametrize("around", ["{} ", " {}", "\t{}\r\n", "  {}  "])
def test_white_space_around_a_pasted_token_is_forgiven(made: FakeReception, around: str) -> None:
    token = around.format(token_of(CAMERA))
    assert ask(query={"accessToken": token})["statusCode"] == 201
    assert ask(authorization=basic(token))["statusCode"] == 201
    assert ask(token=token)["statusCode"] == 201


def test_a_password_for_somewhere_else_does_not_hide_the_token(made: FakeReception) -> None:
    answer = ask(authorization=basic("pass"), query={"accessToken": token_of(CAMERA)})
    assert answer["statusCode"] == 201


@pytest.mark.parametrize("headers", [{}, {"authorization": "Digest username=camera"}])
def test_without_a_token_nobody_is_let_in_and_basic_is_asked_for(
    made: FakeReception, headers: dict[str, Any]
) -> None:
    answer = ask(**headers)
    assert (answer["statusCode"], answer["json"]["name"]) == (401, "no_token")
    assert answer["headers"]["www-authenticate"].startswith("Basic ")
    assert made.bucket.kept == {}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "home.camera",
        "home.camera.wrong",
        "away.camera.secret-of-camera",
        "home.nobody.secret-of-camera",
        *(token_of(device) for device in EVERYBODY if device.role != "camera"),
    ],
)
def test_a_token_that_is_no_camera_s_is_refused(made: FakeReception, token: str) -> None:
    for answer in (ask(token=token), ask(query={"accessToken": token})):
        assert (answer["statusCode"], answer["json"]["name"]) == (403, "bad_token")
    assert made.bucket.kept == {}


def test_a_revoked_token_is_nobody_s_at_once(made: FakeReception) -> None:
    made.devices.remove("home", CAMERA.id)
    assert ask(token=token_of(CAMERA))["statusCode"] == 403


@pytest.mark.parametrize("route", [r for r in ROUTES if not r.anybody and not r.in_query])
def test_elsewhere_a_token_in_the_query_is_none(made: FakeReception, route: Any) -> None:
    """URLs stand in histories; only what has no other place may have it there."""
    path = "/" + "/".join(route.path)
    answer = ask(route.method, path, query={"accessToken": token_of(CAMERA)})
    assert answer["json"]["name"] == "no_token"


# --- plain HTTP -----------------------------------------------------------------------------


def test_a_token_that_came_in_plain_is_marked_for_good_and_never_rings(
    made: FakeReception,
) -> None:
    """Also if the next request comes over TLS: somebody may have read along."""
    answer = ask(token=GATE_TOKEN, cloudfront_forwarded_proto="http")
    assert answer["statusCode"] == 201
    assert made.devices.went_plain("home", GATE.id)
    assert ask(token=GATE_TOKEN, cloudfront_forwarded_proto="https")["statusCode"] == 201
    assert ask(token=GATE_TOKEN)["statusCode"] == 201
    assert made.house.bus.events == []
    assert len(made.bucket.kept) == 3


@pytest.mark.parametrize("headers", [{}, {"cloudfront_forwarded_proto": "https"}])
def test_over_tls_and_on_loopback_it_rings(made: FakeReception, headers: dict[str, Any]) -> None:
    assert ask(token=GATE_TOKEN, **headers)["statusCode"] == 201
    assert len(made.house.bus.events) == 1
    assert not made.devices.went_plain("home", GATE.id)


def test_a_refused_picture_marks_its_token_all_the_same(made: FakeReception) -> None:
    ask(token=GATE_TOKEN, body=b"no picture", cloudfront_forwarded_proto="http")
    assert made.devices.went_plain("home", GATE.id)


def test_a_wrong_token_marks_nobody(made: FakeReception) -> None:
    ask(token="home.gate.wrong", cloudfront_forwarded_proto="http")
    assert made.devices.plain == set()


# --- answers ---------------------------------------------------------------------------------


def test_every_refusal_is_a_problem_of_the_closed_list(made: FakeReception) -> None:
    answers = [
        ask(),
        ask(token="home.camera.wrong"),
        ask(token=token_of(CAMERA), body=b""),
        ask(token=token_of(CAMERA), body=b"PK"),
        ask("DELETE"),
        ask(path="/camera/nothing"),
        ask(path="/cameras"),
        tell("/camera/uploads", {}),
    ]
    for answer in answers:
        shown = answer["json"]
        assert answer["headers"]["content-type"] == "application/problem+json"
        assert answer["headers"]["cache-control"] == "no-store"
        assert shown["name"] in PROBLEMS
        assert shown == {
            "type": f"urn:doorbell:{shown['name']}",
            "title": shown["title"],
            "status": answer["statusCode"],
            "name": shown["name"],
        }
    assert [answer["statusCode"] for answer in answers] == [401, 403, 400, 415, 405, 404, 404, 400]


def test_a_wrong_method_is_told_the_right_ones(made: FakeReception) -> None:
    assert ask("DELETE")["headers"]["allow"] == "GET, HEAD, POST, PUT"
    assert ask("GET", "/camera/uploads")["headers"]["allow"] == "POST"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"1", b"\xff", b"[" * 10_000])
def test_a_body_that_is_no_object_is_not_json(made: FakeReception, body: bytes) -> None:
    token = token_of(CAMERA)
    answer = ask(path="/camera/uploads", body=body, token=token, content_type="application/json")
    assert (answer["statusCode"], answer["json"]["name"]) == (400, "not_json")


def test_a_body_of_another_type_is_not_read(made: FakeReception) -> None:
    answer = ask(path="/camera/trouble", body=b"{}", token=token_of(CAMERA))
    assert (answer["statusCode"], answer["json"]["name"]) == (415, "wrong_type")


def test_what_fails_inside_is_told_without_a_word_of_it(
    made: FakeReception, capsys: pytest.CaptureFixture[str]
) -> None:
    made.bucket.broken["pictures/"] = ConnectionError("quotes a token")
    answer = ask(query={"accessToken": token_of(CAMERA)})
    assert (answer["statusCode"], answer["json"]["name"]) == (503, "try_again")
    said = capsys.readouterr().out
    assert '"error": "ConnectionError"' in said
    assert "quotes" not in said + answer["body"]
    assert token_of(CAMERA) not in said


def test_a_token_stands_in_no_line_of_the_log(
    made: FakeReception, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(query={"accessToken": token_of(CAMERA)})
    ask(token=token_of(ADA))
    tell("/camera/uploads", CLIP)
    said = capsys.readouterr().out
    assert said.count("job done") == 3
    assert "secret-of" not in said
    assert "upload-1" not in said


# --- what a device uploads by itself -----------------------------------------------------------


def test_a_clip_in_parts_from_begin_to_end(made: FakeReception) -> None:
    begun = tell("/camera/uploads", CLIP)
    key, upload = begun["json"]["key"], begun["json"]["upload"]
    assert begun["statusCode"] == 201
    assert begun["json"] == {"key": key, "upload": "upload-1", "part_size": 8_388_608}

    checksum = sha256(b"part")
    part = {"number": 1, "size": 4, "sha256": checksum}
    signed = tell("/camera/uploads/parts", {"key": key, "upload": upload, "parts": [part]})
    assert signed["statusCode"] == 200
    (link,) = signed["json"]["parts"]
    assert (link["number"], link["method"]) == (1, "PUT")
    assert link["headers"] == {"x-amz-checksum-sha256": checksum}

    done = {"number": 1, "etag": '"e"', "sha256": checksum}
    asked = {"key": key, "upload": upload, "parts": [done]}
    for _ in range(2):
        complete = tell("/camera/uploads/complete", asked)
        assert (complete["statusCode"], complete["json"]) == (200, {"key": key, "size": 6})
    again = tell("/camera/uploads", CLIP)
    assert (again["statusCode"], again["json"]) == (200, {"key": key, "done": True})


@pytest.mark.parametrize(
    ("kind", "media"), [("picture", "image/jpeg"), ("burst", "application/x-mjpeg")]
)
def test_a_picture_or_a_burst_goes_up_by_one_url(
    made: FakeReception, kind: str, media: str
) -> None:
    answer = tell("/camera/uploads", CLIP | {"kind": kind, "type": media, "size": 9})
    assert answer["statusCode"] == 201
    assert set(answer["json"]) == {"key", "upload", "expires_in"}
    assert set(answer["json"]["upload"]) == {"method", "url", "headers"}
    assert answer["json"]["expires_in"] == 300


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "picture"},
        {"type": "image/png"},
        {"size": 0},
        {"size": -1},
        {"taken_at": "now"},
        {"taken_at": -1},
        {"id": "no-uuid"},
        {"more": 1},
    ],
)
def test_a_field_that_cannot_be_so_is_named(made: FakeReception, wrong: dict[str, Any]) -> None:
    answer = tell("/camera/uploads", CLIP | wrong)
    assert (answer["statusCode"], answer["json"]["name"]) == (400, "bad_field")


def test_more_than_twenty_parts_at_once_are_refused(made: FakeReception) -> None:
    part = {"number": 1, "size": 1, "sha256": sha256(b"")}
    asked = {"key": "k", "upload": "u", "parts": [part] * 21}
    assert tell("/camera/uploads/parts", asked)["json"]["name"] == "bad_field"


def test_ten_thousand_parts_are_joined(made: FakeReception) -> None:
    """As long a clip as there may be: its list of parts is longer than other bodies."""
    begun = tell("/camera/uploads", CLIP)["json"]
    part = {"etag": '"' + "e" * 32 + '"', "sha256": sha256(b"")}
    parts = [{"number": number, **part} for number in range(1, 10_001)]
    asked = {"key": begun["key"], "upload": begun["upload"], "parts": parts}
    assert tell("/camera/uploads/complete", asked)["statusCode"] == 200


def test_a_foreign_camera_names_nothing_of_this_one(made: FakeReception) -> None:
    key = tell("/camera/uploads", CLIP)["json"]["key"]
    other: Device = CAMERA._replace(home="away")
    made.devices.add(other)
    part = {"number": 1, "size": 1, "sha256": sha256(b"")}
    done = {"number": 1, "etag": "e", "sha256": sha256(b"")}
    for token in (token_of(other), GATE_TOKEN):
        for path, parts in (("parts", [part]), ("complete", [done])):
            asked = {"key": key, "upload": "upload-1", "parts": parts}
            answer = tell(f"/camera/uploads/{path}", asked, token)
            assert (answer["statusCode"], answer["json"]["name"]) == (404, "not_found")


# --- trouble, and S3's word ----------------------------------------------------------------------


def test_trouble_is_told_on_the_bus(made: FakeReception) -> None:
    answer = tell("/camera/trouble", {"what": "disk_full", "since": NOON, "dropped": 3})
    assert answer["statusCode"] == 204
    assert "body" not in answer
    assert made.house.bus.events == [CameraTrouble("home", "camera", "disk_full", NOON, 3)]


@pytest.mark.parametrize("wrong", [{"what": "bored"}, {"dropped": -1}, {"dropped": 1.5}, {"x": 1}])
def test_other_trouble_is_none(made: FakeReception, wrong: dict[str, Any]) -> None:
    answer = tell("/camera/trouble", {"what": "refused", "since": NOON, "dropped": 0} | wrong)
    assert answer["json"]["name"] == "bad_field"


def test_s3_s_word_becomes_an_event(made: FakeReception) -> None:
    key = ask(token=token_of(CAMERA))["json"]["key"]
    assert entry.handler({"do": "object_came", "key": key}, None) == {}
    assert made.house.bus.events == [PictureReceived("home", "camera", key, NOON, "picture")]


def test_no_device_but_a_camera_and_nobody_of_another_home_reaches_this_one(
    made: FakeReception,
) -> None:
    for device in (DOOR, ADA, FOREIGN_PHONE):
        for route in ROUTES:
            if not route.anybody:
                path = "/" + "/".join(route.path)
                assert ask(route.method, path, token=token_of(device))["statusCode"] == 403
