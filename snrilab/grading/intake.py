"""What is taken from a submission: the text of its answers, put into the teacher's own notebook.

Everything else in a submitted folder or notebook - tags, flags, points, order, edited tests, other
files, links - has no way in. What was odd is written down as facts.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.grading.template import Cell, Template

NOTEBOOK_MB = 24
CELL_CHARACTERS = 400_000
ALL_CHARACTERS = 2_000_000
EXTRA_CELLS = 300
CELLS = 20_000
SMALL_FILE = 4096


class UnreadableError(ValueError):
    """A submission of which nothing can be graded; the message says why."""


@dataclass
class Piece:
    """One cell of the rebuilt notebook: the teacher's (`cell`) or an extra one of the student's."""

    cell: Cell | None
    cell_type: str
    source: str

    @property
    def is_students(self) -> bool:
        """Whether a student wrote the text."""
        return self.cell is None or self.cell.is_answer


@dataclass
class Rebuilt:
    """The teacher's notebook with one student's answers in it, and what was odd about them."""

    pieces: list[Piece]
    facts: list[str] = field(default_factory=list)


def read_file(path: Path, limit: int) -> bytes:
    """Read a regular file of limited size; links, pipes, devices and folders are refused."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise UnreadableError(
            f"{path.name} cannot be opened as a plain file ({error.strerror})"
        ) from None
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise UnreadableError(f"{path.name} is no plain file")
        if facts.st_size > limit:
            raise UnreadableError(f"{path.name} is larger than {limit / 2**20:.3g} MB")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(limit)
    finally:
        os.close(descriptor)


def parse(data: bytes) -> list[dict[str, Any]]:
    """Return the cells of a submitted notebook as plain dictionaries with text in them."""
    try:
        whole = json.loads(data.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError, MemoryError):
        raise UnreadableError("the file is not a notebook: it is not valid JSON") from None
    if not isinstance(whole, dict):
        raise UnreadableError("the file is not a notebook")
    cells = whole.get("cells")
    if not isinstance(cells, list):
        raise UnreadableError("the notebook has no list of cells (format 4 is needed)")
    return [
        {"cell_type": _word(c.get("cell_type")), "source": _text(c.get("source")), "ids": _ids(c)}
        for c in cells[:CELLS]
        if isinstance(c, dict)
    ]


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


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


def rebuild(template: Template, data: bytes) -> Rebuilt:  # noqa: C901 -- one walk over the cells
    """Put the answers of a submitted notebook into the teacher's.

    Parameters
    ----------
    template : Template
        The teacher's notebook.
    data : bytes
        The submitted file.

    Raises
    ------
    UnreadableError
        When the file is no notebook.
    """
    submitted = parse(data)
    facts: list[str] = []
    if len(submitted) == CELLS:
        facts.append(f"the notebook has {CELLS} cells or more; the rest were not read")
    matches = _match(template, submitted, facts)
    answers: dict[int, str] = {}
    extras: dict[int, list[Piece]] = {}
    anchor, extra_count, room = -1, 0, ALL_CHARACTERS
    for number, cell in enumerate(submitted):
        place = matches.get(number)
        text = cell["source"]
        if place is not None:
            anchor = place
            known = template.cells[place]
            if known.is_answer:
                answers[place] = _cut(text, known.grade_id or "", facts)
                room -= len(text)
                _note_type(known, cell["cell_type"], facts)
            elif known.grade_id and text.strip() != known.release.strip():
                facts.append(f"cell {known.grade_id} was changed; the teacher's text was used")
            elif known.grade_id or text.strip() in {known.release.strip(), ""}:
                continue
            else:  # an unlocked cell of the teacher's that the student went on writing in
                extras.setdefault(anchor, []).append(Piece(None, known.cell_type, text))
            continue
        kind = cell["cell_type"] if cell["cell_type"] in {"code", "markdown"} else "raw"
        if not text.strip():
            continue
        extra_count += 1
        room -= len(text)
        if extra_count > EXTRA_CELLS or room < 0 or len(text) > CELL_CHARACTERS:
            continue
        extras.setdefault(anchor, []).append(Piece(None, kind, text))
    if extra_count > EXTRA_CELLS or room < 0:
        facts.append(f"{extra_count} extra cells: more than is read; the surplus was left out")
    pieces = list(extras.get(-1, []))
    for place, known in enumerate(template.cells):
        if known.is_answer:
            if place not in answers:
                facts.append(f"cell {known.grade_id} is missing")
            text = answers.get(place, "" if known.cell_type == "code" else known.release)
        else:
            text = known.master
        pieces.append(Piece(known, known.cell_type, text))
        pieces += extras.get(place, [])
    return Rebuilt(pieces, facts[:50])


