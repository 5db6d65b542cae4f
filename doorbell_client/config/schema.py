"""The shape of the configuration: one class for each section, one field for each key.

`reader.py` fills it from a TOML file and from the environment. The annotations say which values a
key takes and what the key means; `keys.py` reads them. A part of the door whose pin is not named
does not exist: a laptop has no pins, and many doors have no keypad.
"""

from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from doorbell_client.config.durations import EXPECTED, PATTERN

MAX_PIN: Final = 27
"""A Raspberry Pi's header offers GPIO0 to GPIO27."""

SOCKET_URL_EXPECTED: Final = "a wss:// URL without a token (ws:// only to this machine)"
CAMERA_URL_EXPECTED: Final = "an https:// URL without a token (http:// only to this machine)"
URL_EXPECTED: Final = f"{SOCKET_URL_EXPECTED}; for a camera an https:// one"

RECIPIENT_EXPECTED: Final = (
    "an https:// URL without a token (http:// only to this machine), as `make outputs` prints it"
)

BROKER_EXPECTED: Final = (
    "mqtts://HOST or mqtt://HOST, with a port if it is not the usual one; the user stands in "
    "`user`, the password in a file"
)

_Text: TypeAlias = Annotated[str, Meta(min_length=1)]
_Pin: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_PIN)]
_FourPins: TypeAlias = Annotated[tuple[_Pin, ...], Meta(min_length=4, max_length=4)]
_ThreePins: TypeAlias = Annotated[tuple[_Pin, ...], Meta(min_length=3, max_length=3)]


class Cloud(Struct, frozen=True):
    """Where the stack is."""

    url: Annotated[
        str,
        Meta(
            description="the stack's WebSocket URL, as `make outputs` prints it; for a camera "
            "(`gifcam`, `timelapse`) its `Recipient`",
            extra={"expected": URL_EXPECTED},
        ),
    ] = ""
    token_file: Annotated[
        Path, Meta(description="holds this device's token; relative to the configuration")
    ] = Path("token")


class DoorParts(Struct, frozen=True):
    """Which parts this door is made of."""

    parts: Annotated[
        Literal["hardware", "simulated"],
        Meta(description="`simulated` is a door in a terminal: a typed line is a press or a code"),
    ] = "hardware"


class Button(Struct, frozen=True):
    """The button at the door."""

    pin: Annotated[
        _Pin | None, Meta(description="BCM number; the button connects it to ground")
    ] = None


class Lights(Struct, frozen=True):
    """The status light and the light in the button."""

    status_pin: Annotated[_Pin | None, Meta(description="BCM number")] = None
    button_pin: Annotated[_Pin | None, Meta(description="BCM number")] = None


Sound: TypeAlias = Literal["tone", "file", "terminal", "none"]


class Chime(Struct, frozen=True):
    """The bell outside, and the sound of `doorbell chime`."""

    kind: Annotated[
        Sound | None,
        Meta(
            description="a piezo, a WAV file, or a terminal's beep; left out: `tone` with a `pin`, "
            "`file` with a `file`, else a beep in a terminal, or a ding-dong of our own without"
        ),
    ] = None
    pin: Annotated[_Pin | None, Meta(description="BCM number of the piezo, for `tone`")] = None
    file: Annotated[
        Path | None, Meta(description="the sound, for `file`", examples=["ding-dong.wav"])
    ] = None
    device: Annotated[
        _Text | None,
        Meta(
            description="the sound card, for `file`: a name that `aplay -L` lists; "
            "left out: the usual one",
            examples=["plughw:1,0"],
        ),
    ] = None
    volume: Annotated[int, Meta(ge=1, le=100, description="per cent, for `file`")] = 100

    @property
    def sound(self) -> Sound:
        """`kind`, or what the other keys say where it is left out."""
        if self.kind is not None:
            return self.kind
        if self.pin is not None:
            return "tone"
        return "file" if self.file is not None else "terminal"


class Gong(Struct, frozen=True):
    """The gong inside the home, behind a relay."""

    pin: Annotated[_Pin | None, Meta(description="BCM number of the relay")] = None
    active_high: Annotated[bool, Meta(description="false for relay boards that close on low")] = (
        True
    )


class Keypad(Struct, frozen=True):
    """A 4x3 matrix."""

    rows: Annotated[
        _FourPins | None,
        Meta(description="BCM numbers, from the row of 1 2 3 down"),
    ] = None
    columns: Annotated[
        _ThreePins | None,
        Meta(description="BCM numbers, from the column of 1 4 7"),
    ] = None


class Strike(Struct, frozen=True):
    """The electric strike, behind a relay."""

    pin: Annotated[_Pin | None, Meta(description="BCM number of the relay")] = None
    active_high: Annotated[bool, Meta(description="false for relay boards that close on low")] = (
        True
    )
    max_seconds: Annotated[float, Meta(ge=1, le=30, description="never energised for longer")] = (
        10.0
    )


class Camera(Struct, frozen=True):
    """What takes the picture of a press."""

    kind: Annotated[
        Literal["picamera2", "webcam", "stills", "none"],
        Meta(description="`stills` is a folder of JPEGs"),
    ] = "stills"
    width: Annotated[int, Meta(ge=160, le=4096, description="pixels, before it is turned")] = 1280
    height: Annotated[int, Meta(ge=120, le=4096, description="pixels, before it is turned")] = 720
    rotation: Annotated[
        Literal[0, 90, 180, 270],
        Meta(description="degrees clockwise by which the picture is turned; not for `stills`"),
    ] = 0
    device: Annotated[_Text, Meta(description="for `webcam`")] = "/dev/video0"
    folder: Annotated[Path, Meta(description="for `stills`; relative to the configuration")] = Path(
        "stills"
    )
    timeout: Annotated[
        float, Meta(ge=1, le=30, description="seconds after which a press goes without a photo")
    ] = 6.0


