"""JupyterLab in Chromium: start both, open a notebook, run it, press keys, read the page."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests import kernels
from tests.conftest import ROOT
from tests.servers import fetched, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# `python -m jupyterlab` without a grammar of web addresses that takes two seconds to build.
_START = (
    "import sys; sys.modules['rfc3987_syntax'] = None; "
    "from jupyterlab.labapp import main; sys.exit(main())"
)
SCREEN = {"width": 1280, "height": 800}
# How often a page is asked, in milliseconds. Without, it is asked at every frame, and draws one
# after the other only to be asked.
ASK_EVERY = 100


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: where it listens, what opens it, and the folder that it serves."""

    address: str
    token: str
    folder: Path


def _install_settings(config: Path) -> None:
    """Put the settings that travel in the wheel where JupyterLab finds them."""
    source = ROOT / "snrilab" / "jupyter"
    for name, target in {
        "jupyter_lab_config.json": "jupyter_lab_config.json",
        "overrides.json": "labconfig/default_setting_overrides.d/snrilab.json",
        "learner/labconfig/page_config.json": "labconfig/page_config.d/snrilab.json",
    }.items():
        path = config / target
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, path)


@contextmanager
def running_lab(folder: Path) -> Iterator[Lab]:
    """Serve `folder`, which should hold copies: JupyterLab saves notebooks by itself."""
    port, token = free_port(), secrets.token_hex(16)
    address = f"http://127.0.0.1:{port}"
    private = folder.parent / f"{folder.name}-jupyter"
    _install_settings(private / "etc")
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join(
        filter(None, [str(ROOT), environment.get("PYTHONPATH")])
    )
    environment |= kernels.warm()
    # Settings of whoever runs the tests must not change what a learner would see.
    environment["JUPYTER_CONFIG_PATH"] = str(private / "etc")
    environment["JUPYTER_CONFIG_DIR"] = str(private / "config")
    environment["JUPYTER_DATA_DIR"] = str(private / "data")
    environment["JUPYTER_RUNTIME_DIR"] = str(private / "runtime")
    environment["JUPYTERLAB_SETTINGS_DIR"] = str(private / "settings")
    environment["JUPYTERLAB_WORKSPACES_DIR"] = str(private / "workspaces")
    options = [
        "--no-browser",
        "--allow-root",
        "--expose-app-in-browser",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={folder}",
    ]
    log = private / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _START, *options],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            fetched(f"{address}/api/status", process, log, token)
            yield Lab(address, token, folder)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def running_browser(executable: str) -> Iterator[Any]:
    """Start Debian's Chromium without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, headless=True, args=CHROMIUM_FLAGS
        )
        try:
            yield browser
        finally:
            browser.close()


# What a test did to its copy may go.
_CLOSE_ALL = """() => {
    for (const panel of [...window.jupyterapp.shell.widgets("main")]) {
        if (panel.context) {
            panel.context.model.dirty = false;
        }
        panel.close();
    }
}"""
# Loading JupyterLab takes five seconds of processor time.
_OPEN_INSTEAD = """async (name) => {
    const { commands } = window.jupyterapp;
    if (document.body.dataset.jpThemeLight === "false") {
        await commands.execute("apputils:change-theme", { theme: "JupyterLab Light" });
    }
    await commands.execute("docmanager:open", { path: name });
}"""


def is_loaded(page: Any) -> bool:
    """Return whether the page has loaded JupyterLab."""
    return bool(page.evaluate("() => window.jupyterapp !== undefined"))


def close_all(page: Any) -> None:
    """Close what is open in JupyterLab, unsaved, before the page gets another size for nobody."""
    if is_loaded(page):
        page.evaluate(_CLOSE_ALL)


def open_notebook(page: Any, lab: Lab, name: str) -> None:
    """Open a notebook of the served folder alone on the page and wait for its kernel.

    Where the page has loaded JupyterLab before, it goes on, without what was open.
    """
    if is_loaded(page):
        page.evaluate(_CLOSE_ALL)
        page.evaluate(_OPEN_INSTEAD, name)
    else:
        page.goto(f"{lab.address}/lab/tree/{name}?token={lab.token}&reset")
    page.wait_for_function(
        "() => window.jupyterapp !== undefined", timeout=60_000, polling=ASK_EVERY
    )
    page.wait_for_selector(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell", timeout=60_000)
    page.wait_for_function(
        """(name) => {
            const panel = window.jupyterapp.shell.currentWidget;
            const kernel = panel?.sessionContext?.session?.kernel;
            return panel?.context?.path === name
                && kernel?.connectionStatus === "connected" && kernel?.status === "idle";
        }""",
        arg=name,
        timeout=60_000,
        polling=ASK_EVERY,
    )


def run_all(page: Any, timeout_s: float = 120) -> None:
    """Run every cell and wait until the kernel is idle and every cell has its number."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.wait_for_function(
        """() => {
            const panel = window.jupyterapp.shell.currentWidget;
            const code = panel.content.widgets.filter((cell) => cell.model.type === "code");
            const ran = code.every((cell) => cell.model.executionCount !== null
                || cell.model.sharedModel.source.trim() === "");
            const failed = code.some((cell) => cell.model.sharedModel.outputs
                .some((output) => output.output_type === "error"));
            return failed
                || (ran && panel.sessionContext.session.kernel.status === "idle");
        }""",
        timeout=timeout_s * 1000,
        polling=ASK_EVERY,
    )


def cell_errors(page: Any) -> list[str]:
    """Return the errors that cells of the open notebook show."""
    found: list[str] = page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.widgets
            .filter((cell) => cell.model.type === "code")
            .flatMap((cell) => cell.model.sharedModel.outputs)
            .filter((output) => output.output_type === "error")
            .map((output) => `${output.ename}: ${output.evalue}`)"""
    )
    return found
