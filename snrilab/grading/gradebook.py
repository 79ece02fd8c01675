"""Write grades into nbgrader's gradebook: one transaction for one submission.

Runs in the coordinator, the only process that writes.

The tables are nbgrader's own. One more (`standing`) remembers what was graded with which tests, so
that the same command goes on where it stopped and the class report has its facts.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import sqlalchemy as sa

from snrilab.grading.lateness import late_cost, late_rule
from snrilab.grading.scoring import ENGINE
from snrilab.grading.standing import RECEIPTS, read_list, read_verdicts
from snrilab.grading.times import read_replies, seconds_late

if TYPE_CHECKING:
    from collections.abc import Callable

    from snrilab.grading.course import Course
    from snrilab.grading.template import Template

TRIES = 5

# A broken connection, a busy database, or another grader that wrote the same row a moment before;
# nbgrader's own calls report all of them as InvalidEntry.
_BROKEN = (sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.IntegrityError, ValueError)


class GradebookError(RuntimeError):
    """The gradebook cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Graded:
    """One submission's outcome, ready to be written."""

    student: str
    submission: str
    template: str
    timestamp: datetime | None
    notebooks: dict[str, dict[str, Any]]
    facts: list[str]
    seconds: float
    held: list[str] = field(default_factory=list)  # why a machine must not decide

    @property
    def score(self) -> float:
        """Points earned so far, without what waits for a person."""
        return float(sum(v["score"] or 0.0 for r in self.notebooks.values() for v in r["verdicts"]))

    @property
    def points(self) -> float:
        """Points possible."""
        return float(sum(v["points"] for r in self.notebooks.values() for v in r["verdicts"]))


