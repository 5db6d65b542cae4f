"""The deployer brings a SAM template up here, and says plainly when it cannot."""

import json
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from local import deploy
from local.adapt import pin_names, plain_timeouts
from local.aws import Aws
from local.errors import BuildFailed, DeploymentFailed
from local.template import Template, read_template

Outputs = dict[str, str]


@pytest.fixture
def changed(small: Path, tmp_path: Path) -> Callable[[str, str], Path]:
    """A copy of the small template in which one text stands for another."""

    def change(before: str, after: str) -> Path:
        copy = tmp_path / "small"
        shutil.copytree(small, copy)
        template = copy / "template.yaml"
        text = template.read_text()
        assert before in text
        template.write_text(text.replace(before, after))
        return copy

    return change


def test_a_frame_goes_through_the_socket_to_the_function_and_back(
    aws: Aws, outputs: Outputs
) -> None:
    url = f"{aws.endpoint.replace('http', 'ws')}{outputs['SocketPath']}"
    with connect(url, proxy=None) as socket:
        socket.send('{"action":"anything"}')
        assert json.loads(socket.recv(timeout=10)) == {"said": '{"action":"anything"}'}


def test_a_function_may_do_only_what_its_role_allows(aws: Aws, outputs: Outputs) -> None:
    answer = aws.client("lambda").invoke(FunctionName=outputs["Thief"])
    error = json.load(answer["Payload"])
    assert error["errorType"] == "AccessDenied"
    assert "s3:ListBucket" in error["errorMessage"]


def test_a_machine_waits_for_as_long_as_the_parameter_says(aws: Aws, outputs: Outputs) -> None:
    machines = aws.client("stepfunctions")
    started = time.monotonic()
    execution = machines.start_execution(stateMachineArn=outputs["Machine"])["executionArn"]
    ended = _ended(machines, execution)
    assert json.loads(ended["output"]) == {"answered": False}
    assert 0.9 < time.monotonic() - started < 20


def test_a_second_stack_stands_beside_the_first(aws: Aws, outputs: Outputs, small: Path) -> None:
    second = deploy.deploy(aws, stack="small-2", parameters={}, root=small)
    assert not set(second.values()) & set(outputs.values())


def test_deploying_again_changes_only_what_changed(aws: Aws, outputs: Outputs, small: Path) -> None:
    again = deploy.deploy(aws, stack="small", parameters={"AnswerSeconds": "1"}, root=small)
    assert again == outputs


def test_names_that_would_be_drawn_are_the_same_at_every_start(
    outputs: Outputs, small: Path
) -> None:
    socket = _socket(small, "small")
    assert re.fullmatch("[0-9a-f]{8}", socket)
    assert outputs["SocketPath"] == f"/_aws/execute-api/{socket}/prod"
    assert socket == _socket(small, "small") != _socket(small, "other")


def test_a_bucket_without_a_name_gets_one_of_its_stack_however_long_that_is() -> None:
    template: Template = {"Resources": {"Photos": {"Type": "AWS::S3::Bucket"}}}
    pin_names(template, "Stack-" + "x" * 60)
    name = template["Resources"]["Photos"]["Properties"]["BucketName"]
    assert re.fullmatch(r"stack-x{44}-[0-9a-f]{12}", name)


def _socket(small: Path, stack: str) -> str:
    """The id that the socket of a stack of this name gets."""
    template = read_template(small / "template.yaml")
    pin_names(template, stack)
    return str(template["Resources"]["Socket"]["Properties"]["Tags"]["ms-custom-id"])


@pytest.mark.parametrize(
    ("asl", "rewritten"),
    [
        ('"TimeoutSeconds": "{% $number(\'${Wait}\') %}"', '"TimeoutSeconds": 7'),
        ('"TimeoutSeconds":"{%$number(\'${Wait}\')%}"', '"TimeoutSeconds":7'),
        ('"TimeoutSeconds": 5', '"TimeoutSeconds": 5'),
        ('"Seconds": "{% $number(\'${Wait}\') %}"', '"Seconds": "{% $number(\'${Wait}\') %}"'),
        ('"TimeoutSeconds": "{% $x %}"', '"TimeoutSeconds": "{% $x %}"'),
    ],
)
def test_only_a_timeout_that_is_a_substituted_number_is_rewritten(asl: str, rewritten: str) -> None:
    assert plain_timeouts(asl, {"Wait": "7"}) == rewritten


def test_a_resource_that_fails_is_named_with_its_reason(
    aws: Aws, changed: Callable[[str, str], Path]
) -> None:
    root = changed("${Echo.Arn}/invocations", "${Echo.Nonsense}/invocations")
    with pytest.raises(DeploymentFailed) as failed:
        deploy.deploy(aws, stack="broken", parameters={}, root=root)
    assert str(failed.value).startswith(
        "Stack broken failed at Integration (AWS::ApiGatewayV2::Integration): "
    )
    assert "\n" not in str(failed.value)


