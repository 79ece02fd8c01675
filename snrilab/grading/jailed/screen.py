"""Where the student's output goes: text, figures and errors of one cell, capped as they come.

Runs in the student's process.
"""

# ruff: noqa: ARG002 -- IPython decides the signatures

from __future__ import annotations

import io
import linecache
import struct
import sys
import traceback
import zlib
from typing import Any

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.backends.backend_agg import RendererAgg

TEXT = 100_000
RICH = 2 * 2**20
PARTS = 40
LINES = 30


class Screen:
    """What one cell shows, in order, with everything beyond the caps thrown away."""

    def __init__(self) -> None:
        self._parts: list[dict[str, Any]] = []
        self._room = TEXT
        self._cut = 0

    def write(self, name: str, text: str) -> None:
        """Take text printed to stdout or stderr."""
        kept = text[: max(0, self._room)]
        self._room -= len(kept)
        self._cut += len(text) - len(kept)
        if not kept:
            return
        last = self._parts[-1] if self._parts else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["text"].append(kept)
        else:
            self._parts.append({"output_type": "stream", "name": name, "text": [kept]})

    def show(self, kind: str, data: dict[str, Any], count: int | None = None) -> None:
        """Take something displayed: MIME type to text or bytes."""
        if len(self._parts) >= PARTS:
            self._cut += 1
            return
        shown = {str(m): value for m, value in data.items() if isinstance(value, str | bytes)}
        small = {mime: value for mime, value in shown.items() if len(value) <= RICH}
        self._cut += len(shown) - len(small)
        if small:
            part: dict[str, Any] = {"output_type": kind, "data": small}
            if count is not None:
                part["execution_count"] = int(count)
            self._parts.append(part)

    def error(self, name: str, message: str, lines: list[str]) -> None:
        """Take an error that ended the cell."""
        self._parts.append(
            {"output_type": "error", "ename": name, "evalue": message, "traceback": lines}
        )

    def forget_error(self) -> None:
        """Leave out the error that came last: another one says it better."""
        if self._parts and self._parts[-1]["output_type"] == "error":
            self._parts.pop()

    def outputs(self) -> list[dict[str, Any]]:
        """Return everything shown, as plain data."""
        for part in self._parts:
            if part["output_type"] == "stream" and isinstance(part["text"], list):
                part["text"] = "".join(part["text"])
        if self._cut:
            note = f"\n[{self._cut} more characters or pictures were not kept]\n"
            self._parts.append({"output_type": "stream", "name": "stderr", "text": note})
            self._cut = 0
        return self._parts

    def text(self, name: str) -> str:
        """Return what was printed to stdout or stderr."""
        parts = [p for p in self.outputs() if p["output_type"] == "stream" and p["name"] == name]
        return "".join(p["text"] for p in parts)[:TEXT]


class _Stream(io.TextIOBase):
    """A sys.stdout that writes to whatever screen is in use."""

    encoding = "utf-8"

    def __init__(self, shell: Shell, name: str) -> None:
        self._shell = shell
        self.name = name

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._shell.screen is not None:
            self._shell.screen.write(self.name, text)
        return len(text)


class _Publisher(DisplayPublisher):  # type: ignore[misc]
    def publish(self, data: Any, *args: Any, **kwargs: Any) -> None:
        screen = self.shell.screen
        if screen is not None:
            screen.show("display_data", dict(data))

    def clear_output(self, wait: bool = False) -> None:
        return


class _Hook(DisplayHook):  # type: ignore[misc]
    def write_output_prompt(self) -> None:
        return

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        screen = self.shell.screen
        if screen is not None:
            screen.show("execute_result", dict(format_dict), self.prompt_count)


# What ipykernel, Colab and classic notebooks add to IPython.
_OF_A_PAGE = (
    "autosave",
    "connect_info",
    "qtconsole",
    "subshell",
    "less",
    "more",
    "man",
    "clear",
    "cls",
)


def _nothing(_: str) -> None:
    """Stand for a magic about the page in the browser."""