class Writer:
    """The one place that writes to the gradebook.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self.course = course
        self.assignment = assignment
        try:
            self.engine = _engine_that_stays(course.db_url) or sa.create_engine(
                course.db_url, pool_pre_ping=True
            )
        except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
            raise GradebookError(f"the gradebook's URL cannot be used: {error}") from None
        self._cells: dict[str, dict[str, dict[str, str]]] = {}
        self._ids: dict[str, str] = {}
        self._assignment_id = ""
        self._duedate: datetime | None = None
        self._replies = read_replies(course.root, assignment)
        self._penalty, self._rule = late_rule(course.config)

    def open(self, templates: list[Template]) -> None:
        """Make sure the gradebook knows the assignment's cells, and read their ids."""
        self._with_patience(lambda: self._open(templates))
        missing = self._missing(templates)
        if missing:
            raise GradebookError(f"the gradebook lacks the cells {', '.join(missing)}.")

    def reopen(self, templates: list[Template]) -> None:
        """Read again the ids of what `open` has written; where it is gone, write it again."""
        self._cells, self._ids = {}, {}
        with (
            contextlib.suppress(sa.exc.SQLAlchemyError),
            self.engine.connect() as connection,
        ):
            self._read_ids(connection)
        if self._missing(templates):
            self.open(templates)

    def _missing(self, templates: list[Template]) -> list[str]:
        """Return the graded cells that the gradebook does not know."""
        known = {name: kinds["grade"] | kinds["task"] for name, kinds in self._cells.items()}
        return [
            f"{t.notebook}/{c.grade_id}"
            for t in templates
            for c in t.graded
            if c.grade_id not in known.get(t.notebook, {})
        ]

    def _open(self, templates: list[Template]) -> None:
        self._register(templates)
        RECEIPTS.create(self.engine, checkfirst=True)
        with self.engine.connect() as connection:
            self._read_ids(connection)

    def _register(self, templates: list[Template]) -> None:
        """Write the teacher's cells as `nbgrader generate_assignment` does."""
        from nbgrader.api import Gradebook
        from nbgrader.preprocessors import SaveCells

        create_tables(self.engine)
        with Gradebook(self.course.db_url, self.course.course_id) as gradebook:
            gradebook.update_or_create_assignment(self.assignment)
        for template in templates:
            resources = {
                "nbgrader": {
                    "notebook": template.notebook,
                    "assignment": self.assignment,
                    "db_url": self.course.db_url,
                }
            }
            try:
                SaveCells().preprocess(_master(template), resources)
            except RuntimeError as error:
                raise GradebookError(
                    f"{error}. The teacher's notebook has gained or lost graded cells since "
                    "students were graded; give it a new name, or remove the old submissions."
                ) from None

    def _read_ids(self, connection: sa.Connection) -> None:
        from nbgrader import api

        assignment = api.Assignment.__table__
        row = connection.execute(
            sa.select(assignment.c.id, assignment.c.duedate).where(
                assignment.c.name == self.assignment
            )
        ).one()
        self._assignment_id, self._duedate = row.id, row.duedate
        notebook, base = api.Notebook.__table__, api.BaseCell.__table__
        for found in connection.execute(
            sa.select(notebook.c.id, notebook.c.name).where(
                notebook.c.assignment_id == self._assignment_id
            )
        ):
            self._ids[found.name] = found.id
            cells: dict[str, dict[str, str]] = {"grade": {}, "solution": {}, "task": {}}
            for cell in connection.execute(
                sa.select(base.c.id, base.c.name, base.c.type).where(base.c.notebook_id == found.id)
            ):
                for kind, table in cells.items():
                    if cell.type.lower().startswith(kind):
                        table[cell.name] = cell.id
            self._cells[found.name] = cells

    def receipts(self) -> dict[str, tuple[str, str, str, str]]:
        """Return who was graded: student to fingerprints of submission, tests, engine, lateness.

        A receipt that cannot be read is none: its submission is graded once more.
        """
        columns = (
            RECEIPTS.c.student,
            RECEIPTS.c.submission,
            RECEIPTS.c.template,
            RECEIPTS.c.engine,
            RECEIPTS.c.verdicts,
            RECEIPTS.c.facts,
        )
        found = {}
        with self.engine.connect() as connection:
            rows = connection.execute(
                sa.select(*columns).where(RECEIPTS.c.assignment == self.assignment)
            )
            for row in rows:
                verdicts = read_verdicts(row.verdicts)
                if verdicts is not None and read_list(row.facts) is not None:
                    engine, _, late = row.engine.partition(" ")
                    found[row.student] = (row.submission, row.template, engine, late)
        return found

    def lateness(self) -> dict[str, str]:
        """Return a fingerprint of each student's deadline and of the course's rule for late work.

        A change of any of them is a reason to grade again.
        """
        from nbgrader import api

        table = api.SubmittedAssignment.__table__
        found: dict[str, str] = {}
        with self.engine.connect() as connection:
            for row in connection.execute(
                sa.select(table.c.student_id, table.c.extension).where(
                    table.c.assignment_id == self._assignment_id
                )
            ):
                found[row.student_id] = self._late_mark(row.extension)
        return found

    def _late_mark(self, extension: timedelta | None) -> str:
        due = "" if self._duedate is None else str(self._duedate + (extension or timedelta()))
        return hashlib.sha256(f"{due}|{self._rule}".encode()).hexdigest()[:12]

    def write(self, graded: Graded) -> None:
        """Write one submission's grades, comments, penalty and receipt, or nothing of it."""
        self._with_patience(lambda: self._write(graded))

    def _with_patience(self, work: Callable[[], None]) -> None:
        """Try again when the connection broke or the database was busy; a try is all or nothing."""
        from nbgrader.api import InvalidEntry

        for attempt in range(1, TRIES + 1):
            try:
                work()
            except (sa.exc.DBAPIError, InvalidEntry) as error:
                broken = isinstance(error, _BROKEN) or getattr(
                    error, "connection_invalidated", False
                )
                if not broken or attempt == TRIES:
                    why = str(getattr(error, "orig", None) or error).strip()
                    raise GradebookError(f"the gradebook cannot be used: {why}") from None
                time.sleep(0.2 * 2**attempt)
            else:
                return

    def _write(self, graded: Graded) -> None:
        do = _statements()
        with self.engine.begin() as connection:
            mine = {"b_assignment": self._assignment_id, "b_student": graded.student}
            row = connection.execute(do.submission, mine).one_or_none()
            if row is None:
                self._student(connection, graded.student)
                submission_id, extension = uuid4().hex, None
                new = {
                    "id": submission_id,
                    "assignment_id": self._assignment_id,
                    "student_id": graded.student,
                    "timestamp": graded.timestamp,
                }
                connection.execute(do.add_submission, new)
            else:
                submission_id, extension = row.id, row.extension
                change = {"b_id": submission_id, "b_timestamp": graded.timestamp}
                connection.execute(do.change_submission, change)
            due = self._duedate
            late = seconds_late(self._replies, graded.student, graded.timestamp, due, extension)
            receipt = {"b_assignment": self.assignment, "b_student": graded.student}
            old = connection.execute(do.receipt, receipt).one_or_none()
            self._texts = self._marked_texts(old, graded)
            for name in self._ids:
                self._notebook(connection, submission_id, name, graded, late)
            self._receipt(connection, old, graded, self._late_mark(extension))

    def _marked_texts(self, old: Any, graded: Graded) -> dict[str, Any]:
        """Return what the last receipt says about each cell: its text and its automatic points."""
        self._is_same = old is not None and old.submission == graded.submission
        verdicts = (read_verdicts(old.verdicts) if old is not None else None) or {}
        return {
            f"{name}/{v['grade_id']}": (v.get("text", ""), v["score"])
            for name, listed in verdicts.items()
            for v in listed
        }

    def _is_settled(self, name: str, grade_id: str, verdict: dict[str, Any], before: Any) -> bool:
        """Whether a person's marks stand: given on this very text, and not waiting before."""
        if before is None or before.manual_score is None or before.needs_manual_grade:
            return False
        text, score = verdict.get("text", ""), verdict["score"]
        then = self._texts.get(f"{name}/{grade_id}")
        if then is None or then[1] != score:
            return False
        # Without a text of its own it was given for this very work, and for no other.
        return bool(then[0] == text if text and then[0] else self._is_same)

    def _student(self, connection: sa.Connection, student: str) -> None:
        do = _statements()
        if connection.execute(do.student, {"b_id": student}).first() is None:
            connection.execute(do.add_student, {"id": student})

    def _notebook(
        self, connection: sa.Connection, submission_id: str, name: str, graded: Graded, late: float
    ) -> None:
        do = _statements()
        mine = {"b_submission": submission_id, "b_notebook": self._ids[name]}
        row = connection.execute(do.notebook, mine).one_or_none()
        notebook_id = row.id if row is not None else uuid4().hex
        if row is None:
            added = {
                "id": notebook_id,
                "assignment_id": submission_id,
                "notebook_id": self._ids[name],
                "flagged": False,
            }
            connection.execute(do.add_notebook, added)
        result = graded.notebooks.get(name)
        if result is None and row is not None:
            return
        new = row is None
        score = self._grades(connection, notebook_id, name, result, new=new)
        self._comments(connection, notebook_id, name, result, new=new)
        penalty = late_cost(self._penalty, graded.student, score, late)
        if penalty != (row.late_submission_penalty if row is not None else None):
            connection.execute(do.change_penalty, {"b_id": notebook_id, "b_penalty": penalty})

    def _grades(
        self,
        connection: sa.Connection,
        notebook_id: str,
        name: str,
        result: dict[str, Any] | None,
        *,
        new: bool,
    ) -> float:
        """Write the automatic points of each graded cell; a person's points stay."""
        do = _statements()
        old = {} if new else _by_cell(connection, do.grades, notebook_id)
        verdicts = {v["grade_id"]: v for v in result["verdicts"]} if result else {}
        added, changed, total = [], [], 0.0
        cells = self._cells[name]
        for grade_id, cell_id in (cells["grade"] | cells["task"]).items():
            auto = verdicts[grade_id]["score"] if grade_id in verdicts else None
            before = old.get(cell_id)
            manual = before.manual_score if before is not None else None
            extra = (before.extra_credit if before is not None else None) or 0.0
            by_hand = manual is not None or auto is None
            if grade_id in verdicts and self._is_settled(
                name, grade_id, verdicts[grade_id], before
            ):
                by_hand = False
            if before is None:
                added.append(
                    {
                        "id": uuid4().hex,
                        "cell_id": cell_id,
                        "notebook_id": notebook_id,
                        "auto_score": auto,
                        "needs_manual_grade": by_hand,
                    }
                )
            elif (before.auto_score, before.needs_manual_grade) != (auto, by_hand):
                changed.append({"b_id": before.id, "b_auto": auto, "b_by_hand": by_hand})
            total += (manual if manual is not None else auto or 0.0) + extra
        if added:
            connection.execute(do.add_grades, added)
        if changed:
            connection.execute(do.change_grades, changed)
        return total

    def _comments(
        self,
        connection: sa.Connection,
        notebook_id: str,
        name: str,
        result: dict[str, Any] | None,
        *,
        new: bool,
    ) -> None:
        do = _statements()
        old = {} if new else _by_cell(connection, do.comments, notebook_id)
        texts = result["comments"] if result else {}
        cells = self._cells[name]
        added, changed = [], []
        for grade_id, cell_id in (cells["solution"] | cells["task"]).items():
            text = texts.get(grade_id)
            before = old.get(cell_id)
            if before is None:
                added.append(
                    {
                        "id": uuid4().hex,
                        "cell_id": cell_id,
                        "notebook_id": notebook_id,
                        "auto_comment": text,
                    }
                )
            elif before.auto_comment != text:
                changed.append({"b_id": before.id, "b_text": text})
        if added:
            connection.execute(do.add_comments, added)
        if changed:
            connection.execute(do.change_comments, changed)

    def _receipt(self, connection: sa.Connection, old: Any, graded: Graded, late: str) -> None:
        do = _statements()
        verdicts = {name: r["verdicts"] for name, r in graded.notebooks.items()}
        if old is not None and (old.submission, old.template) == (
            graded.submission,
            graded.template,
        ):
            verdicts = (read_verdicts(old.verdicts) or {}) | verdicts
        if old is not None:
            mine = {"b_assignment": self.assignment, "b_student": graded.student}
            connection.execute(do.remove_receipt, mine)
        ideas = {k: v for r in graded.notebooks.values() for k, v in r["misconceptions"].items()}
        new = {
            "assignment": self.assignment,
            "student": graded.student,
            "submission": graded.submission,
            "template": graded.template,
            "engine": f"{ENGINE} {late}",
            "graded_at": datetime.now(UTC).replace(tzinfo=None),
            "seconds": graded.seconds,
            "verdicts": json.dumps(verdicts),
            "facts": json.dumps(graded.facts),
            "misconceptions": json.dumps(ideas),
        }
        connection.execute(do.add_receipt, new)

    def close(self) -> None:
        """Close the connection."""
        self.engine.dispose()


