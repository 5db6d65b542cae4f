"""A real RTSP server on a free loopback port: GStreamer's, with a moving ball in H.264."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.debian import system_python

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = (
    "python3-gi", "gir1.2-gst-rtsp-server-1.0", "gstreamer1.0-plugins-good",
    "gstreamer1.0-plugins-ugly",
)  # fmt: skip

FRAMES_A_SECOND = 25
FRAMES_TO_A_KEY = 10

_SERVER = """
import sys
import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer

port, password, sound = sys.argv[1:]
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(port)
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    "( videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=RATE/1 "
    "! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=KEYS "
    "! rtph264pay name=pay0 pt=96 config-interval=1 "
    "audiotestsrc is-live=true ! audioconvert ! " + sound + " name=pay1 )"
)
factory.set_shared(True)
if password:
    auth, token = GstRtspServer.RTSPAuth(), GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "camera")
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    auth.add_digest("relay", password, token)
    server.set_auth(auth)
    rights = GstRtspServer.RTSPPermissions()
    for right in ("media.factory.access", "media.factory.construct"):
        rights.add_permission_for_role("camera", right, True)
    factory.set_permissions(rights)
server.get_mount_points().add_factory("/stream", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
""".replace("RATE", str(FRAMES_A_SECOND)).replace("KEYS", str(FRAMES_TO_A_KEY))

G711 = "alawenc ! rtppcmapay"
"""What most cameras' microphones speak."""
L16 = "audio/x-raw,rate=16000,channels=1 ! rtpL16pay"
"""Plain samples."""


class RtspServer:
    """One server; its stream is at `url`."""

    def __init__(self, port: int = 0, password: str = "", sound: str = G711) -> None:
        """With a `password` it lets in the user `relay` by Digest, and nobody else."""
        self._arguments = (str(port), password, sound)
        self._process: subprocess.Popen[bytes] | None = None
        self.port = port

    @property
    def url(self) -> str:
        return f"rtsp://127.0.0.1:{self.port}/stream"

    def start(self) -> None:
        """Returns when it takes connections."""
        self._process = subprocess.Popen(
            [_python(), "-c", _SERVER, *self._arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said, "the RTSP server did not start"
        self.port = int(said)
        self._arguments = (str(self.port), *self._arguments[1:])

    def stop(self) -> None:
        """At once, as a camera that loses its power."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def __enter__(self) -> RtspServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def _python() -> Path:
    return system_python("gi; gi.require_version('GstRtspServer', '1.0')", *PACKAGES)
