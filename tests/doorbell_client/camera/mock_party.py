"""A real `doorbell gifcam` on mock pins: each line of its input is a press. For a process to kill.

With `timelapse` in place of `gifcam`: a picture every second.
"""

import asyncio
import logging
import sys
import threading
import time

from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from doorbell_client.camera.schedule import Schedule
from doorbell_client.commands import gifcam, timelapse
from doorbell_client.config import profile
from doorbell_client.signals import until_stopped

BUTTON = 17


def main(what: str) -> None:
    logging.basicConfig(stream=sys.stdout, format="%(message)s", level=logging.INFO)
    found = profile.find(None)
    if what == "timelapse":
        asyncio.run(until_stopped(timelapse.serve(found, Schedule(1))))
        return
    Device.pin_factory = MockFactory(pin_class=MockPWMPin)
    threading.Thread(target=press_with_each_line, daemon=True).start()
    plan = gifcam.burst_plan(found.config)
    asyncio.run(until_stopped(gifcam.serve(found, plan)))


def press_with_each_line() -> None:
    pin = Device.pin_factory.pin(BUTTON)
    for _ in sys.stdin:
        pin.drive_low()
        time.sleep(0.02)
        pin.drive_high()


if __name__ == "__main__":
    main(sys.argv[1])