@functools.cache
def _statements() -> SimpleNamespace:
    """Return what `Writer` asks the gradebook for each submission, put into words once.

    Building them anew takes more time than the gradebook takes to answer.
    """
    from nbgrader import api

    submission = api.SubmittedAssignment.__table__
    notebook = api.SubmittedNotebook.__table__
    student, grade, comment = (k.__table__ for k in (api.Student, api.Grade, api.Comment))
    given = sa.bindparam
    mine = (RECEIPTS.c.assignment == given("b_assignment")) & (
        RECEIPTS.c.student == given("b_student")
    )
    return SimpleNamespace(
        submission=sa.select(submission).where(
            (submission.c.assignment_id == given("b_assignment"))
            & (submission.c.student_id == given("b_student"))
        ),
        add_submission=submission.insert(),
        change_submission=submission.update()
        .where(submission.c.id == given("b_id"))
        .values(timestamp=given("b_timestamp")),
        student=sa.select(student.c.id).where(student.c.id == given("b_id")),
        add_student=student.insert(),
        notebook=sa.select(notebook.c.id, notebook.c.late_submission_penalty).where(
            (notebook.c.assignment_id == given("b_submission"))
            & (notebook.c.notebook_id == given("b_notebook"))
        ),
        add_notebook=notebook.insert(),
        change_penalty=notebook.update()
        .where(notebook.c.id == given("b_id"))
        .values(late_submission_penalty=given("b_penalty")),
        grades=sa.select(grade).where(grade.c.notebook_id == given("b_notebook")),
        add_grades=grade.insert(),
        change_grades=grade.update()
        .where(grade.c.id == given("b_id"))
        .values(auto_score=given("b_auto"), needs_manual_grade=given("b_by_hand")),
        comments=sa.select(comment).where(comment.c.notebook_id == given("b_notebook")),
        add_comments=comment.insert(),
        change_comments=comment.update()
        .where(comment.c.id == given("b_id"))
        .values(auto_comment=given("b_text")),
        receipt=sa.select(RECEIPTS).where(mine),
        remove_receipt=RECEIPTS.delete().where(mine),
        add_receipt=RECEIPTS.insert(),
    )


