"""What lies in a student's folder where no notebook could be read: what it is, what it says.

Runs in the coordinator; nothing of it is run. A person decides about such work and has to see it:
a text file's words, what stands in a file that was cut off, the name of what cannot be shown.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from snrilab.grading.classrun import read_submitted
from snrilab.grading.folders import may_be
from snrilab.grading.prose import Teachers
from snrilab.grading.reading import (
    UnreadableError,
    parse,
    read_file,
    read_notebook,
)

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.grading.course import Course
    from snrilab.grading.template import Template

FILE = 8 * 2**20
FILES = 8
SHOWN = 20_000  # characters of one file
PIECES = 200
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass
class Found:
    """One file that lies there.

    Parameters
    ----------
    name : str
        Its place in the student's folder.
    what : str
        What it is, in a few words.
    mine : list of str
        What can be read of the answer that is asked for.
    rest : list of str
        What else can be read in it and is not the teacher's.
    picture : bytes
        A picture that can be shown.
    """

    name: str
    what: str = ""
    mine: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    picture: bytes = b""


def unread_work(
    course: Course,
    templates: list[Template],
    student: str,
    notebook: str,
    cell: str,
) -> list[Found]:
    """Return what a student handed in, where it could not be read as this notebook; else nothing.

    Parameters
    ----------
    course : Course
        The course.
    templates : list of Template
        The teacher's notebooks.
    student, notebook : str
        Whose work, and which part of it.
    cell : str
        The graded cell whose answer is looked for.
    """
    template = next((one for one in templates if one.notebook == notebook), None)
    if template is None:
        return []
    assignment = template.assignment
    submitted = read_submitted(course, assignment, student, templates)
    if notebook not in submitted.problems:
        return []
    others = {f"{one.notebook}.ipynb" for one in templates} - {f"{notebook}.ipynb"}
    folder = course.submitted_folder(student, assignment)
    files = [path for path in submitted.files if path.name not in {"timestamp.txt", *others}]
    return [_found(path, folder, template, cell) for path in files[:FILES]]


def _found(path: Path, folder: Path, template: Template, cell: str) -> Found:
    found = Found(path.relative_to(folder).as_posix()[-120:])
    try:
        data = read_notebook(path) if may_be(path) else read_file(path, FILE)
    except (UnreadableError, OSError) as error:
        found.what = str(error)
        return found
    if data.startswith(PICTURES):
        found.what, found.picture = "a picture", data
        return found
    teachers = Teachers(template)
    try:
        cells: list[tuple[str, str]] = [(c["ids"][0], c["source"]) for c in parse(data)[0]]
        found.what = "a notebook"
    except UnreadableError as error:
        found.what = str(error)
        cells = _pieces(data)
    for name, source in cells[:PIECES]:
        if own := _cut(teachers.own(source)):
            (found.mine if name == cell else found.rest).append(own)
    return found


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}\n[… the file goes on]"


def _pieces(data: bytes) -> list[tuple[str, str]]:
    """Return texts of a file that is no notebook, each with the name of its cell if it has one."""
    office = _office(data)
    if office:
        return [("", office)]
    text = _as_text(data)
    if re.match(r"(?i)\s*<(!doctype|html|head|\?xml)", text):
        page = _Page()
        page.feed(text)
        return [("", page.text)]
    if text.lstrip()[:1] == "{" or re.search(r'"cell_type"\s*:', text):
        return _salvaged(text)
    return [("", text)] if text else []


def _as_text(data: bytes) -> str:
    """Return a file as text; nothing where it is none."""
    encoding = json.detect_encoding(data[:16]) if data else "utf-8"
    for one in (encoding, "cp1252"):
        try:
            text = data.decode(one).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
        odd = sum(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text[:4000])
        return "" if odd > 4 or text.startswith(("%PDF", "{\\rtf")) else text
    return ""


def _office(data: bytes) -> str:
    """Return the words of a text document (Word, LibreOffice)."""
    if not data.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name, paragraph in (("word/document.xml", "w:p"), ("content.xml", "text:p")):
                if name in archive.namelist() and archive.getinfo(name).file_size <= FILE:
                    marked = archive.read(name).decode("utf-8", "replace")
                    lines = re.sub(rf"</{paragraph}>", "\n", marked)
                    return unescape(re.sub(r"<[^>]*>", "", lines)).strip()
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError):
        pass
    return ""


class _Page(HTMLParser):
    """Takes the words out of a saved web page."""

    def __init__(self) -> None:
        super().__init__()
        self._silent = 0
        self._parts: list[str] = []

    @property
    def text(self) -> str:
        """The words, without the empty lines between them."""
        return re.sub(r"\s*\n\s*", "\n", "".join(self._parts)).strip()

    def handle_starttag(self, tag: str, _: Any) -> None:
        self._silent += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self._silent -= bool(self._silent) and tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(data)


_STARTS = re.compile(r'\{\s*"(?:attachments|cell_type|execution_count|id|metadata|source)"\s*:')
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)("?)', re.DOTALL)


def _salvaged(text: str) -> list[tuple[str, str]]:
    """Return the cells of a broken notebook: whole ones, and what is left of the others."""
    decoder = json.JSONDecoder(strict=False)
    kept: list[tuple[int, dict[str, Any] | None]] = []
    end = 0
    for place in _STARTS.finditer(text):
        if place.start() < end or len(kept) >= PIECES:
            continue
        try:
            whole, stop = decoder.raw_decode(text, place.start())
        except (ValueError, RecursionError):
            kept.append((place.start(), None))
            continue
        if "cell_type" in whole and "source" in whole:  # else it is a part of a cell
            kept.append((place.start(), whole))
            end = stop
    found = []
    ends = [start for start, _ in kept[1:]] + [len(text)]
    for (start, cell), following in zip(kept, ends, strict=True):
        if cell is not None:
            found.append((_name(json.dumps(cell)), _joined(cell["source"])))
            continue
        part = text[start:following]
        if source := re.search(r'"source"\s*:\s*\[?', part):
            found.append((_name(part), _strings(part[source.end() :])))
    return found


def _name(part: str) -> str:
    named = re.search(r'"grade_id"\s*:\s*"([^"\\]*)"', part)
    return named[1] if named else ""


def _joined(source: Any) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source)


def _strings(part: str) -> str:
    """Return the text of a list of strings as far as it goes; what stands between them stays."""
    said, last = [], 0
    for found in _STRING.finditer(part):
        between = part[last : found.start()].strip(" \t\r\n,")
        if between.startswith("]"):
            break
        said += [f"{between}\n"] if between else []
        try:
            said.append(str(json.loads(f'"{found[1]}"', strict=False)))
        except ValueError:
            said.append(found[1])
        last = found.end()
    return "".join(said)
