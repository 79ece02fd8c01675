"""An assignment's questions in its own order: an answer, and all the tests that are about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from snrilab.grading.course import CourseError

if TYPE_CHECKING:
    from snrilab.grading.course import Course
    from snrilab.grading.template import Cell, Template


@dataclass(frozen=True)
class Part:
    """One graded cell.

    Parameters
    ----------
    kind : {"test", "manual", "task"}
        Tests give points by machine, the others by hand.
    """

    notebook: str
    name: str
    points: float
    kind: str = "test"

    @property
    def key(self) -> str:
        """The cell's name in the whole assignment."""
        return f"{self.notebook}/{self.name}"


@dataclass
class Question:
    """One answer with the tests that are about it; they stand and fall together.

    Parameters
    ----------
    answer : str
        The answer's cell as ``notebook/name``; empty where a task is answered anywhere.
    heading : str
        The heading above it.
    functions : tuple of str
        Functions that the answer defines.
    """

    name: str
    answer: str = ""
    heading: str = ""
    parts: list[Part] = field(default_factory=list)
    functions: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """Points of all its parts."""
        return sum(part.points for part in self.parts)

    @property
    def by_hand(self) -> bool:
        """Whether a person marks it."""
        return all(part.kind != "test" for part in self.parts)


def questions_of(course: Course, assignment: str, parts: list[Part]) -> list[Question]:
    """Return the questions in the teacher's order; by name where the notebooks are not at hand.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    parts : list of Part
        The graded cells that the gradebook knows; what the notebooks lack comes last.
    """
    known = {part.key: part for part in parts}
    found: list[Question] = []
    try:
        for template in course.templates(assignment):
            found += _in_order(template, known)
    except CourseError:
        pass
    placed = {part.key for question in found for part in question.parts}
    found += [
        Question(part.name, part.key, parts=[part]) for key, part in known.items()
        if key not in placed
    ]  # fmt: skip
    return found


def lessons_of(course: Course, assignment: str) -> list[str]:
    """Return the lessons that an assignment names in its text; none where it is not at hand.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    """
    try:
        cells = [cell for template in course.templates(assignment) for cell in template.cells]
    except CourseError:
        return []
    return lessons_named("\n".join(c.release for c in cells if c.cell_type == "markdown"))


def lessons_named(text: str) -> list[str]:
    """Return the lessons that a text names, each once.

    Examples
    --------
    >>> lessons_named("**Know first:** lesson 03 and lesson 04; lessons 06 to 08, 11 and 12.")
    ['03', '04', '06', '07', '08', '11', '12']
    """
    found: list[str] = []
    for listed in _LISTED.findall(text):
        for first, last in re.findall(r"(\d\d)(?:\s*(?:to|-|–)\s*(\d\d))?", listed):
            found += [f"{n:02d}" for n in range(int(first), int(last or first) + 1)]
    return list(dict.fromkeys(found))


_LISTED = re.compile(r"(?i)\blessons?((?:\s*(?:,|and|to|or|-|–)?\s*\b\d\d\b)+)")


def _in_order(template: Template, known: dict[str, Part]) -> list[Question]:
    questions: dict[str, Question] = {}
    answers: list[tuple[Cell, str]] = []
    heading = ""
    for cell in template.cells:
        if cell.cell_type == "markdown":
            heading = _heading(cell.release) or heading
        if cell.role == "solution" and cell.grade_id:
            answers.append((cell, heading))
        key = f"{template.notebook}/{cell.grade_id}"
        if cell.role not in {"test", "manual", "task"} or key not in known:
            continue
        part = Part(template.notebook, str(cell.grade_id), known[key].points, cell.role)
        about = _about(template, cell, answers) if cell.role == "test" else None
        if about is None:
            answer = "" if cell.role == "task" else key
            questions[key] = Question(part.name, answer, heading, [part])
            continue
        asked, above = about
        name = str(asked.grade_id)
        mine = questions.setdefault(
            name,
            Question(
                name, f"{template.notebook}/{name}", above, [],
                tuple(sorted(asked.names.functions)),
            ),
        )  # fmt: skip
        mine.parts.append(part)
    return list(questions.values())


def answers_with_tests(template: Template) -> dict[str, str]:
    """Return for each test of a notebook the answer that it is about.

    Parameters
    ----------
    template : Template
        The teacher's notebook.
    """
    answers: list[tuple[Cell, str]] = []
    found = {}
    for cell in template.cells:
        if cell.role == "solution" and cell.grade_id:
            answers.append((cell, ""))
        elif cell.role == "test" and (about := _about(template, cell, answers)):
            found[str(cell.grade_id)] = str(about[0].grade_id)
    return found


def _about(
    template: Template, test: Cell, answers: list[tuple[Cell, str]]
) -> tuple[Cell, str] | None:
    """Return the answer that a test is about: the last one before it whose names it uses.

    A test that uses none, as of a file that was to be written, is about the last one before it.
    """
    for cell, heading in reversed(answers):
        if template.answered_in(cell) & test.names.uses:
            return cell, heading
    return answers[-1] if answers else None


def _heading(text: str) -> str:
    r"""Return the last heading in a text, without its marks and what stands in brackets behind it.

    Examples
    --------
    >>> _heading("Words.\n\n## 4 From IC50 to *Ki* (4 points)\n\nMore words.")
    '4 From IC50 to Ki'
    """
    lines = re.findall(r"(?m)^#{1,6}\s+(.+?)\s*#*$", re.sub(r"(?s)```.*?```", "", text))
    if not lines:
        return ""
    plain = re.sub(r"[*_`$]|<[^>]*>", "", lines[-1])
    return re.sub(r"\s*\([^()]*points?[^()]*\)\s*$", "", plain)[:90]