_engines: dict[tuple[int, str], sa.Engine] = {}


def _engine_that_stays(db_url: str) -> sa.Engine | None:
    """Return this process's one engine for a gradebook in a file; None for any other.

    nbgrader opens the gradebook a dozen times for each submission, each time with a new engine that
    has to compile every statement anew: half of its time. No connection stays open in between: the
    file may be another one by then.
    """
    url = sa.make_url(db_url)
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"} or url.query:
        return None
    key = (os.getpid(), db_url)
    if key not in _engines:
        _engines[key] = sa.create_engine(db_url, poolclass=sa.NullPool)
    return _engines[key]


def open_quickly() -> None:
    """Let nbgrader use such engines too, and know the version of its tables.

    To learn it for a new gradebook it starts a programme, which takes three seconds.
    """
    import nbgrader.api

    def create(db_url: Any, **options: Any) -> sa.Engine:
        return _engine_that_stays(db_url) or sa.create_engine(db_url, **options)

    nbgrader.api.create_engine = create
    nbgrader.api.get_alembic_version = version_of_tables


def _by_cell(connection: sa.Connection, asked: Any, notebook_id: str) -> dict[str, Any]:
    """Return what the gradebook holds for each cell of one student's notebook."""
    found = connection.execute(asked, {"b_notebook": notebook_id})
    return {row.cell_id: row for row in found}


