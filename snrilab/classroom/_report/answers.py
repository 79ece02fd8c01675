"""The text of everybody's answers: of solution cells alone, as the autograded notebooks hold it."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from snrilab.grading.classrun import read_submitted
from snrilab.grading.course import CourseError
from snrilab.grading.misconceptions import exercises_of
from snrilab.grading.names import python

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.classroom._report.record import Record
    from snrilab.grading.course import Course
    from snrilab.grading.template import Template

LARGEST = 40 * 2**20  # bytes of one autograded notebook that is still read
LONGEST = 60_000  # characters of one answer that are compared
ELSEWHERE = "other cells"


@dataclass(frozen=True)
class Answer:
    """One answer of one student.

    Parameters
    ----------
    place : str
        ``notebook/name`` of its cell.
    is_code : bool
        Code, or words.
    """

    place: str
    is_code: bool
    text: str


@dataclass
class Work:
    """Everybody's answers, and what is everybody's: the template and the teacher's own answers.

    Parameters
    ----------
    answers : dict
        Student to answers, without those that were left as they were handed out.
    base_code, base_words : list of str
        The teacher's texts: what stands in them is nobody's own.
    stub_code, stub_words : str
        What students were given.
    files : dict
        Student to a fingerprint of what was handed in, without outputs.
    personal : set of str
        Names to which each student gives a value of their own, such as an id.
    """

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    base_code: list[str] = field(default_factory=list)
    base_words: list[str] = field(default_factory=list)
    stub_code: str = ""
    stub_words: str = ""
    files: dict[str, str] = field(default_factory=dict)
    personal: set[str] = field(default_factory=set)


def work_of(course: Course, record: Record) -> Work:
    """Return the answers of a class.

    Parameters
    ----------
    course : Course
        The course.
    record : Record
        The assignment.
    """
    work = Work()
    try:
        templates = course.templates(record.assignment)
    except CourseError:
        return work
    _teachers(work, templates, record.assignment)
    for one in record.judged:
        answers: list[Answer] = []
        folder = course.folder("autograded", one.id, record.assignment)
        for template in templates:
            answers += _answers(folder / f"{template.notebook}.ipynb", template)
        if answers:
            work.answers[one.id] = answers
    for one in record.students:
        if one.submitted and (one.id in work.answers or one.unreadable):
            _file(work, course, record.assignment, one.id, templates)
    return work


def _file(
    work: Work, course: Course, assignment: str, student: str, templates: list[Template]
) -> None:
    try:
        handed_in = read_submitted(course, assignment, student, templates)
    except (OSError, ValueError):
        return
    if handed_in.notebooks:
        parts = b"\0".join(
            name.encode() + b"\0" + data for name, data in sorted(handed_in.notebooks.items())
        )
        work.files[student] = hashlib.sha256(parts).hexdigest()


def _teachers(work: Work, templates: list[Template], assignment: str) -> None:
    """Take what is the teacher's: every cell in each of its forms, and other right answers."""
    for template in templates:
        for cell in template.cells:
            into = work.base_code if cell.cell_type == "code" else work.base_words
            into += list(dict.fromkeys((cell.release, cell.master, cell.reference)))
            if cell.cell_type == "code" and not cell.is_answer:
                work.personal |= _personal(cell.release)
        stubs = [cell for cell in template.cells if cell.is_answer]
        for is_code in (True, False):
            texts = [cell.release for cell in stubs if (cell.cell_type == "code") is is_code]
            if is_code:
                work.stub_code += "\n\n".join(texts) + "\n"
            else:
                work.stub_words += "\n\n".join(texts) + "\n"
    for exercise in exercises_of(assignment).values():
        work.base_code += [exercise.code(text) for text in exercise.also_right]


def _personal(source: str) -> set[str]:
    """Return the names that a teacher's cell takes for somebody's own id: `own_case(NAME, …)`."""
    try:
        tree = ast.parse(python(source))
    except (SyntaxError, ValueError, RecursionError):
        return set()
    return {
        node.args[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "own_case"
        and node.args
        and isinstance(node.args[0], ast.Name)
    }


def _answers(path: Path, template: Template) -> list[Answer]:
    """Read the answers of one autograded notebook; what cannot be read has none."""
    try:
        if path.stat().st_size > LARGEST:
            return []
        cells = json.loads(path.read_text("utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
    known = {cell.grade_id: cell for cell in template.cells if cell.grade_id}
    own = {cell.identity for cell in template.cells}
    found = []
    for raw in cells if isinstance(cells, list) else []:
        if not isinstance(raw, dict):
            continue
        text = raw.get("source", "")
        text = "".join(map(str, text)) if isinstance(text, list) else str(text)
        mark = raw.get("metadata")
        mark = mark.get("nbgrader") if isinstance(mark, dict) else None
        cell = known.get(str(mark.get("grade_id"))) if isinstance(mark, dict) else None
        is_code = raw.get("cell_type") == "code"
        if cell is not None and cell.is_answer:
            place = f"{template.notebook}/{cell.grade_id}"
            untouched = text.strip() in {cell.release.strip(), cell.master.strip(), ""}
        else:
            place = f"{template.notebook}/{ELSEWHERE}"
            untouched = cell is not None or raw.get("id") in own or not text.strip()
        if not untouched:
            found.append(Answer(place, is_code, text[:LONGEST]))
    return found


def without_personal(text: str, names: set[str]) -> str:
    """Blank what is given to a personal name, so that two ids make no difference.

    Examples
    --------
    >>> without_personal('student_id = "s17"  # mine', {"student_id"})
    'student_id = "..."  # mine'
    """
    known = "|".join([_OF_A_PERSON, *map(re.escape, sorted(names))])
    value = r"\"[^\"\n]*\"|'[^'\n]*'|[\w.]+"
    return re.sub(rf"(?mi)^(\s*(?:{known})\s*=\s*)(?:{value})", r'\1"..."', text)


# Names of what belongs to one person, in any assignment.
_OF_A_PERSON = r"\w*student\w*|\w*matri[ck]\w*|\w*e_?mail\w*|(?:my|own|first|last)_?name"
