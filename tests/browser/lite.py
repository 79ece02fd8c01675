"""The laboratory in the browser: serve it, open a notebook, run it, read what it says."""

from __future__ import annotations

import functools
import http.server
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.browser.lab import ASK_EVERY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What Safari lacks is taken away in the programs that would use it, also those of a worker.
WITHOUT_JSPI = (
    b"try{delete WebAssembly.Suspending;delete WebAssembly.promising;"
    b"delete WebAssembly.Suspender}catch(e){}\n"
)


class _Handler(http.server.SimpleHTTPRequestHandler):
    """A plain web server; below /nojspi/ the same site as a browser without JSPI has it."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }

    def log_message(self, *_: Any) -> None:
        pass

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/nojspi"))

    def do_GET(self) -> None:
        name = self.path.partition("?")[0]
        if not self.path.startswith("/nojspi/") or not name.endswith(
            ("pyodide.mjs", "pyodide.asm.js")
        ):
            super().do_GET()
            return
        with open(self.translate_path(name), "rb") as file:  # noqa: PTH123
            text = WITHOUT_JSPI + file.read()
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Give a folder out and return its address."""
    handler = functools.partial(_Handler, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def opened(page: Any, address: str, notebook: str) -> float:
    """Open a notebook of the laboratory; return the seconds until its Python answers."""
    begun = time.perf_counter()
    page.goto(f"{address}lab/lab/index.html?path={notebook}&reset")
    page.wait_for_function(
        """name => {
            const panel = window.jupyterapp?.shell?.currentWidget;
            return panel?.context?.path === name && panel.content?.model
                && panel.sessionContext?.session?.kernel?.connectionStatus === "connected";
        }""",
        arg=notebook,
        timeout=120_000,
        polling=ASK_EVERY,
    )
    return time.perf_counter() - begun


def shown_instead(page: Any, notebook: str) -> None:
    """Show another notebook with the Python that runs, emptied: starting it takes longest."""
    page.evaluate(
        """async (name) => {
            const { shell, serviceManager } = window.jupyterapp;
            const panel = shell.currentWidget;
            const { content } = await serviceManager.contents.get(name, { content: true });
            panel.content.model.fromJSON(content);
            const { kernel } = panel.sessionContext.session;
            await kernel.requestExecute({ code: "%reset -f", store_history: false }).done;
        }""",
        notebook,
    )


def active_source(page: Any) -> str:
    """Return what stands in the cell that is chosen."""
    text: str = page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source"
    )
    return text


def run_all(page: Any, timeout_s: float = 300) -> float:
    """Run all cells and return the seconds that it took."""
    begun = time.perf_counter()
    page.evaluate(
        """() => {
            window.ran = false;
            window.jupyterapp.commands.execute("notebook:run-all-cells")
                .then(() => { window.ran = true; }, (error) => { window.ran = String(error); });
        }"""
    )
    page.wait_for_function("() => window.ran", timeout=timeout_s * 1000, polling=ASK_EVERY)
    return time.perf_counter() - begun


def cells(page: Any) -> list[dict[str, Any]]:
    """Return each code cell: its number, and what stands below it as text."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
            .filter((cell) => cell.cell_type === "code")
            .map((cell) => ({
                source: cell.source,
                number: cell.execution_count,
                error: cell.outputs.filter((output) => output.output_type === "error")
                    .map((output) => `${output.ename}: ${output.evalue}`).join(),
                red: cell.outputs.filter((output) => output.name === "stderr")
                    .map((output) => output.text).join(),
                text: cell.outputs.map((output) =>
                    [output.text || (output.data && output.data["text/plain"]) || ""].flat()
                        .join("")).join("\\n"),
            }))"""
    )
    return found


def in_python(page: Any, code: str, timeout_s: float = 120) -> str:
    """Run code in the kernel of the open notebook and return what it prints."""
    text: str = page.evaluate(
        """async ([code, limit]) => {
            const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const future = kernel.requestExecute({ code, store_history: false });
            let said = "";
            future.onIOPub = (message) => {
                if (message.header.msg_type === "stream") said += message.content.text;
                if (message.header.msg_type === "error") said += message.content.evalue;
            };
            const late = new Promise((_, no) => setTimeout(() => no("late: " + said), limit));
            await Promise.race([future.done, late]);
            return said;
        }""",
        [code, timeout_s * 1000],
    )
    return text
