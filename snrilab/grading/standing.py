"""How everybody's work stands in the gradebook: what was graded, what waits for a person.

Runs in the coordinator and in nbgrader's own process. Besides nbgrader's tables there is one more,
``snrilab_receipt``: it remembers what was graded with which tests.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from snrilab.grading.course import Course

NAME = 128
RECEIPTS = sa.Table(
    "snrilab_receipt",
    sa.MetaData(),
    sa.Column("assignment", sa.String(NAME), primary_key=True),
    sa.Column("student", sa.String(NAME), primary_key=True),
    sa.Column("submission", sa.String(64), nullable=False),
    sa.Column("template", sa.String(64), nullable=False),
    sa.Column("engine", sa.String(16), nullable=False),
    sa.Column("graded_at", sa.DateTime, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("verdicts", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("misconceptions", sa.Text, nullable=False),
)


def read_verdicts(text: str) -> dict[str, list[dict[str, Any]]] | None:
    """Return the verdicts of a receipt by notebook; None when it is broken."""
    with contextlib.suppress(ValueError, TypeError, AttributeError, RecursionError):
        read = json.loads(text)
        if all(
            {"grade_id", "score", "points", "reason"} <= v.keys()
            for listed in read.values()
            for v in listed
        ):
            return dict(read)
    return None


def read_list(text: str) -> list[str] | None:
    """Return the facts of a receipt; None when it is broken."""
    with contextlib.suppress(ValueError, TypeError, RecursionError):
        read = json.loads(text)
        if isinstance(read, list) and all(isinstance(fact, str) for fact in read):
            return read
    return None


def is_left(auto: float | None, manual: float | None, *, flagged: bool | None) -> bool:
    """Whether a graded cell waits for a person: without points, or with points of other work.

    Every count of what is left is made with this one rule: table of grades, feedback, report,
    marking page and what `snrilab grade` says.

    Parameters
    ----------
    auto, manual : float or None
        Points by machine and by hand.
    flagged : bool or None
        The gradebook's ``needs_manual_grade``.

    Examples
    --------
    >>> is_left(None, None, flagged=False), is_left(None, 7.0, flagged=False)
    (True, False)
    >>> is_left(3.0, 7.0, flagged=True)
    True
    """
    return bool(flagged) or (auto is None and manual is None)


@dataclass
class Standing:
    """How somebody's work stands in the gradebook.

    Parameters
    ----------
    score : float
        Points by machine and by hand, before what lateness costs.
    late : float
        Points that lateness costs.
    waiting : dict
        Cells that wait for a person, ``notebook/grade_id`` to points.
    """

    score: float = 0.0
    late: float = 0.0
    waiting: dict[str, float] = field(default_factory=dict)


def standings(course: Course, assignment: str) -> dict[str, Standing]:
    """Return how everybody's work stands who has been graded.

    Parameters
    ----------
    course : Course
        The course folder.
    assignment : str
        Name of the assignment.
    """
    from nbgrader import api

    grade, base, own = (t.__table__ for t in (api.Grade, api.BaseCell, api.SubmittedNotebook))
    notebook, work = api.Notebook.__table__, api.SubmittedAssignment.__table__
    whole = api.Assignment.__table__
    query = (
        sa.select(grade, work.c.student_id, notebook.c.name.label("notebook"), base.c.name)
        .join(base, base.c.id == grade.c.cell_id)
        .join(own, own.c.id == grade.c.notebook_id)
        .join(notebook, notebook.c.id == own.c.notebook_id)
        .join(work, work.c.id == own.c.assignment_id)
        .join(whole, whole.c.id == work.c.assignment_id)
        .where(whole.c.name == assignment)
    )
    costs = (
        sa.select(work.c.student_id, sa.func.sum(own.c.late_submission_penalty).label("cost"))
        .join(work, work.c.id == own.c.assignment_id)
        .join(whole, whole.c.id == work.c.assignment_id)
        .where(whole.c.name == assignment)
        .group_by(work.c.student_id)
    )
    found: dict[str, Standing] = {}
    engine = sa.create_engine(course.db_url)
    try:
        with engine.connect() as connection:
            most = {
                row.id: float(row.max_score or 0.0)
                for kind in (api.GradeCell.__table__, api.TaskCell.__table__)
                for row in connection.execute(sa.select(kind.c.id, kind.c.max_score))
            }
            for row in connection.execute(query):
                one = found.setdefault(row.student_id, Standing())
                given = row.manual_score if row.manual_score is not None else row.auto_score
                one.score += (given or 0.0) + (row.extra_credit or 0.0)
                if is_left(row.auto_score, row.manual_score, flagged=row.needs_manual_grade):
                    one.waiting[f"{row.notebook}/{row.name}"] = most.get(row.cell_id, 0.0)
            for row in connection.execute(costs):
                if row.student_id in found:
                    found[row.student_id].late = min(row.cost or 0.0, found[row.student_id].score)
    finally:
        engine.dispose()
    return found
