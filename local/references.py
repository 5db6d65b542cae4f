"""References of a template that lead nowhere: ministack takes some of them as they stand."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

_PSEUDO = frozenset(
    f"AWS::{name}"
    for name in (
        "AccountId",
        "NoValue",
        "NotificationARNs",
        "Partition",
        "Region",
        "StackId",
        "StackName",
        "URLSuffix",
    )
)
_IN_SUB = re.compile(r"\$\{([^!}][^}]*)\}")


def dangling(template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where a reference stands (`Outputs.Bucket`), and what it names that is not there."""
    resources = template["Resources"]
    known = _PSEUDO | set(template.get("Parameters", {})) | set(resources)
    serverless = {
        name for name, it in resources.items() if it["Type"].startswith("AWS::Serverless::")
    }
    for section in ("Globals", "Conditions", "Resources", "Outputs"):
        for name, content in template.get(section, {}).items():
            for target in _targets(content):
                if target not in known and not _made_by_sam(target, serverless):
                    yield f"{section}.{name}", target


def _targets(value: Any) -> Iterator[str]:
    """The names that intrinsic functions anywhere in `value` refer to."""
    match value:
        case {"Fn::Sub": [str(text), dict(own)]}:
            yield from (name for name in _in_sub(text) if name not in own)
            yield from _targets(own)
        case dict():
            yield from _named(value)
            for each in value.values():
                yield from _targets(each)
        case list():
            for each in value:
                yield from _targets(each)


def _named(intrinsic: Mapping[str, Any]) -> Iterator[str]:
    match intrinsic:
        case {"Ref": str(name)} | {"Fn::GetAtt": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            yield name.split(".")[0]
        case {"Fn::Sub": str(text)}:
            yield from _in_sub(text)


def _in_sub(text: str) -> Iterator[str]:
    for found in _IN_SUB.finditer(text):
        yield found[1].strip().split(".")[0]


def _made_by_sam(target: str, serverless: Collection[str]) -> bool:
    """Whether it can be one of the names SAM makes from another: `RingPathRole`, `VisitorPressed`,
    `SocketprodStage`, and with a dot `RingPath.Version`, whose first part is known anyway.
    """
    for name in serverless:
        rest = target.removeprefix(name)
        if rest != target and (rest[:1].isupper() or rest.endswith("Stage")):
            return True
    return False
