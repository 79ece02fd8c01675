"""What the grading tests share: can this machine build the jail, how to grade, what came out."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("nbgrader", reason="grading needs nbgrader: pip install 'snrilab[classroom]'")

from snrilab.grading.classrun import Outcome, Plan, grade_class
from snrilab.grading.course import open_course
from snrilab.grading.jail import missing_walls
from snrilab.grading.limits import Budget
from snrilab.grading.proof_process import prove_apart
from tests import kernels
from tests.conftest import ROOT, skip_or_fail
from tests.grading import warm
from tools.gate import Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snrilab.grading.gradebook import Graded
    from snrilab.grading.proof import Proof

FEW = 4  # submissions that one worker grades sooner than several get ready


@pytest.fixture(scope="module")
def desk(request: pytest.FixtureRequest) -> Desk:
    """The assignment that a file of tests is about: its `ASSIGNMENT`."""
    return Desk(request.module.ASSIGNMENT)


@pytest.fixture
def there(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be where the table of cases lies."""
    monkeypatch.chdir(ROOT / "source" / request.module.ASSIGNMENT)


def words(desk: Desk, cell: str) -> str:
    """Return the text of a cell as the teacher has it, in one line."""
    [text] = [c.reference for c in desk.template.cells if c.identity == cell]
    return re.sub(r"\s+", " ", text)


@pytest.fixture(scope="session")
def jail() -> None:
    """Skip where no jail can be built."""
    why = missing_walls()
    if why:
        skip_or_fail(f"students' code cannot be kept in a jail here: {why}")


def grade_here(
    root: Path,
    assignment: str,
    *,
    cell_s: float = 20,
    submission_s: float = 90,
    cold: bool = False,
    **plan: Any,
) -> Outcome:
    """Grade a course folder as `snrilab grade` does; `cold`, with workers started from nothing."""
    budget = Budget(cell_s, submission_s, plan.pop("wide", 1.5))
    course = open_course(root, plan.pop("db", None))
    if len(course.students(assignment)) < FEW:
        plan.setdefault("workers", 1)
    with pytest.MonkeyPatch.context() as patch:
        if not cold:
            patch.setattr("snrilab.grading.worker_pool.COMMAND", tuple(warm.worker()))
        return grade_class(course, assignment, Plan(budget=budget, **plan))


_proofs: dict[str, Proof] = {}  # by the digest of a notebook's tests and answers


def as_released(root: Path, assignment: str) -> Path:
    """Note in a course folder what releasing an assignment notes: where each of its tests runs.

    Otherwise each run proves the answer key and the release anew before it grades anybody.
    """
    course = open_course(root)
    for template in course.templates(assignment):
        if template.digest not in _proofs:
            with pytest.MonkeyPatch.context() as patch:
                command = (*warm.worker(), warm.PROVES)
                patch.setattr("snrilab.grading.proof_process.COMMAND", command)
                [_proofs[template.digest]] = prove_apart([template], 0)
        course.note_proof(template, _proofs[template.digest])
    return root


def nbgrader(
    root: Path, *steps: Sequence[str], seconds: float = 600, cold: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run `nbgrader` in a course folder, step by step until one fails.

    Its engine and its kernels are ones that are ready; `cold`, ones that are started from nothing.
    """
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    if not cold:
        environment[warm.ENGINE] = json.dumps(warm.worker())
        environment |= kernels.warm()
    return subprocess.run(
        [*warm.nbgrader(), json.dumps(steps)],
        cwd=root, check=False, capture_output=True, text=True, timeout=seconds, env=environment,
    )  # fmt: skip


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