class Film(Struct, frozen=True):
    """The film of a ring: what the camera sees after the photo."""

    frames: Annotated[
        int, Meta(ge=0, le=32, description="pictures after the photo of a press; 0: no film")
    ] = 8
    seconds: Annotated[
        float, Meta(ge=0.5, le=20, description="in which they are taken, one after another")
    ] = 3.0


class Gifcam(Struct, frozen=True):
    """The party camera, `doorbell gifcam`."""

    frames: Annotated[int, Meta(ge=2, le=32, description="pictures for one film")] = 20
    between: Annotated[
        float, Meta(ge=0.05, le=5, description="seconds from one picture to the next")
    ] = 0.1
    width: Annotated[int, Meta(ge=160, le=1280, description="pixels of a film")] = 540
    height: Annotated[int, Meta(ge=120, le=1280, description="pixels of a film")] = 405


class Timelapse(Struct, frozen=True):
    """A picture now and then, `doorbell timelapse`."""

    every: Annotated[
        str,
        Meta(
            pattern=PATTERN,
            description="from one picture to the next; counted from midnight UTC",
            extra={"expected": EXPECTED},
        ),
    ] = "6h"
    offset: Annotated[
        str,
        Meta(
            pattern=PATTERN,
            description="so much later than that: `12h` with `1d` is noon UTC",
            extra={"expected": EXPECTED},
        ),
    ] = "0s"


class Spool(Struct, frozen=True):
    """Presses that are not delivered yet."""

    folder: Annotated[
        Path | None,
        Meta(
            description="where; left out: systemd's or the user's state folder",
            examples=["/var/lib/doorbell/spool"],
        ),
    ] = None
    max_bytes: Annotated[
        int,
        Meta(
            ge=100_000,
            le=1_000_000_000_000,
            description="the oldest presses, or a camera's oldest pictures, give way",
        ),
    ] = 200_000_000
    max_age: Annotated[
        float,
        Meta(
            ge=60,
            le=30 * 86400,
            description="seconds; older presses give way; after a restart of the machine it is "
            "counted anew, for its clock may have been wrong",
        ),
    ] = 7 * 86400.0


class Bridge(Struct, frozen=True):
    """The MQTT broker of the home, for `doorbell bridge`."""

    broker: Annotated[
        str,
        Meta(
            description="the home's MQTT broker; without TLS (`mqtt://`) everybody on the network "
            "can see photos and press buttons",
            examples=["mqtts://homeassistant.local"],
            extra={"expected": BROKER_EXPECTED},
        ),
    ] = ""
    user: Annotated[
        _Text | None,
        Meta(description="as whom the broker knows the bridge", examples=["doorbell"]),
    ] = None
    password_file: Annotated[
        Path, Meta(description="holds the user's password; relative to the configuration")
    ] = Path("broker-password")
    ca_file: Annotated[
        Path | None,
        Meta(
            description="whose signature on the broker's certificate is trusted (PEM); left out: "
            "the system's authorities",
            examples=["broker-ca.pem"],
        ),
    ] = None
    discovery_prefix: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z0-9_-]{1,64}$",
            description="where Home Assistant looks for new devices",
        ),
    ] = "homeassistant"
    buttons: Annotated[
        bool, Meta(description="false: nobody can let in or decline through the broker")
    ] = True
    open_seconds: Annotated[
        float, Meta(ge=1, le=60, description="how long a door that opened is shown as unlocked")
    ] = 5.0


class Relay(Struct, frozen=True):
    """What other makers' cameras in this network send to, for `doorbell relay`."""

    recipient: Annotated[
        str,
        Meta(
            description="where pictures and clips go on to: the stack's `Recipient`",
            examples=["https://doorbell.example/camera"],
            extra={"expected": RECIPIENT_EXPECTED},
        ),
    ] = ""
    bind: Annotated[
        _Text, Meta(description="the address that cameras connect to; 0.0.0.0: every one")
    ] = "0.0.0.0"  # noqa: S104 - cameras are other machines
    port: Annotated[
        int, Meta(ge=0, le=65535, description="the port that cameras connect to; 0: any free one")
    ] = 8080
    cameras_file: Annotated[
        Path,
        Meta(
            description="holds the cameras and what each is known by; relative to the configuration"
        ),
    ] = Path("cameras.toml")
    folder: Annotated[
        Path | None,
        Meta(
            description="where files wait for the cloud; left out: systemd's or the user's state "
            "folder",
            examples=["/var/lib/doorbell/relay"],
        ),
    ] = None
    max_bytes: Annotated[
        int,
        Meta(
            ge=1_000_000,
            le=100_000_000_000_000,
            description="how much may wait there; more is refused, and told on the phones",
        ),
    ] = 20_000_000_000


class Config(Struct, frozen=True):
    """Everything that the owner of a device configures."""

    cloud: Cloud = Cloud()
    door: DoorParts = DoorParts()
    button: Button = Button()
    lights: Lights = Lights()
    chime: Chime = Chime()
    gong: Gong = Gong()
    keypad: Keypad = Keypad()
    strike: Strike = Strike()
    camera: Camera = Camera()
    film: Film = Film()
    gifcam: Gifcam = Gifcam()
    timelapse: Timelapse = Timelapse()
    spool: Spool = Spool()
    bridge: Bridge = Bridge()
    relay: Relay = Relay()