class Shell(InteractiveShell):  # type: ignore[misc]
    """IPython's shell, showing things on a `Screen`."""

    screen: Screen | None = None

    def init_display_pub(self) -> None:
        """Publish to the screen."""
        self.display_pub = _Publisher(parent=self, shell=self)

    def init_displayhook(self) -> None:
        """Show results on the screen."""
        self.displayhook = _Hook(parent=self, shell=self)
        from IPython.core.display_trap import DisplayTrap

        self.display_trap = DisplayTrap(hook=self.displayhook)

    def show_on(self, screen: Screen | None) -> bool:
        """Send output to this screen from now on."""
        self.screen = screen
        sys.stdout = self._out
        sys.stderr = self._err
        return False

    def start_streams(self) -> None:
        """Make the text streams that stand in for stdout and stderr."""
        self._out = _Stream(self, "stdout")
        self._err = _Stream(self, "stderr")

    def system(self, command: str) -> None:
        """Run a shell command (``!ls``) and show what it prints."""
        import subprocess

        done = subprocess.run(  # noqa: S602 -- inside the jail; notebooks may use `!`
            self.var_expand(command, depth=1),
            shell=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        print(done.stdout.decode("utf-8", "replace"), end="")  # noqa: T201
        self.user_ns["_exit_code"] = done.returncode

    def init_magics(self) -> None:
        """Know the magics that only a kernel with a page in front of it has: they do nothing."""
        super().init_magics()
        for name in _OF_A_PAGE:
            if name not in self.magics_manager.magics["line"]:
                self.register_magic_function(_nothing, "line", name)

    def enable_gui(self, gui: Any = None) -> None:
        """Run no event loop: figures are inline."""

    def enable_matplotlib(self, gui: Any = None) -> tuple[Any, str]:
        """Leave figures inline, as they already are."""
        if self.screen is None:
            return super().enable_matplotlib(gui)  # type: ignore[no-any-return]
        return None, "inline"

    def ask_exit(self) -> None:
        """Let ``exit`` end nothing: there is no session to leave."""

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> None:
        """Show an error in few lines and little time."""
        _, error, _ = exc_tuple or sys.exc_info()
        if self.screen is not None and error is not None:
            try:
                message = str(error)
            except Exception:  # noqa: BLE001 -- a message that raises is no message
                message = ""
            self.screen.error(type(error).__name__, message[:2000], short_traceback(error))

    def showsyntaxerror(self, *args: Any, **kwargs: Any) -> None:
        """Show a syntax error like any other."""
        self.showtraceback()

    def showindentationerror(self) -> None:
        """Show an indentation error like any other."""
        self.showtraceback()

    def _format_exception_for_storage(self, exception: Any, *_: Any, **__: Any) -> dict[str, Any]:
        """Note an error for ``%notebook`` as it is shown.

        IPython draws it up once more for that, which takes longer than most notebooks.
        """
        lines = short_traceback(exception)
        return {"ename": type(exception).__name__, "evalue": lines[-1], "traceback": lines}


def figure_as_png(figure: Any) -> bytes:
    """Draw a figure; draw it again, coarser, when it is too large to be kept."""
    picture = _drawn(figure)
    if len(picture) > RICH:
        # A picture has as many bytes as pixels, roughly: their number goes with the dpi squared.
        picture = _saved(figure, dpi=0.9 * figure.dpi * (RICH / len(picture)) ** 0.5)
    return picture


def _drawn(figure: Any) -> bytes:
    """Draw a figure once and trim its margins; draw it again only when something stands outside.

    Inline figures are usually drawn twice and measured once more for that, which takes most of a
    notebook's time.
    """
    width, height = figure.bbox.size
    sheet: Any = _Sheet(width, height, figure.dpi)  # type: ignore[no-untyped-call]
    figure.draw(sheet)
    pixels = np.asarray(sheet.buffer_rgba())
    ink = pixels.view(np.uint32)[:, :, 0]
    ink = ink != ink[0, 0]
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not rows.size or sheet.wrote_outside or ink[[0, -1]].any() or ink[:, [0, -1]].any():
        return _saved(figure)
    room = round(0.1 * figure.dpi)  # as much margin as inline figures keep
    kept = (slice(max(0, at[0] - room), at[-1] + 1 + room) for at in (rows, columns))
    return png(pixels[tuple(kept)])


def _saved(figure: Any, **how: Any) -> bytes:
    """Return a figure as matplotlib itself saves it."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight", **how)
    return buffer.getvalue()


class _Sheet(RendererAgg):
    """Agg's drawing area, which knows whether text was meant to stand outside of it."""

    wrote_outside = False

    def draw_text(self, gc: Any, x: float, y: float, *rest: Any, **more: Any) -> None:
        if not (0 < x < self.width and 0 < y < self.height):
            self.wrote_outside = True
        super().draw_text(gc, x, y, *rest, **more)  # type: ignore[no-untyped-call]


def png(pixels: np.ndarray[Any, Any]) -> bytes:
    """Return RGBA pixels as a PNG file; each row as its difference from the one above.

    A drawing has long runs of equal rows, so this is small after the quickest compression. Trying
    all filters for each row, as libraries do, takes four times as long.
    """
    high, wide, _ = pixels.shape
    lines = np.full((high, 1 + 4 * wide), 2, np.uint8)  # PNG's number for this filter comes first
    differences = lines[:, 1:].reshape(high, wide, 4)
    differences[0] = pixels[0]
    np.subtract(pixels[1:], pixels[:-1], out=differences[1:])
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(lines.data, 1)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def short_traceback(error: BaseException) -> list[str]:
    """Return the lines of the student's own cells that led to an error, and the error."""
    lines: list[str] = []
    try:
        for frame in traceback.extract_tb(error.__traceback__, limit=200):
            if "ipython-input" in frame.filename or "ipykernel" in frame.filename:
                code = linecache.getline(frame.filename, frame.lineno or 0).strip()
                lines.append(f"line {frame.lineno}, in {frame.name}: {code[:200]}")
        last = "".join(traceback.format_exception_only(type(error), error)).strip()
    except BaseException:  # noqa: BLE001 -- an error object may raise when it is looked at
        last = type(error).__name__
    return [*lines[-LINES:], last[:2000]]