def test_a_template_that_sam_refuses_is_said_so(
    aws: Aws, changed: Callable[[str, str], Path]
) -> None:
    root = changed("Handler: echo.handle", "Description: no handler")
    with pytest.raises(DeploymentFailed, match=r"^Stack broken-2 was refused: .*Echo"):
        deploy.deploy(aws, stack="broken-2", parameters={}, root=root)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "Outputs:",
            "Outputs: [",
            r"template\.yaml is not YAML: expected .* in line \d+\.",
        ),
        ("Outputs:", "Outputs: here", r"template\.yaml is not YAML: .* in line \d+\."),
        ("Resources:", "Sources:", r"template\.yaml has no Resources\."),
        (
            "Type: AWS::S3::Bucket",
            "Kind: bucket",
            r"Resource Bucket of template\.yaml has no Type or Properties\.",
        ),
        (
            "Ref Bucket}}",
            "Ref Buckett}}",
            r"Resources\.Thief of template\.yaml refers to Buckett, "
            r"which is no parameter and no resource\.",
        ),
        ("machine.asl.json", "gone.asl.json", r"gone\.asl\.json cannot be read: No such file .*\."),
        ("machine.asl.json", "Makefile", r"Makefile is not JSON: Expecting value in line 1\."),
        (
            "{AnswerSeconds: !Ref AnswerSeconds, ",
            "{",
            r"AnswerSeconds, how long a state machine waits, is no whole number: ''\.",
        ),
    ],
)
def test_what_cannot_be_deployed_is_said_in_one_sentence(
    aws: Aws, changed: Callable[[str, str], Path], before: str, after: str, said: str
) -> None:
    root = changed(before, after)
    with pytest.raises(DeploymentFailed) as failed:
        deploy.deploy(aws, stack="broken-3", parameters={}, root=root)
    assert re.fullmatch(said, str(failed.value)), failed.value


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "template.yaml cannot be read: No such file or directory."),
        (b"", "template.yaml is empty."),
        (b"# nothing\n", "template.yaml is empty."),
        (b"- a\n- b\n", "template.yaml is no mapping."),
        (b"Resources:\n", "template.yaml has no Resources."),
        (b"Resources: [a]\n", "Resources of template.yaml is no mapping."),
        (b"\xff\xfe", "template.yaml is not UTF-8 text."),
        (b"a: \x00", "template.yaml is not YAML: "),
    ],
)
def test_what_is_no_template_is_said_in_one_sentence(
    aws: Aws, tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / "template.yaml").write_bytes(content)
    with pytest.raises(DeploymentFailed) as failed:
        deploy.deploy(aws, stack="broken-6", parameters={}, root=tmp_path)
    assert str(failed.value).startswith(said)
    assert "\n" not in str(failed.value)


def test_a_function_that_cannot_be_imported_is_named_with_its_error(
    aws: Aws, changed: Callable[[str, str], Path]
) -> None:
    root = changed("Handler: echo.handle", "Handler: nothere.handle")
    deploy.deploy(aws, stack="broken-7", parameters={}, root=root)
    with pytest.raises(DeploymentFailed) as failed:
        deploy.prove(aws, stack="broken-7", function="Echo", event={})
    assert str(failed.value) == (
        "Function Echo does not work: Runtime.ImportModuleError: "
        "Unable to import module 'nothere': No module named 'nothere'."
    )


def test_a_function_that_is_not_there_cannot_be_called(aws: Aws, outputs: Outputs) -> None:
    with pytest.raises(DeploymentFailed, match=r"^Function Gone cannot be called: "):
        deploy.prove(aws, stack="small", function="Gone", event={})


def test_a_parameter_that_the_template_does_not_have_is_refused(aws: Aws, small: Path) -> None:
    with pytest.raises(DeploymentFailed, match="no parameter RingGapp"):
        deploy.deploy(aws, stack="broken-4", parameters={"RingGapp": "0"}, root=small)


def test_a_value_that_the_template_s_pattern_refuses_is_refused_before_anything_is_made(
    aws: Aws, changed: Callable[[str, str], Path]
) -> None:
    """AWS checks it too; ministack does not."""
    small = changed(
        "AnswerSeconds: {Type: Number, Default: 60}",
        'AnswerSeconds: {Type: String, Default: "60", AllowedPattern: "^[0-9]+$",'
        " ConstraintDescription: a whole number}",
    )
    with pytest.raises(
        DeploymentFailed, match=r"^AnswerSeconds cannot be '59.5': expected a whole number\.$"
    ):
        deploy.deploy(aws, stack="broken-8", parameters={"AnswerSeconds": "59.5"}, root=small)


def test_a_function_that_cannot_be_packed_is_named(
    aws: Aws, changed: Callable[[str, str], Path]
) -> None:
    root = changed("Echo", "Ekko")
    with pytest.raises(BuildFailed, match="Function Ekko could not be packed"):
        deploy.deploy(aws, stack="broken-5", parameters={}, root=root)


def _ended(machines: Any, execution: str) -> Any:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        described = machines.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.05)
    raise AssertionError("the execution did not end")
