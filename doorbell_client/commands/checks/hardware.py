"""Pins, camera and bell."""

import time

from doorbell_client.commands.checks.finding import Finding, fail, in_thread, ok, warn
from doorbell_client.config.conflicts import named_pins
from doorbell_client.config.schema import Config
from doorbell_client.errors import CameraError


def check_pins(config: Config) -> Finding:
    """The pin factory that gpiozero finds; no pin is claimed, so a running door stays untouched."""
    pins = ", ".join(str(pin) for _, _, pin in named_pins(config))
    if not pins:
        return ok("None are configured.")
    from gpiozero import BadPinFactory, Device

    try:
        Device.ensure_pin_factory()
    except BadPinFactory:
        return fail(
            "gpiozero finds no GPIO pins on this machine.",
            "sudo apt install python3-lgpio; make the virtual environment with "
            "--system-site-packages; sudo usermod -aG gpio $USER.",
        )
    return ok(f"{type(Device.pin_factory).__name__} drives GPIO {pins}.")


async def check_camera(config: Config) -> Finding:
    """One picture."""
    from doorbell_client.hardware import open_camera

    kind = config.camera.kind
    if kind == "none":
        return warn("There is none, so nobody is recognised.", "Name a `kind` in [camera].")
    try:
        camera = await in_thread(lambda: open_camera(config))
        try:
            started = time.monotonic()
            photo = await camera.capture()
            took = time.monotonic() - started
        finally:
            camera.close()
    except CameraError as error:
        if isinstance(error.__cause__, ImportError):
            return fail(str(error), "")  # it says what to install
        fix = (
            "Put a JPEG there, or name another `folder` in [camera]."
            if kind == "stills"
            else "If the door is running it has the camera: systemctl stop doorbell, then again."
        )
        return fail(str(error), fix)
    return ok(f"{kind} gave {photo.name}, {len(photo.jpeg) / 1000:.0f} kB, in {took:.2f} s.")


def check_bell(config: Config) -> Finding:
    """Something that sounds when the cloud is out of reach. Raises HardwareError."""
    kind = config.chime.kind
    if kind == "file":
        from doorbell_client.hardware import build_chime

        build_chime(config)
    if kind == "none" and config.gong.pin is None:
        return warn("Nothing at this door sounds.", "Choose a `kind` in [chime] or a [gong] `pin`.")
    gong = "" if config.gong.pin is None else " and the gong inside"
    return ok(f"{'no chime' if kind == 'none' else kind}{gong}.")
