"""What is marked by hand in an assignment, as the teacher's notebook has it.

Runs in the coordinator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from snrilab.classroom._gradebook import ClassroomError
from snrilab.grading import rubric

if TYPE_CHECKING:
    from snrilab.grading.course import Course


@dataclass(frozen=True)
class Question:
    """One thing that is marked by hand.

    Parameters
    ----------
    key : str
        ``notebook/grade_id``.
    title : str
        The heading above it.
    is_task : bool
        Whether it is answered in cells of the student's own.
    asked : list of str
        Text cells of the teacher's that ask it.
    model : str
        The teacher's own answer, without the items of the mark scheme.
    scheme : list of Item
        The items as they are written.
    teachers : frozenset of str
        Identities and texts of the teacher's cells, to know the student's own by.
    is_test : bool
        Whether it is a test whose points a person can give.
    answer : str
        Of a test the cell of the answer that it is about; there its comments stand.
    """

    key: str
    title: str
    is_task: bool
    asked: list[str]
    model: str
    scheme: list[rubric.Item]
    teachers: frozenset[str]
    is_test: bool = False
    answer: str = ""

    @property
    def commented(self) -> str:
        """Name of the cell that comments stand at."""
        return self.answer if self.is_test else self.cell

    @property
    def notebook(self) -> str:
        """Name of the notebook."""
        return self.key.partition("/")[0]

    @property
    def cell(self) -> str:
        """Name of the cell."""
        return self.key.partition("/")[2]


def questions_of(course: Course, assignment: str) -> list[Question]:
    """Return what is marked by hand in an assignment, in its order."""
    import nbformat

    folder = course.folder("source", ".", assignment)
    paths = sorted(folder.glob("*.ipynb")) if folder.is_dir() else []
    if not paths:
        raise ClassroomError(f"there is no teacher's notebook in {folder}.")
    found: list[Question] = []
    for path in paths:
        try:
            whole = nbformat.read(path, as_version=4)
        except Exception:  # noqa: BLE001 -- a file can be broken in many ways
            raise ClassroomError(f"{path} cannot be read as a notebook.") from None
        found += _in_notebook(path.stem, whole.cells)
    return found


def _in_notebook(notebook: str, cells: list[Any]) -> list[Question]:
    from snrilab.grading.feedback import redact

    known = {str(cell.get("id", "")) for cell in cells} - {""}
    known |= {cell.source.strip() for cell in cells}
    found: list[Question] = []
    asked: list[str] = []
    heading = ""
    for cell in cells:
        mark = cell.metadata.get("nbgrader", {})
        name = str(mark.get("grade_id", ""))
        task = bool(mark.get("task"))
        inside, outside = _parted(cell.source)
        if cell.cell_type == "markdown":
            lines = re.findall(r"(?m)^#{1,6}\s+(.+?)\s*#*$", "\n".join(outside))
            heading = re.sub(r"[*_`$]|<[^>]*>", "", lines[-1])[:80] if lines else heading
        if task or (mark.get("grade") and mark.get("solution")):
            teachers = "\n".join(inside) if inside else ("" if task else cell.source)
            if task or inside:
                asked = [*asked, redact("\n".join(outside)).strip()]
            found.append(
                Question(
                    key=f"{notebook}/{name}",
                    title=heading or name,
                    is_task=task,
                    asked=[text for text in asked if text],
                    model=rubric.without_items(teachers),
                    scheme=rubric.read_items(cell.source),
                    teachers=frozenset(known),
                )
            )
        asked = [*asked, cell.source] if cell.cell_type == "markdown" and not mark else []
    return found


def tests_of(course: Course, assignment: str, wanted: set[str]) -> list[Question]:
    """Return tests whose points a person gives, in their order.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    wanted : set of str
        Their keys, ``notebook/grade_id``.
    """
    from snrilab.classroom._report.questions import answers_with_tests

    found = []
    for template in course.templates(assignment) if wanted else []:
        known = {c.identity for c in template.cells} | {c.release.strip() for c in template.cells}
        known |= {c.master.strip() for c in template.cells}
        about = answers_with_tests(template)
        for cell in template.cells:
            key = f"{template.notebook}/{cell.grade_id}"
            if cell.role != "test" or key not in wanted:
                continue
            answer = about.get(str(cell.grade_id), "")
            found.append(
                Question(
                    key=key,
                    title=f"Test {cell.grade_id}",
                    is_task=False,
                    asked=[f"```python\n{cell.master}\n```"],
                    model="",
                    scheme=[],
                    teachers=frozenset(known),
                    is_test=True,
                    answer=answer,
                )
            )
    return found


def _parted(source: str) -> tuple[list[str], list[str]]:
    """Part a teacher's cell into what is hers alone and what students get."""
    inside: list[str] = []
    outside: list[str] = []
    hers = False
    for line in source.split("\n"):
        if re.search(r"BEGIN (SOLUTION|MARK SCHEME)", line):
            hers = True
        elif re.search(r"END (SOLUTION|MARK SCHEME)", line):
            hers = False
        else:
            (inside if hers else outside).append(line)
    return inside, outside
