"""What the grading tests share: can this machine build the jail, how to grade, what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("nbgrader", reason="grading needs nbgrader: pip install 'snrilab[classroom]'")

from snrilab.grading.classrun import Outcome, Plan, grade_class
from snrilab.grading.course import open_course
from snrilab.grading.jail import missing_walls
from snrilab.grading.limits import Budget
from tests.conftest import skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.grading.gradebook import Graded


@pytest.fixture(scope="session")
def jail() -> None:
    """Skip where no jail can be built."""
    why = missing_walls()
    if why:
        skip_or_fail(f"students' code cannot be kept in a jail here: {why}")


def grade_here(
    root: Path, assignment: str, *, cell_s: float = 20, submission_s: float = 90, **plan: Any
) -> Outcome:
    """Grade a course folder as `snrilab grade` does."""
    budget = Budget(cell_s, submission_s, plan.pop("wide", 1.5))
    db = plan.pop("db", None)
    return grade_class(open_course(root, db), assignment, Plan(budget=budget, **plan))


def scores_of(root: Path, assignment: str, db: str | None = None) -> dict[str, float]:
    """Return every student's score as nbgrader's own gradebook has it."""
    from nbgrader.api import Gradebook

    url = open_course(root, db).db_url
    with Gradebook(url) as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(assignment)}


def verdicts(graded: Graded) -> dict[str, tuple[float, str]]:
    """Return the points and the reason for each graded cell of one notebook."""
    [result] = graded.notebooks.values()
    return {v["grade_id"]: (v["score"], v["reason"]) for v in result["verdicts"]}


def write_course(
    root: Path, sources: dict[str, str], submissions: dict[str, dict[str, bytes]]
) -> Path:
    """Write a course folder: teacher's notebooks, and submissions by student and assignment."""
    for name, source in sources.items():
        folder = root / "source" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_text(source)
    for student, works in submissions.items():
        for name, data in works.items():
            folder = root / "submitted" / student / name
            folder.mkdir(parents=True)
            (folder / f"{name}.ipynb").write_bytes(data)
    return root
