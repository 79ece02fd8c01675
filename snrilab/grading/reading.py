"""Read a submitted file: without its outputs, in any text encoding, and with a name for the rest.

Runs in the coordinator and in workers; nothing of a submission is run here. What cannot be read as
a notebook is named by what it is, so that a person can ask for the right file.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import re
import stat
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTEBOOK_MB = 24  # without outputs and pictures
PICTURES_MB = 32
FILE_MB = 512
SMALL_FILE = 4096
CELLS = 20_000
MARKS = 4_000_000  # strings and brackets: more would take minutes
CUT_FROM = 2**18  # smaller files go to a worker as they are


class UnreadableError(ValueError):
    """A submission of which nothing can be graded; the message says what is there instead."""


def open_plain(path: Path, limit: int) -> int:
    """Open a regular file of limited size; links, pipes, devices and folders are refused."""
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise UnreadableError(
            f"{path.name} cannot be opened as a plain file ({error.strerror})"
        ) from None
    facts = os.fstat(descriptor)
    why = ""
    if not stat.S_ISREG(facts.st_mode):
        why = f"{path.name} is no plain file"
    elif facts.st_size > limit:
        why = f"{path.name} is larger than {limit / 2**20:.3g} MB"
    if why:
        os.close(descriptor)
        raise UnreadableError(why)
    return descriptor


def read_file(path: Path, limit: int) -> bytes:
    """Read a regular file of limited size; links, pipes, devices and folders are refused."""
    with os.fdopen(open_plain(path, limit), "rb") as file:
        return file.read(limit)


def read_notebook(path: Path) -> bytes:
    """Read a submitted notebook without the outputs it was saved with.

    A file is measured without them: they are thrown away, so they keep nobody's work out.
    """
    with os.fdopen(open_plain(path, FILE_MB * 2**20), "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size <= CUT_FROM:
            return file.read(CUT_FROM)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            return without_outputs(whole, path.name)


# A string, or a bracket. Strings are skipped in one step, so brackets in them do not count.
_MARK = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)
_OPENS = re.compile(rb"\s*:\s*([\[{])")
_CELL_DEPTH = 3  # inside a cell: {"cells": [{


def without_outputs(whole: Any, name: str) -> bytes:
    """Return the bytes of a notebook without outputs, and without pictures beyond their limit."""
    if whole[:3] == b"\xef\xbb\xbf" or whole[:1] == b"{" or whole[:64].lstrip()[:1] == b"{":
        spans = list(_spans(whole))
    else:  # another encoding, or no notebook at all
        spans = []
    pictures = sum(end - start for start, end, key in spans if key == b'"attachments"')
    kept, text, last = [], 0, 0
    for start, end, key in spans:
        kept.append(whole[last:start])
        text += start - last
        picture = key == b'"attachments"' and pictures <= PICTURES_MB * 2**20
        kept.append(whole[start:end] if picture else b"[]" if whole[start] == 91 else b"{}")
        last = end
    text += len(whole) - last
    if text > NOTEBOOK_MB * 2**20:
        raise UnreadableError(
            f"{name} is larger than {NOTEBOOK_MB} MB even without its outputs and pictures"
        )
    return b"".join([*kept, whole[last:]])


def _spans(whole: Any) -> Iterator[tuple[int, int, bytes]]:
    """Give the places of outputs and attachments: start, end, and which of the two."""
    depth, inside, key = 0, -1, b""
    start = 0
    for count, found in enumerate(_MARK.finditer(whole)):
        if count > MARKS:
            raise UnreadableError("the file has millions of parts; it was not read")
        mark = found.group()
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
            if inside >= 0 and depth == inside:
                yield start, found.end(), key
                inside = -1
        elif inside < 0 and depth == _CELL_DEPTH and mark in {b'"outputs"', b'"attachments"'}:
            opens = _OPENS.match(whole, found.end())
            if opens:
                inside, key, start = depth, mark, opens.start(1)


def parse(data: bytes) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the cells of a submitted notebook, and what was odd about the file.

    Each cell is a plain dictionary: ``cell_type``, ``source``, ``ids``, ``attachments``.
    """
    facts: list[str] = []
    encoding = json.detect_encoding(data[:16]) if data else "utf-8"
    if not encoding.startswith("utf-8"):
        facts.append(f"the file is saved as {encoding.upper()}")
    try:
        whole = json.loads(data.decode(encoding, "replace").lstrip("\ufeff"))
    except (ValueError, RecursionError, MemoryError) as error:
        raise UnreadableError(what_it_is(data, error)) from None
    if not isinstance(whole, dict):
        raise UnreadableError("the file is JSON, but no notebook")
    cells = whole.get("cells")
    sheets = whole.get("worksheets")
    if not isinstance(cells, list) and isinstance(sheets, list):
        facts.append("the notebook is saved in the old format 3")
        listed = [s.get("cells") for s in sheets if isinstance(s, dict)]
        cells = [cell for part in listed if isinstance(part, list) for cell in part]
    if not isinstance(cells, list):
        raise UnreadableError("the file is JSON, but no notebook: it has no list of cells")
    read = [_cell(c) for c in cells[:CELLS] if isinstance(c, dict)]
    return read, facts


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    kind = cell.get("cell_type")
    kind = kind if isinstance(kind, str) else ""
    source = cell.get("source", cell.get("input"))  # format 3 calls code its input
    attached = cell.get("attachments")
    return {
        "cell_type": "markdown" if kind == "heading" else kind,
        "source": _text(source),
        "ids": _ids(cell),
        "as_released": _is_as_released(cell),
        "attachments": attached if isinstance(attached, dict) else {},
    }


