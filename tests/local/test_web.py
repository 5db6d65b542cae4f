"""The app's origin on one machine: its files and its API, as CloudFront has them on AWS."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

import pytest

from local import web
from local.errors import PortInUse
from local.web import Behind, Web, headers
from operations.app import FILES, content_type
from tests.local.origin import BUCKET, Api, ask, send, statuses
from tests.template.sources import template

# --- files ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", [p for p in sorted(FILES.rglob("*")) if p.is_file()], ids=lambda p: p.name
)
def test_each_file_of_the_app_comes_as_it_is_with_its_type(origin: Web, file: Any) -> None:
    path = "/" + file.relative_to(FILES).as_posix()
    answer, content = ask(origin, "GET", path)
    assert (answer.status, content) == (200, file.read_bytes())
    assert answer.headers["Content-Type"] == content_type(file)
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_app_begins_at_the_root_and_its_query_is_its_own(origin: Web) -> None:
    index = (FILES / "index.html").read_bytes()
    for path in ("/", "/?from=home", "//", "/index.html?x=../.."):
        assert ask(origin, "GET", path)[1] == index


def test_a_change_on_the_disk_shows_at_the_next_request(
    origin: Web, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "FILES", tmp_path)
    for text in ("one", "two"):
        (tmp_path / "index.html").write_text(text)
        assert ask(origin, "GET", "/")[1] == text.encode()


def test_text_is_compressed_for_whoever_takes_it(origin: Web) -> None:
    answer, content = ask(origin, "GET", "/worker.js", Accept_Encoding="br, gzip")
    assert gzip.decompress(content) == (FILES / "worker.js").read_bytes()
    assert (answer.headers["Content-Encoding"], answer.headers["Vary"]) == (
        "gzip", "Accept-Encoding"
    )  # fmt: skip


def test_the_configuration_has_the_stack_s_addresses_and_no_more(origin: Web) -> None:
    answer, content = ask(origin, "GET", "/config.json")
    assert json.loads(content) == {"socket": "ws://127.0.0.1:4566/x/prod", "push": "key"}
    assert answer.headers["Content-Type"] == "application/json"


def test_head_answers_as_get_without_the_content(origin: Web) -> None:
    whole = ask(origin, "GET", "/worker.js")[0]
    answer, content = ask(origin, "HEAD", "/worker.js")
    assert (answer.status, content) == (200, b"")
    assert answer.headers["Content-Length"] == whole.headers["Content-Length"]


OUTSIDE = [
    "/../local/web.py",
    "/../../../../../../etc/passwd",
    "/%2e%2e/local/web.py",
    "/..%2flocal%2fweb.py",
    "/scripts/../../local/web.py",
    "/scripts/%2e%2e/%2e%2e/Makefile",
    "/..%5clocal%5cweb.py",
    "/%252e%252e/local/web.py",
    "//etc/passwd",
    "/%2fetc/passwd",
    "/%2f%2fetc%2fpasswd",
    "/./../template.yaml",
    "/..",
    "/..%00/index.html",
    "/index.html%00.png",
    "/%c0%ae%c0%ae/local/web.py",
    "/nothing.html",
    "/scripts",
    "/scripts/",
    "/api",
    "/" + "x" * 5000,
]


@pytest.mark.parametrize("path", OUTSIDE, ids=lambda path: path[:40])
def test_nothing_outside_the_app_is_served_by_whatever_path(origin: Web, path: str) -> None:
    """As it stands in the request: a browser would have made most of these harmless before."""
    for method in ("GET", "HEAD"):
        said = send(origin, f"{method} {path} HTTP/1.1", "Host: x", "Connection: close")
        assert statuses(said) == [404]
    assert Api.asked == []


def test_a_link_that_leads_outside_is_not_followed(
    origin: Web, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = tmp_path / "app"
    app.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (app / "link.txt").symlink_to(tmp_path / "secret.txt")
    monkeypatch.setattr(web, "FILES", app)
    assert ask(origin, "GET", "/link.txt")[0].status == 404


@pytest.mark.parametrize("path", ["/caf\u00e9", "/a\x01b", "/a\x7f", "x", "*", "http://other/api/home",
                                  "http://[/", "//[x/api/"])  # fmt: skip
def test_what_is_no_path_is_refused(origin: Web, path: str) -> None:
    said = send(origin, f"GET {path} HTTP/1.1", "Host: x", "Connection: close")
    assert statuses(said) in ([400], [404])
    assert Api.asked == []


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"]
)
def test_files_are_read_alone(origin: Web, method: str) -> None:
    answer, _ = ask(origin, method, "/index.html", b"x" * 100)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert "Content-Security-Policy" in answer.headers


# --- headers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/", "/worker.js", "/config.json", "/nothing", "/manifest.webmanifest"]
)
def test_every_file_and_every_absence_has_the_app_s_headers(origin: Web, path: str) -> None:
    assert origin.behind
    given = ask(origin, "GET", path)[0].headers
    assert {name: given[name] for name in headers(origin.behind)} == headers(origin.behind)
    assert "Set-Cookie" not in given
    assert "Python" not in given["Server"]


def on_aws() -> dict[str, str]:
    """The headers that CloudFront sets, as the template has them."""
    policy = template()["Resources"]["AppHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    custom = policy["CustomHeadersConfig"]["Items"]
    assert all(each["Override"] for each in [*security.values(), *custom])
    csp = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    return {
        "Content-Security-Policy": csp,
        "X-Content-Type-Options": "nosniff" if security["ContentTypeOptions"] else "",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
        **{each["Header"]: each["Value"] for each in custom},
    }


def directives(policy: str) -> dict[str, list[str]]:
    """A content security policy, with words in the place of the stack's own addresses."""
    named = re.sub(r"https://\$\{Bucket\}\S*[^\s;]|http://127\.0\.0\.1:4566", "BUCKET", policy)
    named = re.sub(r"wss://\$\{Socket\}[^\s;]*|ws://127\.0\.0\.1:4566", "SOCKET", named)
    parts = [each.split() for each in named.split(";")]
    return {name: sorted(set(sources)) for name, *sources in parts}


