"""What gradebook, receipts and rosters know about one assignment: read once, changed never."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from snrilab.classroom._deadline import grace_of
from snrilab.classroom._gradebook import ClassroomError, is_there
from snrilab.classroom._replies import read_replies, with_work
from snrilab.classroom._report.questions import Part, Question, lessons_of, questions_of
from snrilab.classroom._words import letters
from snrilab.grading.export import NOT_SUBMITTED, TO_MARK, UNREAD
from snrilab.grading.scoring import WAITS
from snrilab.grading.standing import RECEIPTS, is_left, read_list, read_verdicts
from snrilab.grading.times import time_is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from snrilab.classroom._people import Roster
    from snrilab.grading.course import Course

MARKED = "graded"
GONE = "graded, and not in submitted/ any more: no table gets this mark"
NO_RESPONSE = "No response."  # nbgrader's own words for an answer that was left as it was


@dataclass(frozen=True)
class Mark:
    """What one student has for one graded cell.

    Parameters
    ----------
    points : float or None
        A person's points where given, else the automatic ones; None while it waits for a person.
    by_hand : bool
        Whether a person gave them.
    left : bool
        Whether it waits for a person: without points, or with points of a text that was another.
    comment : str
        What a person wrote about it.
    reason : str
        Why a test gave less than all points.
    """

    points: float | None
    by_hand: bool = False
    left: bool = False
    comment: str = ""
    reason: str = ""


@dataclass
class Student:
    """One student and this assignment.

    Parameters
    ----------
    late : timedelta
        After the student's own due date, extension counted; zero when in time.
    after : timedelta
        After that date and within the course's grace, which is not late.
    late_unknown : bool
        Late, says the platform, and not how late: `late` stands for the minutes it did not say.
    penalty : float
        Points that lateness has cost.
    untouched : set of str
        Answers that were left as they were handed out, as ``notebook/name``.
    held : list of str
        Why a machine must not decide about the work.
    unreadable : bool
        Whether no machine could read any of it: all its points are a person's.
    ideas : dict
        Function to the code of the wrong idea that it follows.
    comments : dict
        Answer to what a person wrote beside it.
    """

    id: str
    first: str = ""
    last: str = ""
    email: str = ""
    section: str = ""
    in_roster: bool = True
    submitted: bool = False
    time: datetime | None = None
    extension: timedelta = timedelta()
    late: timedelta = timedelta()
    after: timedelta = timedelta()
    late_unknown: bool = False
    penalty: float = 0.0
    marks: dict[str, Mark] = field(default_factory=dict)
    untouched: set[str] = field(default_factory=set)
    facts: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    unreadable: bool = False
    ideas: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The student as a list shows one: last name first."""
        return ", ".join(filter(None, (self.last, self.first))) or self.id

    @property
    def waiting(self) -> list[str]:
        """Graded cells without points yet."""
        return [key for key, mark in self.marks.items() if mark.points is None]

    @property
    def left(self) -> list[str]:
        """Graded cells that wait for a person."""
        return [key for key, mark in self.marks.items() if mark.left]

    @property
    def unread(self) -> bool:
        """Whether nothing of the work could be read, and nothing is marked: it has no points."""
        return bool(self.held) and len(self.waiting) == len(self.marks)

    @property
    def judged(self) -> bool:
        """Whether the work is in the statistics: what was not read is, once a person is done."""
        return self.submitted and not self.unread and not (self.unreadable and self.left)

    @property
    def status(self) -> str:
        """What the points mean: a 0 can be five different things."""
        if not self.submitted:
            return NOT_SUBMITTED
        if self.unread:
            return UNREAD
        if self.left:
            return TO_MARK
        return MARKED

    @property
    def earned(self) -> float:
        """Points so far, before what lateness costs."""
        return sum(mark.points or 0.0 for mark in self.marks.values())

    @property
    def score(self) -> float:
        """Points so far, after what lateness costs."""
        return max(0.0, self.earned - self.penalty)

    @property
    def days_late(self) -> int:
        """Days begun after the due date."""
        return -(-self.late // timedelta(days=1)) if self.late > timedelta() else 0


@dataclass
class Record:
    """An assignment and everybody in the class.

    Parameters
    ----------
    questions : list of Question
        In the assignment's own order.
    inside : set of str
        Tests that ran in the process of the answers.
    lessons : list of str
        Lessons that the assignment names, as what to know first.
    """

    assignment: str
    questions: list[Question]
    students: list[Student]
    due: datetime | None = None
    inside: set[str] = field(default_factory=set)
    lessons: list[str] = field(default_factory=list)

    @property
    def points(self) -> float:
        """Points possible."""
        return sum(question.points for question in self.questions)

    @property
    def judged(self) -> list[Student]:
        """Those whose work was handed in and could be judged: the statistics are theirs."""
        return [one for one in self.students if one.judged]


def read_record(
    course: Course, assignment: str, roster: Roster | None = None, section: str = ""
) -> Record:
    """Read what is known about an assignment.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    roster : Roster, optional
        Who is in the class; otherwise those in the gradebook.
    section : str
        Only students of this section of the roster.
    """
    replies = read_replies(course, assignment)
    grace = grace_of(course.root)
    with _connected(course) as line:
        tables = _Tables(line)
        row = tables.assignment(assignment)
        if row is None:
            raise ClassroomError(_nothing(assignment))
        parts = tables.parts(row.id)
        people = _people(tables.students(), roster)
        handed_in = tables.submissions(row.id)
        for student, found in handed_in.items():
            one = people.setdefault(student, Student(student, in_roster=roster is None))
            _fill(one, found, row.duedate)
            if time_is_unknown(replies, student, one.time):
                since = bool(one.late) or not one.extension  # of whatever date it is due by now
                one.late_unknown, one.time = since and row.duedate is not None, None
            elif one.late <= grace:
                one.late, one.after = timedelta(), one.late
        receipts = tables.receipts(assignment)
    inside: set[str] = set()
    for student, receipt in receipts.items():
        if student in people and people[student].submitted:
            inside |= _take_receipt(people[student], receipt)
    for student in set(people) - with_work(course, assignment):
        if people[student].submitted:
            people[student].facts += [GONE]
    if not any(one.submitted for one in people.values()):
        raise ClassroomError(_nothing(assignment))
    students = _of_section(list(people.values()), section)
    questions = questions_of(course, assignment, parts)
    order = [part.key for question in questions for part in question.parts]
    for one in students:
        one.marks = {key: one.marks[key] for key in order if key in one.marks}
    students.sort(key=lambda one: (letters(one.name), one.id))
    lessons = lessons_of(course, assignment)
    return Record(assignment, questions, students, row.duedate, inside, lessons)


def _nothing(assignment: str) -> str:
    return f"nobody has a grade for {assignment} yet: snrilab grade {assignment}"


def _of_section(students: list[Student], section: str) -> list[Student]:
    if not section:
        return students
    known = sorted({one.section for one in students if one.section})
    if section not in known:
        listed = ", ".join(known) or "none (add --roster with a table that has sections)"
        raise ClassroomError(f"nobody is in section {section!r}; the sections are: {listed}.")
    return [one for one in students if one.section == section]


def _people(known: dict[str, Student], roster: Roster | None) -> dict[str, Student]:
    """Return who is in the class, by name in nbgrader."""
    if roster is None or not roster.people:
        return known
    return {
        one.id: Student(one.id, one.first, one.last, one.email, one.section)
        for one in roster.people
    }


def _fill(one: Student, found: dict[str, Any], due: datetime | None) -> None:
    one.extension = found["extension"] or timedelta()
    one.time = found["timestamp"]
    one.penalty = found["penalty"]
    one.marks = found["marks"]
    one.untouched = found["untouched"]
    one.comments = found["comments"]
    one.submitted = bool(one.marks)  # a row without marks is an extension alone
    if due is not None and one.time is not None:
        one.late = max(timedelta(), one.time - due - one.extension)


def _take_receipt(one: Student, receipt: Any) -> set[str]:
    """Take from a receipt what the gradebook does not hold; return the tests that ran inside."""
    held = f"{WAITS}: "
    inside = set()
    one.facts = read_list(receipt.facts) or []
    with contextlib.suppress(ValueError, AttributeError, TypeError, RecursionError):
        ideas = json.loads(receipt.misconceptions)
        one.ideas = {str(name): str(code) for name, code in ideas.items() if code}
    graded = read_verdicts(receipt.verdicts) or {}
    found = [verdict for verdicts in graded.values() for verdict in verdicts]
    one.unreadable = bool(found) and all(v.get("held") and v["score"] is None for v in found)
    if one.unreadable:
        one.untouched = set()  # nobody knows
    for notebook, verdicts in graded.items():
        for verdict in verdicts:
            key = f"{notebook}/{verdict['grade_id']}"
            inside |= {key} if verdict.get("inside") else set()
            if verdict.get("held"):
                one.held.append(str(verdict["reason"]).removeprefix(held))
            mark = one.marks.get(key)
            lost = verdict["score"] is not None and verdict["score"] < verdict["points"]
            if mark is not None and lost:
                one.marks[key] = replace(mark, reason=str(verdict["reason"]))
    one.held = list(dict.fromkeys(one.held))
    return inside


@contextlib.contextmanager
def _connected(course: Course) -> Iterator[sa.Connection]:
    """Open the gradebook to read it: nothing is made where it is missing."""
    try:
        engine = sa.create_engine(course.db_url)
        if not is_there(course):
            raise ClassroomError("there is no gradebook yet: snrilab grade")
    except (sa.exc.ArgumentError, ModuleNotFoundError) as error:
        raise ClassroomError(f"the gradebook's URL cannot be used: {error}") from None
    try:
        with engine.connect() as line:
            yield line
    except sa.exc.DBAPIError as error:
        raise ClassroomError(f"the gradebook cannot be used: {error.orig}") from None
    finally:
        engine.dispose()


class _Tables:
    """nbgrader's tables, and the receipts beside them."""

    def __init__(self, line: sa.Connection) -> None:
        self.line = line
        self.there = set(sa.inspect(line).get_table_names())

    def assignments(self) -> list[tuple[str, datetime | None]]:
        """List all assignments, the first due first."""
        from nbgrader import api

        table = api.Assignment.__table__
        if table.name not in self.there:
            return []
        rows = self.line.execute(sa.select(table.c.name, table.c.duedate)).all()
        return sorted(((r.name, r.duedate) for r in rows), key=lambda r: (r[1] or _LAST, r[0]))

    def assignment(self, name: str) -> Any:
        from nbgrader import api

        table = api.Assignment.__table__
        if table.name not in self.there:
            return None
        where = table.c.name == name
        return self.line.execute(sa.select(table.c.id, table.c.duedate).where(where)).one_or_none()

    def students(self) -> dict[str, Student]:
        from nbgrader import api

        table = api.Student.__table__
        return {
            r.id: Student(r.id, r.first_name or "", r.last_name or "", r.email or "")
            for r in self.line.execute(sa.select(table))
        }

    def parts(self, assignment_id: str) -> list[Part]:
        """List the graded cells, as far as the gradebook knows them."""
        from nbgrader import api

        cell, notebook = api.BaseCell.__table__, api.Notebook.__table__
        grade, task = api.GradeCell.__table__, api.TaskCell.__table__
        found = []
        for kind, table in (("test", grade), ("task", task)):
            query = (
                sa.select(notebook.c.name.label("notebook"), cell.c.name, table.c.max_score)
                .join(cell, cell.c.id == table.c.id)
                .join(notebook, notebook.c.id == cell.c.notebook_id)
                .where(notebook.c.assignment_id == assignment_id)
                .order_by(notebook.c.name, cell.c.name)
            )
            found += [
                Part(row.notebook, row.name, float(row.max_score or 0), kind)
                for row in self.line.execute(query)
            ]
        return found

    def submissions(self, assignment_id: str) -> dict[str, dict[str, Any]]:
        """Return what the gradebook holds of each student's work."""
        from nbgrader import api

        table, own = api.SubmittedAssignment.__table__, api.SubmittedNotebook.__table__
        found: dict[str, dict[str, Any]] = {}
        whose: dict[str, str] = {}
        query = sa.select(table).where(table.c.assignment_id == assignment_id)
        for row in self.line.execute(query):
            whose[row.id] = row.student_id
            found[row.student_id] = {
                "timestamp": row.timestamp, "extension": row.extension, "penalty": 0.0,
                "marks": {}, "untouched": set(), "comments": {},
            }  # fmt: skip
        query = (
            sa.select(own.c.assignment_id, own.c.late_submission_penalty)
            .join(table, table.c.id == own.c.assignment_id)
            .where(table.c.assignment_id == assignment_id)
        )
        for row in self.line.execute(query):
            found[whose[row.assignment_id]]["penalty"] += row.late_submission_penalty or 0.0
        self._comments(assignment_id, found)
        self._marks(assignment_id, found)
        return found

    def _of_cells(self, of: Any, assignment_id: str) -> Any:
        """Select the rows of a table that belongs to students' cells, with whose they are."""
        from nbgrader import api

        cell, notebook = api.BaseCell.__table__, api.Notebook.__table__
        own, table = api.SubmittedNotebook.__table__, api.SubmittedAssignment.__table__
        return (
            sa.select(of, table.c.student_id, notebook.c.name.label("notebook"), cell.c.name)
            .join(own, own.c.id == of.c.notebook_id)
            .join(table, table.c.id == own.c.assignment_id)
            .join(cell, cell.c.id == of.c.cell_id)
            .join(notebook, notebook.c.id == cell.c.notebook_id)
            .where(table.c.assignment_id == assignment_id)
        )

    def _comments(self, assignment_id: str, found: dict[str, dict[str, Any]]) -> None:
        from nbgrader import api

        for row in self.line.execute(self._of_cells(api.Comment.__table__, assignment_id)):
            key, mine = f"{row.notebook}/{row.name}", found[row.student_id]
            if (row.auto_comment or "").startswith(NO_RESPONSE):
                mine["untouched"].add(key)
            if (row.manual_comment or "").strip():
                mine["comments"][key] = row.manual_comment.strip()

    def _marks(self, assignment_id: str, found: dict[str, dict[str, Any]]) -> None:
        from nbgrader import api

        for row in self.line.execute(self._of_cells(api.Grade.__table__, assignment_id)):
            key, mine = f"{row.notebook}/{row.name}", found[row.student_id]
            by_hand = row.manual_score is not None
            given = row.manual_score if by_hand else row.auto_score
            mine["marks"][key] = Mark(
                None if given is None else given + (row.extra_credit or 0.0),
                by_hand,
                is_left(row.auto_score, row.manual_score, flagged=row.needs_manual_grade),
                mine["comments"].get(key, ""),
            )

    def receipts(self, assignment: str) -> dict[str, Any]:
        if RECEIPTS.name not in self.there:
            return {}
        query = sa.select(RECEIPTS).where(RECEIPTS.c.assignment == assignment)
        return {row.student: row for row in self.line.execute(query)}


_LAST = datetime.max  # noqa: DTZ901 -- as nbgrader keeps times


def assignments_of(course: Course) -> list[str]:
    """List the assignments that the gradebook knows, the first due first."""
    with _connected(course) as line:
        return [name for name, _ in _Tables(line).assignments()]
