"""Photographs every page of the phone's app into docs/images/phone: `make screenshots`.

A phone's width, light and dark, in Debian's Chromium, in a home that exists in memory alone. The
people are drawn.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from tests.phone.browser import SIZE, chromium
from tests.phone.demo_home import live_in
from tests.phone.fake_server import fake_cloud
from tests.phone.page import App
from tests.phone.scenes import SCENES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PICTURES: Final = Path(__file__).with_name("phone")
COLOURS: Final = 192
"""Of a picture's palette: faces stay faces, and a picture stays near 30 KB."""
FONTS: Final = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include>/etc/fonts/fonts.conf</include>
<alias binding="same"><family>DejaVu Sans</family><prefer><family>Inter</family></prefer></alias>
</fontconfig>"""
"""A phone's system font is nearer to Inter (Debian: fonts-inter) than to DejaVu."""


def photograph(browser: Browser, name: str, light: str) -> bytes:
    """One page, as a PNG."""
    with fake_cloud() as cloud:
        live_in(cloud)
        look: Any = {"viewport": SIZE, "color_scheme": light, "locale": "en-GB"}
        context = browser.new_context(**look, permissions=["notifications"])
        with context:
            app = App(context.new_page(), cloud.origin)
            app.keep(cloud.home.token)
            cloud.wait_for(action="hello")
            SCENES[name](app, cloud)
            app.page.wait_for_timeout(500)
            return app.page.screenshot()


def small(png: bytes) -> bytes:
    """The same picture with a palette."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    out = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Writes all pictures."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as fonts:
        fonts.write(FONTS)
        fonts.flush()
        with chromium("--lang=en-GB", environment={"FONTCONFIG_FILE": fonts.name}) as browser:
            for name in SCENES:
                for light in ("light", "dark"):
                    picture = small(photograph(browser, name, light))
                    (PICTURES / f"{name}-{light}.png").write_bytes(picture)


if __name__ == "__main__":
    main()
