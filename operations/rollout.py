"""A new version of the ring's function, for a tenth of the rings first.

Left alone, a deployment changes the function for all at once. With `ROLLOUT=canary` the built
template gets an alias, to which everything goes that calls the function, and CodeDeploy moves the
alias: a tenth of the calls for ten minutes, then all; back at once if an alarm of the ring is
raised meanwhile (SAM, "Deploying serverless applications gradually").
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from samtranslator.yaml_helper import yaml_parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FUNCTION: Final = "RingPath"
ALIAS: Final = "live"
PACE: Final = "Canary10Percent10Minutes"
ALARMS: Final = (("RingPathFails", "VisitorFails"), ("RingPathErrors", "DecisionsFail"))
"""Alarms of the template that end a rollout: those of few homes, and those of many."""


def write_canary(built: Path, parameters: Mapping[str, str]) -> Path:
    """Beside `built`/template.yaml, what `sam build` has made of it, the same with a rollout."""
    template = yaml_parse((built / "template.yaml").read_text("utf-8"))
    gradual = by_canary(template, revision(built / FUNCTION, parameters))
    written = built / "canary.json"
    written.write_text(json.dumps(gradual, default=str), "utf-8")
    return written


def by_canary(template: dict[str, Any], revised: str) -> dict[str, Any]:
    """The template with an alias for the ring's function, and a rollout.

    SAM publishes a version when `revised` changes: by itself it would see that of code and
    properties, and not that of a parameter, so that a changed limit stayed what it was.
    """
    resources = {name: _by_alias(each) for name, each in template["Resources"].items()}
    function = resources[FUNCTION]
    few, many = ([{"Ref": alarm} for alarm in alarms] for alarms in ALARMS)
    properties = {
        **function["Properties"],
        "AutoPublishAlias": ALIAS,
        "AutoPublishCodeSha256": revised,
        "DeploymentPreference": {"Type": PACE, "Alarms": {"Fn::If": ["FewHomes", few, many]}},
    }
    return {
        **template,
        "Resources": {**resources, FUNCTION: {**function, "Properties": properties}},
    }


def revision(package: Path, parameters: Mapping[str, str]) -> str:
    """Another one for each content of the function's package and each set of parameters."""
    hashed = hashlib.sha256(json.dumps(dict(parameters), sort_keys=True).encode())
    for file in sorted(path for path in package.rglob("*") if path.is_file()):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        hashed.update(f"{file.relative_to(package).as_posix()} {content}\n".encode())
    return hashed.hexdigest()


def _by_alias(value: Any) -> Any:
    """The function's own ARN becomes its alias's, wherever it stands."""
    match value:
        case {"Fn::GetAtt": [name, "Arn"]} | {"Fn::GetAtt": name} if name in (
            FUNCTION,
            f"{FUNCTION}.Arn",
        ):
            return {"Ref": f"{FUNCTION}.Alias"}
        case dict():
            return {key: _by_alias(each) for key, each in value.items()}
        case list():
            return [_by_alias(each) for each in value]
        case _:
            return value