def create_tables(engine: sa.Engine) -> None:
    """Create nbgrader's tables and its schema version in one transaction, unless they are there.

    nbgrader does the same in two steps and calls a programme in between, which is found only in an
    activated environment.
    """
    from nbgrader.api import Base

    if sa.inspect(engine).has_table("alembic_version"):
        return
    head = version_of_tables()
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        version = sa.Table(
            "alembic_version",
            sa.MetaData(),
            sa.Column("version_num", sa.String(32), nullable=False),
        )
        version.create(connection)
        connection.execute(version.insert().values(version_num=head))


def version_of_tables() -> str | None:
    """Return the version that nbgrader writes into a new gradebook."""
    import nbgrader.dbutil
    from alembic.config import Config as AlembicConfig
    from alembic.script import ScriptDirectory

    settings = AlembicConfig()
    settings.set_main_option("script_location", nbgrader.dbutil.ALEMBIC_DIR)
    return ScriptDirectory.from_config(settings).get_current_head()


def _master(template: Template) -> Any:
    """Return the teacher's notebook without answers, as nbgrader stores it."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    cells = []
    for cell in template.cells:
        make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        made = make(cell.master, id=cell.identity)
        made.metadata.update(json.loads(json.dumps(cell.metadata), object_hook=_node))
        cells.append(made)
    whole = new_notebook(cells=cells)
    whole.metadata.update(json.loads(json.dumps(template.metadata), object_hook=_node))
    return whole


def _node(plain: dict[str, Any]) -> Any:
    from nbformat import NotebookNode

    return NotebookNode(plain)
