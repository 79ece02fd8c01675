"""Answers that a person marks, each with its points and comment, as the gradebook has them.

Runs in the coordinator.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from snrilab.classroom._gradebook import ClassroomError, is_there
from snrilab.classroom._questions import questions_of, tests_of
from snrilab.grading.scoring import NOT_RUN, WAITS
from snrilab.grading.standing import RECEIPTS, is_left, read_verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.grading.course import Course

LEFT, AGAIN, MARKED, MACHINE = "left", "again", "marked", "machine"
GIVEN = "points were given by hand, and the work or its test is another one since"


@dataclass(frozen=True)
class Answer:
    """What the gradebook has of one student's answer."""

    student: str
    name: str
    grade: str
    sheet: str  # the student's notebook in the gradebook
    points: float
    auto: float | None
    manual: float | None
    extra: float
    waits: bool
    note: str  # the grading engine's comment
    comment: str

    @property
    def status(self) -> str:
        """How far it is: left, again (changed after it was marked), marked, machine."""
        left = is_left(self.auto, self.manual, flagged=self.waits)
        if self.manual is None:
            return LEFT if left else MACHINE
        return AGAIN if left else MARKED


class Answers:
    """The answers of one assignment that a person marks.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    """

    def __init__(self, course: Course, assignment: str) -> None:
        self.assignment = assignment
        self.questions = {one.key: one for one in questions_of(course, assignment)}
        if not is_there(course):
            if not self.questions:
                raise ClassroomError(f"nothing in {assignment} is marked by hand.")
            raise ClassroomError(f"nothing is graded yet: snrilab grade {assignment}")
        later = {"timeout": 15} if course.db_url.startswith("sqlite") else {}
        self.engine = sa.create_engine(course.db_url, connect_args=later)
        self._why: dict[tuple[str, str], str] = {}
        self._held: set[tuple[str, str]] = set()
        with self.reading() as connection:
            wanted = {key for _, key, verdict in self._verdicts(connection) if by_person(verdict)}
            wanted |= {key for _, key in self._given_before(connection)}
        wanted -= self.questions.keys()
        self.questions |= {one.key: one for one in tests_of(course, assignment, wanted)}
        if not self.questions:
            raise ClassroomError(f"nothing in {assignment} is marked by hand.")

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Connect to the gradebook to read; what is wrong with it is said in a sentence."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise refusal(error) from None

    def to(self, connection: sa.Connection, key: str, student: str | None = None) -> list[Answer]:
        """Return the answers to a question, of everybody or of one student.

        Parameters
        ----------
        connection : sqlalchemy.Connection
            Of the gradebook.
        key : str
            The question.
        student : str, optional
            Whose answer alone.
        """
        from nbgrader import api

        grade, base, people = api.Grade.__table__, api.BaseCell.__table__, api.Student.__table__
        notebook, whole = api.Notebook.__table__, api.Assignment.__table__
        comment = api.Comment.__table__
        question = self.questions[key]
        mine = (whole.c.name == self.assignment) & (notebook.c.name == question.notebook)
        if student is not None:
            mine &= people.c.id == student

        def of(table: sa.Table, name: str, *columns: Any) -> sa.Select[Any]:
            return _whose(table, *columns).where(mine & (base.c.name == name))

        said = {
            row.notebook_id: row
            for row in connection.execute(
                of(
                    comment,
                    question.commented,
                    comment.c.notebook_id,
                    comment.c.auto_comment,
                    comment.c.manual_comment,
                )
            )
        }
        kind = api.TaskCell.__table__ if question.is_task else api.GradeCell.__table__
        most = {row.id: row.max_score for row in connection.execute(sa.select(kind))}
        rows = connection.execute(
            of(
                grade,
                question.cell,
                grade,
                people.c.id.label("student"),
                people.c.first_name,
                people.c.last_name,
            ).order_by(people.c.id)
        )
        found = []
        for row in rows:
            if question.is_test and (row.student, key) not in self._why:
                continue  # a machine has judged
            words = said.get(row.notebook_id)
            name = " ".join(part for part in (row.first_name, row.last_name) if part)
            found.append(
                Answer(
                    student=row.student,
                    name=name or row.student,
                    grade=row.id,
                    sheet=row.notebook_id,
                    points=float(most.get(row.cell_id) or 0.0),
                    auto=row.auto_score,
                    manual=row.manual_score,
                    extra=row.extra_credit or 0.0,
                    waits=bool(row.needs_manual_grade),
                    note=(self._why[row.student, key] if question.is_test else "")
                    or self.why(key, row.student)
                    or (words.auto_comment if words is not None else None)
                    or self._why.get((row.student, key), ""),
                    comment=(words.manual_comment if words is not None else None) or "",
                )
            )
        return found

    def why(self, key: str, student: str) -> str:
        """Return why a machine must not decide about an answer; nothing where that is not so."""
        return self._why.get((student, key), "") if self.is_held(key, student) else ""

    def is_held(self, key: str, student: str) -> bool:
        """Whether an answer waits since no machine could read the file."""
        return (student, key) in self._held

    def look_why(self, connection: sa.Connection) -> None:
        """Learn anew why answers wait, where that is more than that a person has to read them."""
        found: dict[tuple[str, str], str] = {}
        self._held = set()
        given = self._given_before(connection)
        tests = {key for key, question in self.questions.items() if question.is_test}
        found |= {pair: GIVEN for pair in given if pair[1] in tests}
        for student, key, verdict in self._verdicts(connection):
            why = str(verdict["reason"]).removeprefix(NOT_RUN).removeprefix(WAITS).lstrip(": ")
            question = self.questions.get(key)
            if question is None or not why or (question.is_test and not by_person(verdict)):
                continue
            found[student, key] = why
            self._held |= {(student, key)} if verdict.get("held") else set()
        self._why = found

    def _verdicts(self, connection: sa.Connection) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Give student, key and verdict of everything that the grading engine has graded."""
        if not sa.inspect(connection).has_table(RECEIPTS.name):
            return  # stock nbgrader has graded
        columns = sa.select(RECEIPTS.c.student, RECEIPTS.c.verdicts)
        for row in connection.execute(columns.where(RECEIPTS.c.assignment == self.assignment)):
            for notebook, verdicts in (read_verdicts(row.verdicts) or {}).items():
                for verdict in verdicts:
                    yield row.student, f"{notebook}/{verdict['grade_id']}", verdict

    def _given_before(self, connection: sa.Connection) -> set[tuple[str, str]]:
        """Return student and key of points by hand that were given for what is another now."""
        from nbgrader import api

        grade, base, people = api.Grade.__table__, api.BaseCell.__table__, api.Student.__table__
        notebook, whole = api.Notebook.__table__, api.Assignment.__table__
        rows = connection.execute(
            _whose(grade, people.c.id, notebook.c.name, base.c.name.label("cell"))
            .where(whole.c.name == self.assignment)
            .where(grade.c.needs_manual_grade & grade.c.manual_score.is_not(None))
        )
        return {(row.id, f"{row.name}/{row.cell}") for row in rows}


def refusal(error: Exception) -> ClassroomError:
    """Say why a gradebook cannot be used."""
    why = str(getattr(error, "orig", None) or "it is no database of nbgrader's")
    return ClassroomError(f"the gradebook cannot be used: {why}.")


def by_person(verdict: dict[str, Any]) -> bool:
    """Whether a person gives the points of a test, or may: a machine has not, or not all of it.

    A test that cannot be run waits for a person, and so does each test of a file that no machine
    could read: who sends no other file is marked by what can be seen of it. One whose answer
    stopped at a line that works elsewhere has its 0, and a person may see it otherwise.

    Parameters
    ----------
    verdict : dict
        What the grading engine has found.
    """
    reason = str(verdict["reason"])
    if verdict["score"] is None:
        return True
    return "answer cell " in reason and verdict["score"] < verdict["points"]


def _whose(table: Any, *columns: Any) -> sa.Select[Any]:
    """Choose columns of grades or comments, each beside its cell, notebook, work and student."""
    from nbgrader import api

    base, sheet = api.BaseCell.__table__, api.SubmittedNotebook.__table__
    notebook, people = api.Notebook.__table__, api.Student.__table__
    work, whole = api.SubmittedAssignment.__table__, api.Assignment.__table__
    return (
        sa.select(*columns)
        .select_from(table)
        .join(base, base.c.id == table.c.cell_id)
        .join(sheet, sheet.c.id == table.c.notebook_id)
        .join(notebook, notebook.c.id == sheet.c.notebook_id)
        .join(work, work.c.id == sheet.c.assignment_id)
        .join(whole, whole.c.id == work.c.assignment_id)
        .join(people, people.c.id == work.c.student_id)
    )
