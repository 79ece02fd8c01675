"""Photograph the site for README: a page to read, and a lesson in the laboratory."""

from __future__ import annotations

import functools
import http.server
import io
import shutil
import threading
from typing import TYPE_CHECKING, Any

from tools.site.lessons import ROOT
from tools.site.python import UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

FIGURES = ROOT / "course" / "figures"
_RUN = """() => {
    const { content } = window.jupyterapp.shell.currentWidget;
    content.activeCellIndex = content.widgets.findIndex(
        (cell) => cell.model.sharedModel.source.includes("explore.units()"));
    return window.jupyterapp.commands.execute("notebook:run-cell");
}"""
_READY = (
    "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel"
    "?.connectionStatus === 'connected'"
)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


def take(site: Path) -> list[Path]:
    """Photograph a site that was made, and return the pictures.

    Parameters
    ----------
    site : pathlib.Path
        Its folder.

    Returns
    -------
    list of pathlib.Path
        ``site_reading.png`` and ``site_lab.png`` of the course.

    Raises
    ------
    UnavailableError
        Where there is no Chromium, or no site.
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None or not (site / "lab").is_dir():
        raise UnavailableError("pictures need Chromium and a site: make site")
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            address = f"http://127.0.0.1:{server.server_port}"
            pictures = [_reading(page, address), _laboratory(page, address)]
            browser.close()
        server.shutdown()
    return pictures


def _reading(page: Any, address: str) -> Path:
    page.goto(f"{address}/lessons/01_synapse.html")
    slider = page.get_by_role("slider", name="SERT blocked (%)").first
    slider.focus()
    for _ in range(16):
        slider.press("ArrowRight")
    figure = page.locator("figure.explorer").first
    figure.evaluate("(it) => window.scrollTo(0, it.getBoundingClientRect().top + scrollY - 130)")
    return _kept(page, "site_reading")


def _laboratory(page: Any, address: str) -> Path:
    page.goto(f"{address}/lab/lab/index.html?path=00_start.ipynb&reset")
    page.wait_for_function(_READY, timeout=300_000)
    page.evaluate(_RUN)
    explorer = page.locator(".snrilab-explorer")
    explorer.locator("img").wait_for(timeout=300_000)
    explorer.evaluate("(it) => it.scrollIntoView({ block: 'center' })")
    return _kept(page, "site_lab")


def _kept(page: Any, name: str) -> Path:
    """Photograph the page with few colours: README loads at once."""
    from PIL import Image

    page.wait_for_timeout(1500)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = FIGURES / f"{name}.png"
    picture.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    return path
