"""Pictures of terminals, without the fonts that rich would fetch from somebody else's server."""

import re
from pathlib import Path

from rich.console import Console


def save(console: Console, file: Path, title: str) -> None:
    """Write what a recording console printed as an SVG."""
    drawn = console.export_svg(title=title, unique_id=file.stem)
    file.write_text(re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL), encoding="utf-8")