def test_they_are_the_same_as_on_aws() -> None:
    """There with another word for the same bucket, and with TLS demanded besides."""
    here = headers(Behind("ws://127.0.0.1:4566/prod", "", BUCKET, None))
    there = on_aws()
    policies = [directives(each.pop("Content-Security-Policy")) for each in (here, there)]
    assert policies[0] == policies[1]
    assert here == there


def test_the_policy_lets_nothing_run_or_style_that_is_not_a_file_of_the_app() -> None:
    policy = directives(headers(Behind("ws://127.0.0.1:4566/prod", "", BUCKET, None))[
        "Content-Security-Policy"
    ])  # fmt: skip
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["connect-src"] == ["'self'", "BUCKET", "SOCKET"]
    assert policy["img-src"] == ["'self'", "BUCKET", "blob:"]
    assert not any("unsafe" in source for sources in policy.values() for source in sources)


# --- the server -------------------------------------------------------------------------


def test_it_listens_on_loopback_alone(origin: Web) -> None:
    assert origin.origin == f"http://127.0.0.1:{origin.port}"
    assert origin._server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_or_none_is_one_sentence(origin: Web) -> None:
    for port in (origin.port, 70_000, -1):
        with pytest.raises(PortInUse, match=f"Port {port} cannot be used"):
            Web(port)


def test_nothing_is_written_about_requests(origin: Web, capfd: pytest.CaptureFixture[str]) -> None:
    """Their paths hold pairing codes."""
    ask(origin, "POST", "/api/pairings/home.secret", b"{}")
    send(origin, "GET /%00secret HTTP/1.1", "Host: x", "Connection: close")
    send(origin, "secret")
    assert "secret" not in "".join(capfd.readouterr())
