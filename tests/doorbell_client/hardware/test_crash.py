"""The strike across crashes, with real processes.

A Raspberry Pi's kernel keeps an output as it was when its process dies. A file stands for the
kernel here: every change of the strike's pin is written to it before the child goes on.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

CHILD = """
import sys, time
from pathlib import Path
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPin

kernel = open(sys.argv[1], "a", buffering=1)

class KernelPin(MockPin):
    def _set_state(self, value):
        super()._set_state(value)
        kernel.write(f"{self.info.name} {int(value)}\\n")

    def close(self):
        super().close()
        kernel.write(f"{self.info.name} let go\\n")

Device.pin_factory = MockFactory(pin_class=KernelPin)

from doorbell_client.hardware import build
from doorbell_client.config.schema import Config, Gong, Strike, Camera, Lights

door = build(Config(strike=Strike(pin=24), gong=Gong(pin=25), lights=Lights(5, 6),
                    camera=Camera(kind="none"))).parts
if "energise" in sys.argv:
    door.strike.energise(10)
    while "GPIO24 1" not in Path(sys.argv[1]).read_text():
        time.sleep(0.01)
kernel.write("ready\\n")
if "exception" in sys.argv:
    raise RuntimeError("boom")
if "stay" in sys.argv:
    time.sleep(60)
door.strike.close()
"""


def child(kernel: Path, *what: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(kernel), *what],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
    )


def strike_states(kernel: Path) -> list[str]:
    lines = kernel.read_text().splitlines()
    return [line.removeprefix("GPIO24 ") for line in lines if line.startswith("GPIO24 ")]


def wait_ready(kernel: Path, eventually: Callable[[Callable[[], bool]], None]) -> None:
    eventually(lambda: kernel.exists() and "ready" in kernel.read_text())


def test_a_start_and_an_orderly_end_never_energise(tmp_path: Path) -> None:
    kernel = tmp_path / "kernel"
    assert child(kernel).wait(20) == 0
    assert "1" not in strike_states(kernel)
    assert set(strike_states(kernel)) == {"0"}, "held off, and never let float"


def test_an_exception_while_open_releases(tmp_path: Path) -> None:
    kernel = tmp_path / "kernel"
    process = child(kernel, "energise", "exception")
    assert process.wait(20) == 1
    states = strike_states(kernel)
    assert states.count("1") == 1
    assert states[-1] == "0"
    assert "let go" not in states


@pytest.mark.parametrize("before", [(), ("energise",)], ids=["idle", "open"])
def test_after_a_kill_the_next_start_releases_first_of_all(
    tmp_path: Path, eventually: Callable[[Callable[[], bool]], None], before: tuple[str, ...]
) -> None:
    kernel = tmp_path / "kernel"
    process = child(kernel, "stay", *before)
    wait_ready(kernel, eventually)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(20)
    assert strike_states(kernel)[-1] == ("1" if before else "0")
    killed = len(kernel.read_text().splitlines())

    started = time.monotonic()
    assert child(kernel).wait(20) == 0
    after = kernel.read_text().splitlines()[killed:]
    assert after[0] == "GPIO24 0"
    assert "GPIO24 1" not in after
    assert time.monotonic() - started < 10
