"""Who needs a lecturer: missing, late, unreadable, only text, not attempted; what each 0 means."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from snrilab.grading.export import NOT_SUBMITTED, TO_MARK, UNREAD

if TYPE_CHECKING:
    from datetime import datetime

    from snrilab.classroom._report.questions import Question
    from snrilab.classroom._report.record import Record, Student

NOT_ATTEMPTED, EARNED = "not attempted", "attempted, nothing earned"


@dataclass
class Standing:
    """Students by what they need.

    Parameters
    ----------
    has_time : list of Student
        Nothing handed in, and the student's own due date is still to come.
    missing : list of Student
        Nothing handed in, and none of the other reasons.
    held : list of Student
        A person must decide: something could not be read or placed.
    only_text : list of Student
        Words were handed in, and no code at all.
    blank : list of Student
        The assignment came back as it was handed out.
    """

    has_time: list[Student] = field(default_factory=list)
    missing: list[Student] = field(default_factory=list)
    held: list[Student] = field(default_factory=list)
    late: list[Student] = field(default_factory=list)
    extended: list[Student] = field(default_factory=list)
    only_text: list[Student] = field(default_factory=list)
    blank: list[Student] = field(default_factory=list)
    to_mark: list[Student] = field(default_factory=list)
    strangers: list[Student] = field(default_factory=list)


def standing_of(record: Record, now: datetime) -> Standing:
    """Sort a class by what each student needs.

    Parameters
    ----------
    record : Record
        The assignment.
    now : datetime
        The present (UTC), to tell who still has time.
    """
    found = Standing()
    for one in record.students:
        due = record.due + one.extension if record.due is not None else None
        if one.extension:
            found.extended.append(one)
        if not one.in_roster:
            found.strangers.append(one)
        if one.status == NOT_SUBMITTED:
            (found.has_time if due is not None and due > now else found.missing).append(one)
            continue
        if one.late > timedelta():
            found.late.append(one)
        if one.held and one.left:
            found.held.append(one)
        elif one.status == TO_MARK:
            found.to_mark.append(one)
        if one.unread or one.unreadable:
            continue
        written, code = _answered(one, record)
        if not code and written:
            found.only_text.append(one)
        elif not code:
            found.blank.append(one)
    return found


def _answered(one: Student, record: Record) -> tuple[bool, bool]:
    """Return whether there is anything in words, and anything in code."""
    written = bool(one.held)  # words that stand outside of the answers wait for a person
    code = False
    asked_for_code = False
    for question in record.questions:
        is_code = any(part.kind == "test" for part in question.parts)
        asked_for_code |= is_code
        if not question.answer or question.answer in one.untouched:
            continue
        code |= is_code
        written |= not is_code
    return written, code or (written and not asked_for_code)


def meaning_of(one: Student, question: Question) -> str:
    """Say what a student's points on a question mean where they are none; empty otherwise.

    Parameters
    ----------
    one : Student
        The student.
    question : Question
        The question.
    """
    if one.status in {NOT_SUBMITTED, UNREAD}:
        return one.status
    marks = [one.marks[part.key] for part in question.parts if part.key in one.marks]
    if any(mark.points is None for mark in marks) or not marks:
        return TO_MARK
    if any(mark.points for mark in marks):
        return ""
    left = question.answer in one.untouched and not any(mark.by_hand for mark in marks)
    return NOT_ATTEMPTED if left else EARNED


def zeros_of(record: Record) -> dict[str, tuple[int, int]]:
    """Count what a 0 means: meaning to the students of whom all, and the marks of which it holds.

    Parameters
    ----------
    record : Record
        The assignment.
    """
    kinds = (NOT_SUBMITTED, UNREAD, TO_MARK, NOT_ATTEMPTED, EARNED)
    marks = dict.fromkeys(kinds, 0)
    whole = dict.fromkeys(kinds, 0)
    for one in record.students:
        meanings = [meaning_of(one, question) for question in record.questions]
        for meaning in filter(None, meanings):
            marks[meaning] += 1
        if meanings and all(meanings):
            # The whole work has no points: for the reason that a person can do most about.
            whole[next(kind for kind in kinds if kind in meanings)] += 1
    return {kind: (whole[kind], marks[kind]) for kind in kinds}
