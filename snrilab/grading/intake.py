"""What is taken from a submission: the text of its answers, put into the teacher's own notebook.

Runs in the forked grader of one submission. Everything else in a submitted notebook - tags, flags,
points, order, edited tests - has no way in. What was odd is written down as facts. A student's
words that stand outside of the answer cells are kept, and noted: a person should read them before
a written answer counts as missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from snrilab.grading import prose
from snrilab.grading.reading import CELLS, UnreadableError, parse

if TYPE_CHECKING:
    from snrilab.grading.template import Cell, Template

CELL_CHARACTERS = 400_000
ALL_CHARACTERS = 2_000_000
EXTRA_CELLS = 300


@dataclass
class Piece:
    """One cell of the rebuilt notebook: the teacher's (`cell`) or an extra one of the student's."""

    cell: Cell | None
    cell_type: str
    source: str
    attachments: dict[str, Any] = field(default_factory=dict)

    @property
    def is_students(self) -> bool:
        """Whether a student wrote the text."""
        return self.cell is None or self.cell.is_answer

    @property
    def is_untouched(self) -> bool:
        """Whether an answer cell holds no answer: the stub, the teacher's text, or nothing."""
        cell = self.cell
        if cell is None:
            return False
        given = {cell.release.strip(), cell.master.strip(), ""}
        return self.source.strip() in given and not self.attachments


@dataclass
class Rebuilt:
    """The teacher's notebook with one student's answers in it, and what was odd about them.

    Parameters
    ----------
    facts : list of str
        What a teacher may want to look at.
    unread : str
        Why a part of the student's work was not read; empty when all of it was.
    outside : str
        The student's words that stand outside of every answer cell.
    beside : str
        The student's words in answers to other questions.
    """

    pieces: list[Piece]
    facts: list[str] = field(default_factory=list)
    unread: str = ""
    outside: str = ""
    beside: str = ""

    @property
    def is_touched(self) -> bool:
        """Whether a student has worked on it."""
        answers = [p for p in self.pieces if p.cell is not None and p.cell.is_answer]
        return bool(self.outside or self.unread) or any(not p.is_untouched for p in answers)


def rebuild(template: Template, data: bytes) -> Rebuilt:
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
    submitted, facts = parse(data)
    taken = _Taken(template, facts)
    taken.take(submitted)
    rebuilt = Rebuilt(taken.pieces(), facts)
    if taken.unread:
        rebuilt.unread = taken.unread[0]
        facts[:0] = taken.unread[:3]
    _find_words(template, rebuilt)
    rebuilt.facts = facts[:50]
    return rebuilt


