"""Find in a page what a browser would run, load or send."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_LOADS = {
    "iframe",
    "object",
    "embed",
    "svg",
    "base",
    "form",
    "applet",
    "frame",
    "video",
    "audio",
}
# An equation may hold these and nothing else (annotation-xml would open HTML again).
_MATHS = {
    "mrow", "mi", "mn", "mo", "mtext", "mspace", "ms", "mfrac", "msqrt", "mroot", "msub", "msup",
    "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded",
    "mphantom", "menclose", "mmultiscripts", "mprescripts", "none",
}  # fmt: skip
_LINKS = {"href", "src", "action", "formaction", "xlink:href", "data", "srcset", "poster"}


class _Eye(HTMLParser):
    def __init__(self, own_scripts: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.own_scripts = own_scripts
        self.in_script = False
        self.in_math = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.in_math and tag not in _MATHS:
            self.found.append(f"<{tag}> in an equation")
        self.in_math = self.in_math or tag == "math"
        if tag == "script":
            self.in_script = True
            if not self.own_scripts:
                self.found.append("<script>")
        elif tag in _LOADS and not self.own_scripts:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            text = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if (name.startswith("on") and not self.own_scripts) or (
                name.startswith("on") and "alert" in text
            ):
                self.found.append(f"{tag} {name}={value}")
            if name in _LINKS and text.startswith(("javascript:", "vbscript:", "data:text")):
                self.found.append(f"{tag} {name}={value}")
            if name == "src" and "example.org" in text:
                self.found.append(f"{tag} loads {value}")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self.in_script = False
        if tag == "math":
            self.in_math = False

    def handle_data(self, data: str) -> None:
        if self.in_script and "alert" in data:
            self.found.append(f"script {data[:60]}")


def active_parts(page: str, *, own_scripts: bool = False) -> list[str]:
    """Return what is active in a page; with `own_scripts` only what an attack brought in."""
    eye = _Eye(own_scripts)
    eye.feed(page)
    return eye.found


def render_as_formgrader(path: Path) -> str:
    """Render a graded notebook the way formgrader does (nbconvert's HTML with its defaults)."""
    import nbformat
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter(template_name="classic")
    page, _ = exporter.from_notebook_node(nbformat.read(path, as_version=4))
    return str(page)
