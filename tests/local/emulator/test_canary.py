"""ministack is changed by private names. When it moves one, this says which."""

import importlib
import inspect

import pytest

from local.emulator import waits
from tests.local import canary

FRAMES, CALLBACKS = "local/emulator/frames.py", "local/emulator/callbacks.py"
WORKERS, WAITS = "local/emulator/workers.py", "local/emulator/waits.py"
SERVER, CONDITIONS = "local/server.py", "local/emulator/conditions.py"
CALLS, EVENTS = "local/emulator/calls.py", "ministack.services.eventbridge"
EVALUATOR = "ministack.core.iam_evaluator"
ACTIONS = "ministack.core.iam_actions"
HISTORIES = "local/emulator/histories.py"
LOGS = "ministack.services.cloudwatch_logs"
FAULTS = "proof/faults/serve.py"
ACTIVITY, UNREADY = "local/emulator/activity.py", "local/emulator/unready.py"
APIGATEWAY, LAMBDA = "ministack.services.apigateway", "ministack.services.lambda_svc"
STATES, RUNTIME = "ministack.services.stepfunctions", "ministack.core.lambda_runtime"


@pytest.mark.parametrize(
    ("user", "module", "name", "parameters"),
    [
        (FRAMES, APIGATEWAY, "_evaluate_route_selection", ["expr", "payload_text"]),
        (
            FRAMES,
            APIGATEWAY,
            "_invoke_ws_lambda",
            ["api_id", "account_id", "region", "route", "stage", "connection_id", "event_type",
             "message_id"],
        ),
        (
            UNREADY,
            APIGATEWAY,
            "handle_websocket",
            ["scope", "receive", "send", "api_id", "path_override"],
        ),
        (
            UNREADY,
            APIGATEWAY,
            "_refuse_ws_handshake",
            ["scope", "send", "status", "message", "connection_id", "request_id"],
        ),
        (UNREADY, APIGATEWAY, "_api_owner", ["api_id"]),
        (
            ACTIVITY,
            APIGATEWAY,
            "handle_connections_api",
            ["method", "api_id", "stage", "connection_id"],
        ),
        (
            CALLBACKS,
            STATES,
            "_invoke_with_callback",
            ["resource", "input_data", "token", "state_def"],
        ),
        (CALLBACKS, STATES, "_call_lambda", ["func_ref", "event"]),
        (
            CONDITIONS,
            ACTIONS,
            "s3_service_context",
            ["iam_action", "query_params", "path", "headers"],
        ),
        (CONDITIONS, ACTIONS, "request_tag_context", ["service", "iam_action", "body", "params"]),
        (
            WORKERS,
            LAMBDA,
            "_execute_function_dispatch",
            ["func", "config", "event", "request_id", "started"],
        ),
        (WAITS, RUNTIME, "ProvidedWorker._build_handler_class", ["self", "generation", "pending"]),
        (WAITS, RUNTIME, "ProvidedWorker._drain_stderr_bounded", ["self", "first_line_wait"]),
        (WAITS, STATES, "_run_execution", ["exec_arn"]),
        (
            CALLS,
            EVALUATOR,
            "enforce",
            ["access_key_id", "iam_action", "service", "region", "resource_arn", "service_context"],
        ),
        (CALLS, STATES, "_execute_task", ["state_def", "raw_input", "execution", "ctx"]),
        (CALLS, STATES, "_invoke_resource", ["resource", "input_data"]),
        (CALLS, EVENTS, "_invoke_target", ["target", "event", "rule", "view"]),
        (HISTORIES, EVENTS, "_events_log_list", []),
        (HISTORIES, STATES, "_emit_execution_status_event", ["execution"]),
        (HISTORIES, LAMBDA, "_emit_lambda_logs", ["func", "request_id"]),
        (FAULTS, LAMBDA, "execution_credentials", ["config"]),
        (FAULTS, RUNTIME, "ProvidedWorker.invoke", ["self", "event", "request_id"]),
        (FAULTS, RUNTIME, "ProvidedWorker._spawn", ["self"]),
        (FAULTS, STATES, "_stop_execution", ["data"]),
    ],
)  # fmt: skip
def test_every_function_that_is_changed_takes_what_it_took(
    user: str, module: str, name: str, parameters: list[str]
) -> None:
    """The functions that are wrapped or replaced exist and begin with the same parameters."""
    signature = inspect.signature(canary.named(module, name, user))
    assert list(signature.parameters)[: len(parameters)] == parameters, canary.moved(
        f"{module}.{name}({', '.join(parameters)})", user
    )