@dataclass
class _Taken:
    """What has been taken from the cells of one submission."""

    template: Template
    facts: list[str]
    answers: dict[int, Piece] = field(default_factory=dict)
    extras: dict[int, list[Piece]] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    room: int = ALL_CHARACTERS
    extra_count: int = 0
    anchor: int = -1

    def __post_init__(self) -> None:
        self.teachers = prose.Teachers(self.template)

    def take(self, submitted: list[dict[str, Any]]) -> None:
        """Take all that is the student's, cell by cell."""
        if len(submitted) == CELLS:
            self.unread.append(f"the notebook has {CELLS} cells or more; the rest were not read")
        matches = _match(self.template, submitted, self.facts)
        for number, cell in enumerate(submitted):
            if cell["cell_type"] == "markdown":
                _lift_pictures(cell)
            place = matches.get(number)
            if place is None:
                kind = cell["cell_type"] if cell["cell_type"] in {"code", "markdown"} else "raw"
                self._extra(Piece(None, kind, cell["source"], cell["attachments"]))
                continue
            self.anchor = place
            known = self.template.cells[place]
            if known.is_answer:
                self._answer(known, cell)
            elif cell["source"].strip() not in {known.release.strip(), ""}:
                if cell["as_released"] and known.grade_id:
                    continue
                self._changed(known, cell)

    def _answer(self, known: Cell, cell: dict[str, Any]) -> None:
        text = cell["source"]
        if len(text) > CELL_CHARACTERS:
            long = f"is longer than {CELL_CHARACTERS} characters and was not read"
            self.unread.append(f"cell {known.grade_id} {long}")
            text = ""
        if cell["cell_type"] != known.cell_type:
            self.facts.append(
                f"cell {known.grade_id} was turned into another type; read as {known.cell_type}"
            )
        self.room -= len(text)
        self.answers[known.place] = Piece(known, known.cell_type, text, cell["attachments"])

    def _changed(self, known: Cell, cell: dict[str, Any]) -> None:
        """Keep what a student wrote into one of the teacher's cells: it may be an answer."""
        text, code = cell["source"], known.cell_type == "code"
        if (
            not known.grade_id
        ):  # an unlocked cell of the teacher's that the student went on writing in
            self._extra(Piece(None, known.cell_type, text, cell["attachments"]))
            return
        self.facts.append(f"cell {known.grade_id} was changed; the teacher's text was used")
        find = prose.in_code if code else prose.in_text
        if find(text, self.teachers):
            kind = "raw" if code else "markdown"
            self._extra(Piece(None, kind, self.teachers.own(text), cell["attachments"]))

    def _extra(self, piece: Piece) -> None:
        if not piece.source.strip():
            return
        self.extra_count += 1
        self.room -= len(piece.source)
        if self.extra_count > EXTRA_CELLS or self.room < 0 or len(piece.source) > CELL_CHARACTERS:
            said = "there are more or longer extra cells than are read; the surplus was left out"
            self.unread += [] if said in self.unread else [said]
            return
        self.extras.setdefault(self.anchor, []).append(piece)

    def pieces(self) -> list[Piece]:
        """Return the teacher's notebook with all that was taken."""
        pieces = list(self.extras.get(-1, []))
        for place, known in enumerate(self.template.cells):
            piece = Piece(known, known.cell_type, known.master)
            if known.is_answer:
                if place not in self.answers:
                    self.facts.append(f"cell {known.grade_id} is missing")
                empty = "" if known.cell_type == "code" else known.release
                piece = self.answers.get(place, Piece(known, known.cell_type, empty))
            pieces += [piece, *self.extras.get(place, [])]
        return pieces


def _find_words(template: Template, rebuilt: Rebuilt) -> None:
    """Note a student's words that stand elsewhere than in the cell they answer."""
    teachers = prose.Teachers(template)
    outside, beside = [], []
    for piece in rebuilt.pieces:
        if not piece.is_students:
            continue
        if piece.cell is None:
            find = prose.in_code if piece.cell_type == "code" else prose.in_text
            outside.append(find(piece.source, teachers))
        elif piece.cell_type == "code":
            outside.append(prose.in_code(piece.source, teachers, prose.IN_ANSWER))
        elif not piece.is_untouched:
            beside.append(prose.in_text(piece.source, teachers))
    rebuilt.outside = prose.shown(" / ".join(filter(None, outside)))
    rebuilt.beside = prose.shown(" / ".join(filter(None, beside)))


_INLINE = r"data:image/(?:png|jpe?g);base64,([A-Za-z0-9+/=\s%]{20,})"


def _lift_pictures(cell: dict[str, Any]) -> None:
    """Turn pictures that are written out in a text, as some editors do, into attachments."""
    import re

    if "data:image/" not in cell["source"]:
        return
    attached = dict(cell["attachments"])

    def lift(found: re.Match[str]) -> str:
        name = f"inline-{len(attached) + 1}"
        attached[name] = {"image/png": found[1]}
        return f"attachment:{name}"

    cell["source"] = re.sub(_INLINE, lift, cell["source"])
    cell["attachments"] = attached


def _match(template: Template, submitted: list[dict[str, Any]], facts: list[str]) -> dict[int, int]:
    """Find the teacher's cells in a submission: by grade_id, then by cell id, then by equal text.

    Where an id occurs twice the last one counts, as in nbgrader, unless only an earlier one holds
    an answer.
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
                known, before = template.cells[place], submitted[taken[place]]["source"].strip()
                stub = {known.release.strip(), ""}
                if known.is_answer and cell["source"].strip() in stub and before not in stub:
                    facts.append(
                        f"cell {known.grade_id} occurs twice; the one with an answer counts"
                    )
                    continue
                facts.append(f"cell {known.grade_id} occurs twice; the last one counts")
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


__all__ = ["Piece", "Rebuilt", "UnreadableError", "rebuild"]
