"""Honest work gets exactly the points of stock nbgrader, cell by cell."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.grading import assignments, corpus
from tests.grading.conftest import grade_here, nbgrader, scores_of, write_course
from tests.grading.stock_equivalent import stock_scores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
COUNT = {"receptor": 100, "cohort": 104}
# The whole corpus takes minutes: `make corpus` grades it, `make test` every fourth of it.
STEP = 1 if os.environ.get("SNRILAB_WHOLE_CORPUS") == "1" else 4
SAMPLE = 5  # 1.9 s each


def class_of(root: Path, assignment: str, works: Sequence[bytes]) -> Path:
    submissions = {f"s{n:03d}": {assignment: work} for n, work in enumerate(works)}
    return write_course(root, {assignment: assignments.ALL[assignment]()}, submissions)


@pytest.mark.parametrize("assignment", COUNT)
def test_same_points_cell_by_cell(jail: None, tmp_path: Path, assignment: str) -> None:
    works = corpus.submissions(assignment, COUNT[assignment])[::STEP]
    outcome = grade_here(class_of(tmp_path, assignment, works), assignment, diagnose=False)
    assert outcome.failed == {}
    source = assignments.ALL[assignment]()
    different, kinder = [], 0
    for graded in outcome.graded:
        work = works[int(graded.student[1:])]
        expected = stock_scores(source, work)
        for verdict in graded.notebooks[assignment]["verdicts"]:
            if verdict["grade_id"] not in expected:
                continue
            score, only_a_warning = expected[verdict["grade_id"]]
            if verdict["score"] != score:
                if only_a_warning and score == 0:
                    kinder += 1
                else:
                    different.append((graded.student, verdict, score))
    assert different == []
    assert kinder <= 3, "warnings cost points in stock nbgrader; they must stay rare in this corpus"
    assert (
        len(
            {
                sum(v["score"] or 0 for v in g.notebooks[assignment]["verdicts"])
                for g in outcome.graded
            }
        )
        > 4
    )


@pytest.mark.parametrize("assignment", COUNT)
def test_same_points_as_stock_itself(jail: None, tmp_path: Path, assignment: str) -> None:
    """The stand-in above is itself held against stock nbgrader, kernel and all."""
    works = corpus.submissions(assignment, COUNT[assignment])
    step = len(works) // SAMPLE
    root = class_of(tmp_path, assignment, works[::step][:SAMPLE])
    done = nbgrader(root, ["generate_assignment", assignment], ["autograde", assignment])
    assert done.returncode == 0, done.stderr
    stock = scores_of(root, assignment)
    source = assignments.ALL[assignment]()
    stand_in = {
        f"s{n:03d}": sum(score or 0 for score, _ in stock_scores(source, work).values())
        for n, work in enumerate(works[::step][:SAMPLE])
    }
    assert stock == stand_in
    grade_here(root, assignment, force=True)
    assert scores_of(root, assignment) == stock
