"""Button, pins, camera and bell."""

import time
import warnings

from doorbell_client.commands.checks.finding import Finding, fail, in_thread, ok, warn
from doorbell_client.config.conflicts import named_pins
from doorbell_client.config.schema import Config
from doorbell_client.errors import CameraError


def check_button(config: Config) -> Finding:
    """Something to press."""
    if config.door.parts == "simulated":
        return ok("This terminal is the door: a typed line is a press.")
    if config.button.pin is None:
        return fail(
            "No button is configured, so nobody can ring.",
            'Name its `pin` in [button], or set `parts` in [door] to "simulated".',
        )
    return ok(f"GPIO {config.button.pin}.")


def check_pins(config: Config) -> Finding:
    """The pin factory that gpiozero finds; no pin is claimed, so a running door stays untouched."""
    pins = ", ".join(str(pin) for _, _, pin in named_pins(config))
    if not pins or config.door.parts == "simulated":
        return ok("None are used.")
    from gpiozero import BadPinFactory, Device

    try:
        with warnings.catch_warnings():
            # One for each factory that is tried in vain; the finding says what to do.
            warnings.simplefilter("ignore")
            Device.ensure_pin_factory()
    except BadPinFactory:
        return fail("gpiozero finds no GPIO pins on this machine.", _FIX_PINS)
    factory = type(Device.pin_factory).__name__
    if factory == "NativeFactory":
        return fail(f"gpiozero's {factory} does not notice when a pin changes.", _FIX_PINS)
    return ok(f"{factory} drives GPIO {pins}.")


_FIX_PINS = (
    "sudo apt install python3-lgpio; make the virtual environment with --system-site-packages; "
    "sudo usermod -aG gpio $USER."
)


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
            photo = await in_thread(camera.take)
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
    sound = config.chime.sound
    _check_sound_file(config)
    gong = config.gong.pin is not None
    heard = sound in ("tone", "file") or (sound == "terminal" and config.door.parts == "simulated")
    if not (heard or gong):
        return fail(
            "No bell is configured that anybody would hear at a door.",
            "Name a `pin` (piezo) or a `file` (WAV) in [chime], or a `pin` in [gong].",
        )
    chime = {"none": "no chime", "terminal": "a terminal's beep"}.get(sound, sound)
    return ok(f"{chime}{' and the gong inside' if gong else ''}.")


def check_indoor_bell(config: Config) -> Finding:
    """What `doorbell chime` sounds with. Raises HardwareError."""
    sound = config.chime.sound
    _check_sound_file(config)
    if sound == "none":
        return fail("This bell makes no sound.", "Set another `kind` in [chime].")
    words = "a beep in a terminal; as a service a ding-dong through the sound card"
    return ok(f"{words if sound == 'terminal' else sound}.")


def _check_sound_file(config: Config) -> None:
    if config.chime.sound == "file":
        from doorbell_client.hardware import build_chime

        build_chime(config).close()
