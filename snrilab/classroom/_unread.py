"""What lies in a student's folder where no notebook could be read: what it is, what it says.

Runs in the coordinator; nothing of it is run. A person decides about such work and has to see it:
a text file's words, what stands in a file that was cut off, the name of what cannot be shown.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from snrilab.grading.classrun import read_submitted
from snrilab.grading.folders import may_be
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
PROSE = 6  # words of a line that is known by itself: whoever has it has copied it
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
        What else can be read in it, without cells that are as they were handed out.
    left_out : int
        Lines of those cells: they stand in the file and in neither list.
    picture : bytes
        A picture that can be shown.
    """

    name: str
    what: str = ""
    mine: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)
    left_out: int = 0
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
        The graded cell whose answer is looked for; empty for all in the order of the file.
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
    found = [_found(path, folder, template, cell) for path in files[:FILES]]
    names = [path.relative_to(folder).as_posix() for path in files[FILES:]]
    return found + [Found(name[-120:], "not shown: there are too many files") for name in names]


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
    handed_out = HandedOut(template)
    try:
        cells = [(str(c["ids"][0]), str(c["source"])) for c in parse(data)[0]]
        found.what = "a notebook"
        said = [(name, *handed_out.part(name, source)) for name, source in cells]
    except UnreadableError as error:
        found.what = str(error)
        is_notebook, cells = _pieces(data)
        last = len(cells) - 1
        said = [
            (name, *handed_out.part(name, source, is_cut=place == last))
            if is_notebook
            else (name, *handed_out.part_of_text(source))
            for place, (name, source) in enumerate(cells)
        ]
    for name, own, left_out in said[:PIECES]:
        found.left_out += left_out
        if own:
            (found.mine if cell and name == cell else found.rest).append(_cut(own))
    if len(said) > PIECES:
        found.rest.append(f"[… the file goes on: {len(said) - PIECES} more cells]")
    return found


class HandedOut:
    """The cells of an assignment as students get them: what nobody has written.

    A marker has to see all that a student wrote, and a right line can be the answer key's own.
    So what is left out is a whole cell that nobody has touched, and never a line of another.

    Parameters
    ----------
    template : Template
        The teacher's notebook.
    """

    def __init__(self, template: Template) -> None:
        self._named = {str(c.grade_id): _even(c.release) for c in template.cells if c.grade_id}
        self._texts = {_even(c.release) for c in template.cells if not c.is_answer}
        self._cells = [_even(c.release) for c in template.cells]
        self._prose = {
            _words(line)
            for c in template.cells
            if c.cell_type == "markdown"
            for line in c.release.split("\n")
            if len(line.split()) >= PROSE
        }

    def part(self, name: str, source: str, *, is_cut: bool = False) -> tuple[str, int]:
        """Return what a student may have written in a cell, and how many lines are left out.

        Parameters
        ----------
        name : str
            The cell's name, where it has one.
        source : str
            Its text.
        is_cut : bool
            Whether the file may end within it.
        """
        text = _even(source)
        known = [self._named[name]] if name in self._named else list(self._texts)
        if text in known or (is_cut and any(each.startswith(text) for each in known)):
            return "", _lines(text)
        return source.strip("\n"), 0

    def part_of_text(self, source: str) -> tuple[str, int]:
        """Return the same of a text that is not in cells, as a saved page is."""
        text = _even(source)
        taken = 0
        for cell in sorted(self._cells, key=len, reverse=True):
            if _lines(cell) > 1 and f"\n{cell}\n" in f"\n{text}\n":
                text = f"\n{text}\n".replace(f"\n{cell}\n", "\n\n", 1).strip("\n")
                taken += _lines(cell)
        lines = text.split("\n")
        own = [line for line in lines if _words(line) not in self._prose]
        return "\n".join(own).strip("\n"), taken + len(lines) - len(own)


def _even(text: str) -> str:
    """Return a text without what no reader sees: blanks at the ends of lines, lines around it."""
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def _words(line: str) -> str:
    return " ".join(line.strip().strip("#*").split())


def _lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.split("\n"))


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}\n[… the file goes on]"


def _pieces(data: bytes) -> tuple[bool, list[tuple[str, str]]]:
    """Return texts of a file that is no notebook: whether it was one, and each with its name."""
    office = _office(data)
    if office:
        return False, [("", office)]
    text = _as_text(data)
    if re.match(r"(?i)\s*<(!doctype|html|head|\?xml)", text):
        page = _Page()
        try:
            page.feed(text)
        except AssertionError:  # a mark that this parser does not know: all of it, marks and all
            return False, [("", text)]
        return False, [("", page.text)]
    if text.lstrip()[:1] == "{" or re.search(r'"cell_type"\s*:', text):
        return True, _salvaged(text)
    return False, [("", text)] if text else []


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


# What an archive ends in that is damaged, locked or packed in a way that Python does not know.
_DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError)


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
    except _DAMAGED:
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
