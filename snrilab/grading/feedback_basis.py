"""What a feedback page is made from, so that an old page is known, and what it must say at its top.

Runs in nbgrader's own process and in the coordinator.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from snrilab.grading.classrun import read_submitted
from snrilab.grading.course import CourseError, kept_zone
from snrilab.grading.export import NOT_SUBMITTED, TO_MARK, UNREAD, status_of
from snrilab.grading.rubric import RubricError, explained, read_marks
from snrilab.grading.scoring import WAITS
from snrilab.grading.standing import RECEIPTS, is_left, read_list, read_verdicts
from snrilab.grading.times import NOT_BELIEVED, read_replies, time_is_unknown

if TYPE_CHECKING:
    from pathlib import Path

    from snrilab.grading.course import Course

FORM = 3  # of the pages: another one makes all pages anew
MARK = "snrilab-made-from"
NOT_SHOWN = "This page cannot show your answers."


@dataclass(frozen=True)
class Basis:
    """What the gradebook says of one student's work.

    Parameters
    ----------
    status : str
        As in the table of grades.
    digest : str
        Fingerprint of all that a page shows; another one means that a page is old.
    waiting : dict
        Cells that wait for a mark, ``notebook/grade_id`` to points.
    held : tuple of str
        Why a person must look, in words for the student.
    unread : dict
        Notebooks that no machine could read, and what came instead.
    """

    status: str = NOT_SUBMITTED
    digest: str = ""
    waiting: dict[str, float] | None = None
    held: tuple[str, ...] = ()
    unread: dict[str, str] | None = None

    def by_hand(self, notebook: str) -> str:
        """Say what a page says first where a person marks what no machine could read."""
        why = (self.unread or {}).get(notebook, "")
        if not why or self.status == UNREAD:
            return ""
        return (
            f"No machine could read this work as a notebook: {why}. Your teacher has looked at "
            f"what you handed in and gives points by what can be read of it. {NOT_SHOWN}"
        )

    @property
    def note(self) -> str:
        """What a page says first where its points are not final; empty otherwise."""
        why = "; ".join(self.held)
        if self.status == UNREAD:
            said = why or "it holds nothing that could be graded"
            return (
                f"This file could not be read: {said}. Your teacher has been told. There are no "
                f"points yet, and that is no 0. {NOT_SHOWN}"
            )
        if self.status == TO_MARK and self.waiting:
            return f"Not wholly marked yet: {wait_in_words(self.waiting)}" + (
                f" ({why})." if why else "."
            )
        return ""


def wait_in_words(waiting: dict[str, float]) -> str:
    """Say how much waits for a mark.

    Examples
    --------
    >>> wait_in_words({"ps2/why": 16.0})
    '1 answer waits for a mark, worth 16'
    >>> wait_in_words({"ps2/why": 16.0, "ps2/how": 4.0})
    '2 answers wait for a mark, worth 20'
    """
    one = len(waiting) == 1
    return (
        f"{len(waiting)} {'answer waits' if one else 'answers wait'} for a mark, "
        f"worth {sum(waiting.values()):g}"
    )


def basis_of(
    gradebook: Any, root: Path, assignment: str, student: str, late_words: str = ""
) -> Basis:
    """Return what somebody's page is made from; nothing where nothing was graded.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        The open gradebook.
    root : Path
        The course folder.
    assignment, student : str
        Whose page.
    late_words : str
        The rule for late work, as the page says it.
    """
    from nbgrader.api import MissingEntry

    try:
        found = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return Basis()
    items: dict[str, Any] = {"given": {}}
    with contextlib.suppress(RubricError):  # said by who makes the page
        items = read_marks(root, assignment)
    receipt, held, unread = _receipt(gradebook, assignment, student)
    shown: list[Any] = [FORM, receipt, late_words, str(found.timestamp), str(found.extension)]
    shown += [str(found.assignment.duedate), str(kept_zone(root))]
    shown.append(time_is_unknown(read_replies(root, assignment), student, found.timestamp))
    for sheet in sorted(found.notebooks, key=lambda one: str(one.name)):
        shown.append([sheet.name, sheet.late_submission_penalty])
        for grade in sorted(sheet.grades, key=lambda one: str(one.name)):
            key = f"{sheet.name}/{grade.name}"
            given = explained(items, key, student, grade.score)
            shown.append([key, grade.score, grade.max_score, grade.needs_manual_grade, given])
        comments = sorted(sheet.comments, key=lambda one: str(one.name))
        shown += [[one.name, one.comment] for one in comments]
    digest = hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()[:32]
    return Basis(status_of(found), digest, waiting_of(found), tuple(held), unread)


def waiting_of(found: Any) -> dict[str, float]:
    """Return the cells of a submission that wait for a mark, each with what it is worth."""
    return {
        f"{sheet.name}/{grade.name}": float(grade.max_score)
        for sheet in found.notebooks
        for grade in sheet.grades
        if is_left(grade.auto_score, grade.manual_score, flagged=grade.needs_manual_grade)
    }


def waits_still(gradebook: Any, root: Path, assignment: str, students: list[str]) -> dict[str, str]:
    """Return who waits for a person since an earlier grading, and why.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        The open gradebook.
    root : Path
        The course folder.
    assignment : str
        Name of the assignment.
    students : list of str
        Whose work is asked about.
    """
    found = {}
    for student in students:
        _, held, _ = _receipt(gradebook, assignment, student)
        if held and basis_of(gradebook, root, assignment, student).waiting:
            found[student] = "; ".join(held[:3])
    return found


def times_still(gradebook: Any, assignment: str, students: list[str]) -> list[tuple[str, str]]:
    """Return what was odd about the times of an earlier grading, with whose it is.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        The open gradebook.
    assignment : str
        Name of the assignment.
    students : list of str
        Whose work is asked about.
    """
    connection = gradebook.db.connection()
    if not sa.inspect(connection).has_table(RECEIPTS.name):
        return []
    query = sa.select(RECEIPTS.c.student, RECEIPTS.c.facts)
    rows = connection.execute(query.where(RECEIPTS.c.assignment == assignment))
    wanted = set(students)
    return [
        (row.student, fact)
        for row in rows
        if row.student in wanted
        for fact in read_list(row.facts) or []
        if fact.startswith(NOT_BELIEVED)
    ]


def not_graded_yet(gradebook: Any, course: Course, assignment: str) -> list[str]:
    """Return whose work was not graded as it lies there: another, another time, or none so far.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
        The open gradebook.
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    """
    connection = gradebook.db.connection()
    if not sa.inspect(connection).has_table(RECEIPTS.name):
        return []
    mine = RECEIPTS.c.assignment == assignment
    query = sa.select(RECEIPTS.c.student, RECEIPTS.c.submission).where(mine)
    graded = {row.student: row.submission for row in connection.execute(query)}
    known = {one.student_id for one in gradebook.assignment_submissions(assignment)}
    try:
        templates = course.templates(assignment)
    except CourseError:  # nothing can be graded anew here
        return []
    found = []
    for student in course.students(assignment):
        if student not in graded:
            found += [student] if student not in known else []
            continue
        with contextlib.suppress(OSError):  # said when it is graded
            there = read_submitted(course, assignment, student, templates)
            if there.digest != graded[student]:  # of its files and of the time beside them
                found.append(student)
    return found


def _receipt(
    gradebook: Any, assignment: str, student: str
) -> tuple[list[str], list[str], dict[str, str]]:
    """Return what was graded with what and when, why a person must look, and what was not read."""
    connection = gradebook.db.connection()
    if not sa.inspect(connection).has_table(RECEIPTS.name):
        return [], [], {}
    mine = (RECEIPTS.c.assignment == assignment) & (RECEIPTS.c.student == student)
    row = connection.execute(sa.select(RECEIPTS).where(mine)).one_or_none()
    if row is None:
        return [], [], {}
    reasons: list[str] = []
    unread: dict[str, str] = {}
    for notebook, listed in (read_verdicts(row.verdicts) or {}).items():
        waits = [_why_it_waits(verdict) for verdict in listed]
        reasons += filter(None, waits)
        if waits and all(verdict.get("unread") for verdict in listed):
            unread[notebook] = waits[0]
    held = list(dict.fromkeys(reasons))
    return [row.submission, row.template, row.engine, str(row.graded_at)], held, unread


def _why_it_waits(verdict: dict[str, Any]) -> str:
    """Return why a person must look at something, more than that it is an answer in words."""
    start, reason = f"{WAITS}: ", str(verdict["reason"])
    if verdict["score"] is not None or not reason.startswith(start):
        return ""
    return reason.removeprefix(start).rstrip(". ")


def made_from(page: str) -> str:
    """Return the fingerprint that a page carries; empty where there is none.

    Examples
    --------
    >>> made_from('<head><meta name="snrilab-made-from" content="0a1b"></head>')
    '0a1b'
    """
    found = re.search(rf'<meta name="{MARK}" content="([0-9a-f]+)">', page)
    return found[1] if found else ""
