"""Put the phones' app where CloudFront finds it: after the stack stands, with its addresses."""

from __future__ import annotations

import json
import mimetypes
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from doorbell.web_push.vapid import public_key
from operations.keys import ensure_keys, read_key
from operations.stacks import NoStack

if TYPE_CHECKING:
    from collections.abc import Iterable

    from operations.stacks import Deployed

FILES: Final = Path(__file__).resolve().parent.parent / "phone"
MUST_ASK: Final = "no-cache"
"""Every file is asked for anew, and answered with 304 while it is the same."""
LAST: Final = ("index.html", "shell.js", "worker.js")
"""The last two name the release: browsers install it when `worker.js` has changed."""
_TYPES: Final = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}


def upload(stack: Deployed) -> int:
    """All files and `config.json`; how many. Raises NoStack for one that has no place for them."""
    bucket = stack.outputs.get("AppBucket")
    if bucket is None:
        raise NoStack("This stack has no bucket for the phones' app: deploy it anew.")
    ensure_keys(stack)
    s3 = stack.client_of("s3")
    # Before the files: who installs the app takes all of it, and this too.
    s3.put_object(
        Bucket=bucket,
        Key="config.json",
        Body=config(stack.websocket, push_key(stack, stack.outputs["PushKey"])),
        ContentType="application/json",
        CacheControl=MUST_ASK,
    )
    files = _in_order(path for path in FILES.rglob("*") if path.is_file())
    for path in files:
        name = path.relative_to(FILES).as_posix()
        kind = content_type(path)
        s3.put_object(
            Bucket=bucket, Key=name, Body=path.read_bytes(), ContentType=kind, CacheControl=MUST_ASK
        )
    _show_anew(stack)
    return len(files) + 1


def _in_order(files: Iterable[Path]) -> list[Path]:
    """What names the release goes last: a phone that installs it meanwhile would keep old files
    under the new version.
    """
    return sorted(
        files, key=lambda path: (LAST.index(path.name) if path.name in LAST else -1, path)
    )


def config(socket: str, push: str | None) -> bytes:
    """`config.json`: where phones connect, and the key that browsers know our notices by."""
    return json.dumps({"socket": socket, "push": push}).encode()


def content_type(file: Path) -> str:
    """By the file's name; the system's own list may lack the newer ones."""
    guessed = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
    is_text = guessed in ("text/javascript", "text/css", "text/html")
    return f"{guessed}; charset=utf-8" if is_text else guessed or "application/octet-stream"


def push_key(stack: Deployed, name: str) -> str:
    """The key that browsers know this stack's notices by; `name` is its output `PushKey`."""
    return public_key(read_key(stack, name))


def _show_anew(stack: Deployed) -> None:
    """CloudFront forgets the former files."""
    cloudfront = stack.client_of("cloudfront")
    cloudfront.create_invalidation(
        DistributionId=stack.outputs["Distribution"],
        InvalidationBatch={
            "Paths": {"Quantity": 1, "Items": ["/*"]},
            "CallerReference": str(time.time_ns()),
        },
    )