def _text(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    if not isinstance(source, str):
        return ""
    # A lone surrogate is legal JSON and illegal everywhere else.
    return source.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")


def _ids(cell: dict[str, Any]) -> tuple[str, str]:
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = mark.get("grade_id") if isinstance(mark, dict) else None
    own = cell.get("id")
    return (
        grade_id if isinstance(grade_id, str) else "",
        own if isinstance(own, str) else "",
    )


def _is_as_released(cell: dict[str, Any]) -> bool:
    """Whether a cell says of itself that it is as it was handed out.

    A teacher who mends a visible test later finds the old one in every notebook. It is nobody's
    change; and nothing but facts depends on it.
    """
    metadata = cell.get("metadata")
    mark = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if not isinstance(mark, dict) or not isinstance(mark.get("checksum"), str):
        return False
    try:
        made = _checksum(cell["cell_type"], _text(cell.get("source")), mark)
        return made == str(mark["checksum"])
    except Exception:  # noqa: BLE001 -- metadata can hold anything
        return False


def _checksum(kind: str, source: str, mark: dict[str, Any]) -> str:
    """Return what ``nbgrader.utils.compute_checksum`` does.

    This runs in a process of its own for each submission; importing nbgrader there would take
    longer than all the rest.
    """
    grade, solution = mark.get("grade", False), mark.get("solution", False)
    locked = False if solution else True if grade else mark.get("locked", False)
    parts = [source, kind, str(grade), str(solution), str(locked), mark["grade_id"]]
    if grade:
        parts.append(str(float(mark["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


_STARTS = (
    (b"%PDF", "it is a PDF document"),
    (b"PK\x03\x04", "it is a zip archive or an office document"),
    (b"\x1f\x8b", "it is a compressed archive"),
    (b"\x89PNG", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"{\\rtf", "it is a text document (RTF)"),
    (b"SQLite", "it is a database"),
)


def what_it_is(data: bytes, error: Exception | None = None) -> str:
    """Name what a file that is no notebook is instead.

    Examples
    --------
    >>> what_it_is(b"")
    'the file is empty'
    >>> what_it_is(b"<!DOCTYPE html><html><body>")
    'the file is not a notebook: it is a saved web page'
    """
    if not data.strip():
        return "the file is empty"
    if not data.strip(b"\0"):
        return "the file holds nothing but zero bytes: it was not copied whole"
    head = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if re.match(rb"(?i)<(!doctype|html|head|\?xml)", head):
        return "the file is not a notebook: it is a saved web page"
    for start, what in _STARTS:
        if head.startswith(start):
            return f"the file is not a notebook: {what}"
    if re.search(rb"(?m)^(<{7}|>{7}|\|{7})( |$)", data):
        return "the file is not a notebook: it holds conflict markers of a git merge (<<<<<<<)"
    if head[:1] != b"{":
        script = re.search(rb"(?m)^(#!|# %%|import |from \w+ import |def )", head)
        what = "it is a Python script" if script else "it is another kind of text or data"
        return f"the file is not a notebook: {what}"
    where = getattr(error, "lineno", None)
    if where is None:
        return "the file is not a notebook: its JSON is nested too deeply or too large"
    rest = data.decode("utf-8", "replace")[getattr(error, "pos", 0) :]
    if "Unterminated" in str(error) or len(rest.strip()) < 2:
        return f"the file is not a whole notebook: its JSON is cut off in line {where}"
    return f"the file is not a notebook: its JSON is broken in line {where}"