@pytest.mark.parametrize(
    ("user", "module", "name"),
    [
        (CALLBACKS, STATES, "_task_tokens"),
        (CALLS, STATES, "_state_machines"),
        (CALLS, EVALUATOR, "_signed_request"),
        (CALLS, "ministack.services.cloudformation", "_stacks"),
        (CALLBACKS, STATES, "_ExecutionError"),
        (HISTORIES, STATES, "_executions"),
        (HISTORIES, LOGS, "_log_groups"),
        (FAULTS, "ministack.services.sts", "_sessions"),
    ],
)
def test_every_name_that_is_used_is_there(user: str, module: str, name: str) -> None:
    canary.named(module, name, user)


def test_a_task_is_still_called_and_awaited_by_the_names_that_are_changed() -> None:
    """A function that calls another under a new name would go round the change."""
    for user, module, caller, called in (
        (CALLBACKS, STATES, "_execute_task", "_invoke_with_callback("),
        (CALLBACKS, STATES, "_invoke_with_callback", "_call_lambda("),
        (CALLBACKS, STATES, "_invoke_with_callback", '_task_tokens[token] = {\n        "event"'),
        (FRAMES, APIGATEWAY, "handle_websocket", "_evaluate_route_selection("),
        (FRAMES, APIGATEWAY, "handle_websocket", "_invoke_ws_lambda("),
        (WORKERS, LAMBDA, "_execute_function", "_execute_function_dispatch("),
        (HISTORIES, EVENTS, "_put_events", "_events_log_list().append("),
        (HISTORIES, STATES, "_fail_execution", "_emit_execution_status_event(execution)"),
        (HISTORIES, STATES, "_run_execution", "_emit_execution_status_event(execution)"),
        (HISTORIES, LAMBDA, "_emit_lambda_logs", "_append_log_events(stream,"),
        (WAITS, RUNTIME, "ProvidedWorker._spawn", "_build_handler_class("),
        (WAITS, RUNTIME, "ProvidedWorker.invoke", "_drain_stderr_bounded()"),
    ):
        source = inspect.getsource(canary.named(module, caller, user))
        assert called in source, canary.moved(f"`{called}` in {module}.{caller}", user)


def test_an_execution_still_sleeps_where_it_is_changed_not_to() -> None:
    constants = canary.named(STATES, "_run_execution", WAITS).__code__.co_consts
    assert waits.START_WAIT in constants, canary.moved(f"a sleep of {waits.START_WAIT} s", WAITS)


def test_idle_processes_still_end_after_the_seconds_that_the_environment_says() -> None:
    runtime = inspect.getsource(importlib.import_module(RUNTIME))
    assert 'os.environ.get("LAMBDA_WARM_TTL_SECONDS"' in runtime, canary.moved("that knob", SERVER)
    reaper = inspect.getsource(canary.named(LAMBDA, "_ensure_reaper_thread", SERVER))
    assert "reap_idle_workers()" in reaper, canary.moved("a reaper of idle processes", SERVER)
    cap = inspect.getsource(canary.named(LAMBDA, "_default_account_concurrency", SERVER))
    assert '"LAMBDA_ACCOUNT_CONCURRENCY"' in cap, canary.moved("the account's ceiling", SERVER)


def test_the_runtime_api_is_still_one_of_pythons_own_http_servers() -> None:
    """Whose handlers have a switch for Nagle's algorithm."""
    worker = canary.named(RUNTIME, "ProvidedWorker", WAITS)("f", {"Runtime": "provided"}, b"")
    handler = worker._build_handler_class(1, worker._pending)
    assert handler.disable_nagle_algorithm is False, canary.moved("Nagle's algorithm on", WAITS)
    assert hasattr(worker, "_stderr_queue"), canary.moved("ProvidedWorker._stderr_queue", WAITS)
    assert hasattr(worker, "_proc"), canary.moved("ProvidedWorker._proc", WAITS)
