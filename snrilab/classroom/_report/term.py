"""The term: students by assignments, and what became of each idea from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from snrilab.classroom._gradebook import ClassroomError, shown
from snrilab.classroom._report.layout import listed, page, table, words
from snrilab.classroom._report.naming import LEAST
from snrilab.classroom._report.record import MARKED, read_record
from snrilab.classroom._words import letters
from snrilab.exercises import words_for
from snrilab.grading.export import NOT_SUBMITTED
from snrilab.grading.misconceptions import exercises_of
from snrilab.grading.statistics import FEW

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo
    from typing import Any

    from snrilab._estimate import Estimate
    from snrilab.classroom._people import Roster
    from snrilab.classroom._report.naming import Naming
    from snrilab.classroom._report.record import Record, Student
    from snrilab.grading.course import Course

STAYED, GONE, NOT_AGAIN = "stayed", "gone", "not asked again"
HELD, NOT_HELD = "held", "not held"


@dataclass
class History:
    """What became of one idea in one student.

    Parameters
    ----------
    seen : dict
        Assignment to `HELD` or `NOT_HELD`, in order, where the student answered what asks for it.
    """

    code: str
    student: Student
    seen: dict[str, str] = field(default_factory=dict)

    @property
    def outcome(self) -> str:
        """What became of it after it was held for the first time; empty where it never was."""
        states = list(self.seen.values())
        if HELD not in states:
            return ""
        later = states[states.index(HELD) + 1 :]
        if not later:
            return NOT_AGAIN
        return STAYED if later[-1] == HELD else GONE


@dataclass
class Term:
    """All assignments of a class.

    Parameters
    ----------
    records : list of Record
        The first due first.
    empty : list of str
        Assignments without any grade yet.
    students : list of Student
        Everybody in any of them, as in the first that knows them.
    histories : list
        What became of each idea that somebody held.
    inventory : dict
        Idea to the share of the class that chose it, without guessing, in forms A and B.
    """

    records: list[Record]
    empty: list[str]
    students: list[Student]
    histories: list[History]
    inventory: Mapping[str, tuple[Estimate | None, Estimate | None]] = field(default_factory=dict)
    inventory_words: str = ""


def term_of(
    course: Course, names: list[str], roster: Roster | None = None, section: str = ""
) -> Term:
    """Return what is known of a class over all its assignments.

    Parameters
    ----------
    course : Course
        The course.
    names : list of str
        The assignments, the first due first.
    roster : Roster, optional
        Who is in the class.
    section : str
        Only this section.
    """
    records, empty = [], []
    for name in names:
        try:
            records.append(read_record(course, name, roster, section))
        except ClassroomError as error:
            if not str(error).startswith("nobody has a grade"):
                raise
            empty.append(name)
    if not records:
        raise ClassroomError("nobody has a grade yet in any assignment: snrilab grade NAME")
    students: dict[str, Student] = {}
    for record in records:
        for one in record.students:
            students.setdefault(one.id, one)
    everybody = sorted(students.values(), key=lambda one: (letters(one.name), one.id))
    return Term(records, empty, everybody, _histories(records, everybody))


def _histories(records: list[Record], everybody: list[Student]) -> list[History]:
    asked = {record.assignment: _asked(record) for record in records}
    codes = sorted({code for ideas in asked.values() for code in ideas})
    codes += sorted(
        {c for r in records for one in r.students for c in one.ideas.values()} - set(codes)
    )
    found = []
    for code in codes:
        for one in everybody:
            history = History(code, one)
            for record in records:
                state = _state(record, one.id, code, asked[record.assignment].get(code, set()))
                if state:
                    history.seen[record.assignment] = state
            if history.outcome:
                found.append(history)
    return found


def _asked(record: Record) -> dict[str, set[str]]:
    """Return the ideas that an assignment would recognise, with the functions that show them."""
    found: dict[str, set[str]] = {}
    for name, exercise in exercises_of(record.assignment).items():
        for idea in exercise.misconceptions:
            found.setdefault(idea.code, set()).add(name)
    return found


def _state(record: Record, student: str, code: str, functions: set[str]) -> str:
    """Return whether a student held an idea in an assignment; empty where that cannot be known."""
    one = next((s for s in record.students if s.id == student), None)
    if one is None or not one.submitted or one.unread or one.unreadable:
        return ""
    if code in one.ideas.values():
        return HELD
    answers = {name: q.answer for q in record.questions for name in q.functions}
    tried = any(name in answers and answers[name] not in one.untouched for name in functions)
    return NOT_HELD if tried else ""


def status_in(record: Record, student: str) -> str:
    """Say in a few words how a student stands in one assignment.

    Parameters
    ----------
    record : Record
        The assignment.
    student : str
        Name in nbgrader.
    """
    one = next((s for s in record.students if s.id == student), None)
    if one is None:
        return "-"
    if one.status == NOT_SUBMITTED:
        return NOT_SUBMITTED
    said = [f"{one.score:.3g} of {record.points:g}"] if not one.unread else []
    said += [] if one.status == MARKED else [one.status]
    how_late = "late, minutes unknown" if one.late_unknown else f"late {one.days_late} d"
    said += [how_late] if one.days_late else []
    return ", ".join(said)


def term_page(term: Term, naming: Naming, zone: tzinfo | None) -> str:
    """Return the page about the term.

    Parameters
    ----------
    term : Term
        What was found.
    naming : Naming
        What people are called.
    zone : tzinfo, optional
        Zone of the times.
    """
    said = f"{len(term.students)} students, {len(term.records)} assignments with grades."
    if term.empty:
        said += f" Without grades yet: {', '.join(term.empty)}."
    if naming.hidden:
        said += f" This page names nobody, and no group below {LEAST} is told apart."
    parts = [
        "<h1>The term</h1>",
        words(said),
        '<h2 id="assignments">Assignments</h2>',
        _assignments(term, naming, zone),
        '<h2 id="ideas">What became of the ideas</h2>',
        _ideas(term, naming),
        words(term.inventory_words) if term.inventory_words else "",
        '<h2 id="students">Students by assignments</h2>',
        _students(term, naming),
    ]
    return page("The term: class report", parts)


def _assignments(term: Term, naming: Naming, zone: tzinfo | None) -> str:
    rows = []
    for record in term.records:
        share = np.array([one.earned for one in record.judged]) / (record.points or 1.0)
        middle = "-"
        if share.size:
            low, mid, high = 100 * np.quantile(share, [0.25, 0.5, 0.75])
            middle = f"{mid:.0f} % ({low:.0f} to {high:.0f})"
        missing = sum(one.status == NOT_SUBMITTED for one in record.students)
        waiting = sum(one.status not in {NOT_SUBMITTED, MARKED} for one in record.students)
        late = sum(one.days_late > 0 for one in record.students)
        rows.append(
            (
                record.assignment, shown(record.due, zone) if record.due else "-",
                len(record.students) - missing,
                *map(naming.count, (missing, late, waiting)), middle,
            )
        )  # fmt: skip
    heads = ("assignment", "due", "handed in", "not submitted", "late", "wait for a person",
             "median (middle half)")  # fmt: skip
    return table("Assignments, the first due first", heads, rows)


def idea_table(term: Term, naming: Naming) -> tuple[list[str], list[list[Any]]]:
    """Return heads and rows: how many held each idea in each assignment, and what became of it.

    Parameters
    ----------
    term : Term
        What was found.
    naming : Naming
        What people are called.
    """
    heads = ["idea", *(record.assignment for record in term.records), STAYED, GONE, NOT_AGAIN]
    heads += ["inventory before", "inventory after"] if term.inventory else []
    heads += [f"who: {STAYED}"]
    rows: list[list[Any]] = []
    codes = dict.fromkeys(history.code for history in term.histories)
    for code in sorted({*codes, *term.inventory}, key=lambda code: words_for(code) or code):
        mine = [history for history in term.histories if history.code == code]
        held = [sum(h.seen.get(r.assignment) == HELD for h in mine) for r in term.records]
        asked = [
            code in _asked(r) or number > 0 for r, number in zip(term.records, held, strict=True)
        ]
        ends = {
            end: [h.student for h in mine if h.outcome == end] for end in (STAYED, GONE, NOT_AGAIN)
        }
        row = [words_for(code) or code]
        row += [naming.count(n) if a else "not asked" for n, a in zip(held, asked, strict=True)]
        row += [naming.count(len(those)) for those in ends.values()]
        if term.inventory:
            row += [_percent(one) for one in term.inventory.get(code, (None, None))]
        row.append(naming.all_of(ends[STAYED]))
        rows.append(row)
    return heads, rows


def _percent(found: Estimate | None) -> str:
    if found is None:
        return "-"
    low, high = (100 * max(0.0, min(1.0, end)) for end in (found.low, found.high))
    return f"{100 * found.value:.0f} % ({low:.0f} to {high:.0f})"


def _ideas(term: Term, naming: Naming) -> str:
    heads, rows = idea_table(term, naming)
    if not rows:
        return words("No known wrong idea was recognised in any assignment.")
    said = (
        "Students who held an idea, by what their functions return. Stayed: held again the last "
        "time that it could show in an answer of theirs; gone: not held then; not asked again: no "
        "later answer of theirs could show it. An idea that shows again may come from another "
        "function, and one that is gone in a function may live on in words."
    )
    rows = [[*row, listed(who.split("; "))] if who else [*row, who] for *row, who in rows]
    return words(said) + table("Ideas from assignment to assignment", heads, rows)


def _students(term: Term, naming: Naming) -> str:
    heads = ["student", *(record.assignment for record in term.records)]
    if naming.hidden:
        rows = [
            (naming.of(one), *(_points(record, one.id) for record in term.records))
            for one in naming.sorted(term.students)
        ]
        return table("Points of those whose work could be read", heads, rows)
    heads += [f"ideas that {STAYED}", f"ideas that are {GONE}"]
    rows = []
    for one in naming.sorted(term.students):
        mine = [history for history in term.histories if history.student.id == one.id]
        ends = [
            listed([words_for(h.code) or h.code for h in mine if h.outcome == end], 3)
            for end in (STAYED, GONE)
        ]
        rows.append(
            (naming.of(one), *(status_in(record, one.id) for record in term.records), *ends)
        )
    return table("Points, and what is missing", heads, rows)


def _points(record: Record, student: str) -> str:
    one = next((s for s in record.judged if s.id == student), None)
    return f"{one.earned:.3g}" if one is not None else "-"


def student_rows(term: Term, naming: Naming) -> list[list[Any]]:
    """Return a row for each student, for a spreadsheet."""
    names = [record.assignment for record in term.records]
    if naming.hidden:
        rows: list[list[Any]] = [["pseudonym", *names]]
        return rows + [
            [naming.of(one), *(_points(record, one.id) for record in term.records)]
            for one in naming.sorted(term.students)
        ]
    rows = [
        [
            "student",
            "last_name",
            "first_name",
            "section",
            *names,
            f"ideas {STAYED}",
            f"ideas {GONE}",
        ]
    ]
    for one in term.students:
        mine = [history for history in term.histories if history.student.id == one.id]
        ends = [", ".join(h.code for h in mine if h.outcome == end) for end in (STAYED, GONE)]
        status = [status_in(record, one.id) for record in term.records]
        rows.append([one.id, one.last, one.first, one.section, *status, *ends])
    return rows


def add_inventory(term: Term, sheets: Mapping[str, Any]) -> None:
    """Put beside each idea how often the class chose it in the inventory, before and after.

    The files hold no names: they say something of the class, nothing of a student.

    Parameters
    ----------
    term : Term
        What was found.
    sheets : mapping
        From `snrilab.grading.inventory.read_sheets`.
    """
    from snrilab.grading.inventory import form_size, idea_shares

    before, after = (idea_shares(sheets, form) for form in "AB")
    sizes = [form_size(sheets, form) for form in "AB"]
    term.inventory = {code: (before.get(code), after.get(code)) for code in {*before, *after}}
    term.inventory_words = (
        f"Inventory: {sizes[0]} complete sheets before (form A), {sizes[1]} after (form B), "
        "without names; the share of its chances at which an idea was chosen and not guessed, "
        f"with its 95 % interval. Below {FEW} sheets nothing is said. The two forms have not been "
        "compared with each other."
    )


__all__ = ["Term", "add_inventory", "idea_table", "student_rows", "term_of", "term_page"]
