"""Read `template.yaml`, and say plainly what is wrong with it: ministack would take it as it is."""

from pathlib import Path
from typing import Any, TypeAlias

from samtranslator.yaml_helper import yaml_parse
from yaml import MarkedYAMLError, YAMLError

from local.errors import DeploymentFailed
from local.references import dangling

Template: TypeAlias = dict[str, Any]


def read_template(file: Path) -> Template:
    """The template. Raises DeploymentFailed unless it is one, whole and with all it refers to."""
    try:
        read = yaml_parse(read_text(file, file.name))
    except YAMLError as error:
        raise DeploymentFailed(f"{file.name} is not YAML: {_in_one_line(error)}.") from error
    if not isinstance(read, dict):
        raise DeploymentFailed(f"{file.name} is {'no mapping' if read else 'empty'}.")
    # A section without anything in it is read as None.
    template = {section: content for section, content in read.items() if content is not None}
    _check(template, file.name)
    return template


def _check(template: Template, name: str) -> None:
    for section in ("Parameters", "Globals", "Conditions", "Resources", "Outputs"):
        if not isinstance(template.get(section, {}), dict):
            raise DeploymentFailed(f"{section} of {name} is no mapping.")
    if "Resources" not in template:
        raise DeploymentFailed(f"{name} has no Resources.")
    for resource, content in template["Resources"].items():
        match content:
            case {"Type": str(), "Properties": dict()}:
                pass
            case {"Type": str()} if "Properties" not in content:
                pass
            case _:
                raise DeploymentFailed(f"Resource {resource} of {name} has no Type or Properties.")
    for place, target in dangling(template):
        raise DeploymentFailed(
            f"{place} of {name} refers to {target}, which is no parameter and no resource."
        )


def read_text(file: Path, name: str) -> str:
    """The text of a file. Raises DeploymentFailed."""
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise DeploymentFailed(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DeploymentFailed(f"{name} is not UTF-8 text.") from error


def _in_one_line(error: YAMLError) -> str:
    if isinstance(error, MarkedYAMLError) and error.problem_mark:
        return f"{error.problem} in line {error.problem_mark.line + 1}"
    return " ".join(str(error).split())
