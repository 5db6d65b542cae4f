"""The demonstration rings on any stack: here on the one that an operator's command would find."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

from rich.console import Console

from demo import rings
from demo.screen import Screen
from demo.stack import DemoStack
from operations import devices

if TYPE_CHECKING:
    from local.stack import Stack


def test_the_same_rings_are_rung_on_a_stack_that_is_known_as_one_on_aws_is(stack: Stack) -> None:
    deployed = stack.deployed
    door = devices.add_device(deployed, "door", "Front door", "demo", None)
    phone = devices.add_device(deployed, "phone", "Phone", "demo", None)
    page = io.StringIO()
    rings.demonstrate(
        DemoStack(deployed.websocket, "demo", {"door": door, "phone": phone}, deployed.put),
        Screen(Console(file=page, soft_wrap=True)),
    )
    printed = re.sub(r"\d{6}", "CODE", page.getvalue())
    assert "← code CODE for Eileen" in printed
    assert "← the door was opened by Phone" in printed