def _cut(text: str, name: str, facts: list[str]) -> str:
    if len(text) > CELL_CHARACTERS:
        facts.append(f"cell {name} is longer than {CELL_CHARACTERS} characters and was not read")
        return ""
    return text


def _note_type(known: Cell, kind: Any, facts: list[str]) -> None:
    if kind != known.cell_type:
        facts.append(
            f"cell {known.grade_id} was turned into another type; read as {known.cell_type}"
        )


def _match(template: Template, submitted: list[dict[str, Any]], facts: list[str]) -> dict[int, int]:
    """Find the teacher's cells in a submission: by grade_id, then by cell id, then by equal text.

    Where an id occurs twice the last one counts, as in nbgrader.
    """
    by_name = {c.grade_id: c.place for c in template.cells if c.grade_id}
    by_id = {c.identity: c.place for c in template.cells}
    found: dict[int, int] = {}
    taken: dict[int, int] = {}
    for which, table in ((0, by_name), (1, by_id)):
        for number, cell in enumerate(submitted):
            place = table.get(cell["ids"][which])
            if place is None or number in found:
                continue
            if which == 1 and place in taken:
                continue
            if place in taken:
                facts.append(
                    f"cell {template.cells[place].grade_id} occurs twice; the last one counts"
                )
                del found[taken[place]]
            found[number] = place
            taken[place] = number
    texts = {c.release.strip(): c.place for c in template.cells if not c.grade_id}
    for number, cell in enumerate(submitted):
        place = texts.get(cell["source"].strip())
        if number not in found and place is not None and place not in taken:
            found[number] = place
            taken[place] = number
    return found


@dataclass(frozen=True)
class Submitted:
    """The files of one student's folder that matter, safely read."""

    student: str
    notebooks: dict[str, bytes]
    problems: dict[str, str]
    facts: list[str]
    timestamp: str
    changed: float
    arrived: float

    @property
    def digest(self) -> str:
        """Fingerprint of what was handed in."""
        parts = [self.timestamp]
        parts += [f"{n}:{hashlib.sha256(d).hexdigest()}" for n, d in sorted(self.notebooks.items())]
        parts += [f"{n}!{p}" for n, p in sorted(self.problems.items())]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def read_folder(folder: Path, student: str, wanted: list[str]) -> Submitted:
    """Read the wanted notebooks of one submitted folder.

    A notebook under another name is taken when it is the only one in the folder.
    """
    notebooks: dict[str, bytes] = {}
    problems: dict[str, str] = {}
    facts: list[str] = []
    changed, arrived = 0.0, folder.lstat().st_ctime
    entries = _entries(folder, facts)
    for entry in entries:
        if entry.name.endswith(".ipynb") and entry.name[:-6] in wanted:
            try:
                notebooks[entry.name[:-6]] = read_file(entry, NOTEBOOK_MB * 2**20)
                changed = max(changed, entry.lstat().st_mtime)
                arrived = max(arrived, entry.lstat().st_ctime)
            except (UnreadableError, OSError) as error:
                problems[entry.name[:-6]] = str(error)
    if len(wanted) == 1 and not notebooks and not problems:
        name, data = _renamed(entries, facts)
        if data is not None:
            notebooks[wanted[0]] = data
            facts.append(f"the notebook was called {name}")
            changed = (folder / name).lstat().st_mtime
    for name in wanted:
        if name not in notebooks and name not in problems:
            problems[name] = f"{name}.ipynb is missing"
    timestamp = ""
    if any(entry.name == "timestamp.txt" for entry in entries):
        try:
            timestamp = read_file(folder / "timestamp.txt", SMALL_FILE).decode("utf-8", "replace")
        except UnreadableError as error:
            facts.append(f"the time of submission is unknown: {error}")
    return Submitted(student, notebooks, problems, facts, timestamp.strip()[:100], changed, arrived)


def _entries(folder: Path, facts: list[str]) -> list[Path]:
    """List a folder's own entries; links, pipes and devices are noted."""
    if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
        facts.append("the submission is no plain folder")
        return []
    entries = []
    for place, entry in enumerate(sorted(folder.iterdir())):
        if place > 1000:
            facts.append("the folder has more than 1,000 entries; the rest were not read")
            break
        mode = entry.lstat().st_mode
        if stat.S_ISLNK(mode) or not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            facts.append(f"{entry.name[:80]} is a link or a special file; it was not opened")
        entries.append(entry)
    return entries


def _renamed(entries: list[Path], facts: list[str]) -> tuple[str, bytes | None]:
    others = [e for e in entries if e.name.endswith(".ipynb")]
    if len(others) != 1:
        return "", None
    try:
        return others[0].name, read_file(others[0], NOTEBOOK_MB * 2**20)
    except UnreadableError as error:
        facts.append(str(error))
        return "", None
