"""How each question went: points, who did not attempt it, and what its numbers can bear."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from snrilab.exercises import words_for
from snrilab.grading import statistics
from snrilab.grading.scoring import OWN
from snrilab.grading.statistics import FEW

if TYPE_CHECKING:
    from snrilab._estimate import Estimate
    from snrilab.classroom._report.questions import Part, Question
    from snrilab.classroom._report.record import Record, Student

HARD, EASY, APART = 0.3, 0.9, 0.2  # the usual limits of share and discrimination


@dataclass(frozen=True)
class PartResult:
    """One graded cell over the class.

    Parameters
    ----------
    share : float
        Mean share of its points; NaN where nobody has any yet.
    reason, times : str, int
        The most frequent reason for a loss, and how often it was given.
    """

    part: Part
    share: float
    reason: str = ""
    times: int = 0


@dataclass(frozen=True)
class QuestionResult:
    """One question over the class.

    Parameters
    ----------
    marked, waiting : int
        Students whose points are known, and those whom a person has yet to mark.
    not_attempted : int
        Students who left the answer as it was handed out.
    nothing : int
        Students who attempted it and earned nothing.
    share : Estimate or None
        Mean share of the points of those marked.
    discrimination : Estimate or None
        Correlation with the total of the other questions; None below 27 students.
    by_hand : int
        Students whose points a person gave.
    """

    question: Question
    marked: int
    waiting: int
    not_attempted: int
    nothing: int
    share: Estimate | None = None
    discrimination: Estimate | None = None
    by_hand: int = 0
    parts: tuple[PartResult, ...] = ()

    @property
    def doubts(self) -> str:
        """What is outside of the usual limits with its whole interval; empty below 27 students."""
        share, apart = self.share, self.discrimination
        if self.marked < FEW or share is None:
            return ""
        found = []
        if share.high < HARD:
            found.append("hard")
        if share.low > EASY:
            found.append("easy")
        if apart is not None and apart.high < APART:
            found.append("goes little with the rest")
        return ", ".join(found)


@dataclass(frozen=True)
class Results:
    """All questions, and what they say together.

    Parameters
    ----------
    totals : ndarray
        Points of each student whose work could be read, before what lateness costs.
    complete : int
        Students in reliability and discrimination: every question that counts is marked.
    left_out : list of str
        Questions not in them, since most of the class waits to be marked.
    reliability : Estimate or None
        None below 27 such students.
    """

    questions: list[QuestionResult]
    totals: np.ndarray
    complete: int = 0
    left_out: list[str] = field(default_factory=list)
    reliability: Estimate | None = None


def results_of(record: Record) -> Results:
    """Return how each question went.

    Parameters
    ----------
    record : Record
        The assignment.
    """
    students = record.judged
    known = np.array([[_is_marked(one, q) for q in record.questions] for one in students])
    table = np.array([[_points(one, q) for q in record.questions] for one in students])
    known = known.reshape(len(students), len(record.questions)).astype(bool)
    table = table.reshape(known.shape)
    # A question that most of the class waits for says nothing yet; neither does one without points.
    worth = np.array([q.points > 0 for q in record.questions], dtype=bool)
    counts = worth & (known.sum(axis=0) * 2 >= max(len(students), 1))
    complete = known[:, counts].all(axis=1)
    enough = int(complete.sum()) >= FEW and int(counts.sum()) > 1
    whole = table[complete][:, counts]
    places = np.flatnonzero(counts)
    apart: dict[int, Estimate] = {}
    if enough:
        apart = dict(zip(places.tolist(), statistics.discriminations(whole), strict=True))
    found = [
        _one(question, students, known[:, n], table[:, n], apart.get(n))
        for n, question in enumerate(record.questions)
    ]
    return Results(
        found,
        np.array([one.earned for one in students]),
        int(complete.sum()),
        [q.name for q, in_it, any_points in zip(record.questions, counts, worth, strict=True)
         if any_points and not in_it],
        statistics.reliability(whole) if enough else None,
    )  # fmt: skip


def _one(
    question: Question,
    students: list[Student],
    known: np.ndarray,
    points: np.ndarray,
    apart: Estimate | None,
) -> QuestionResult:
    left = [question.answer in one.untouched for one in students]
    share = None
    if known.any() and question.points > 0:
        share = statistics.shares(np.clip(points[known] / question.points, 0, 1))
    if apart is not None and not np.isfinite(apart.value):
        apart = None
    given = [
        one.marks[part.key].by_hand
        for one in students for part in question.parts if part.key in one.marks
    ]  # fmt: skip
    return QuestionResult(
        question,
        int(known.sum()),
        int((~known).sum()),
        sum(left),
        sum(bool(k) and p == 0 and not n for k, p, n in zip(known, points, left, strict=True)),
        share,
        apart,
        sum(given) if question.by_hand else 0,
        tuple(_part(part, students, question.functions) for part in question.parts),
    )


def _part(part: Part, students: list[Student], functions: tuple[str, ...]) -> PartResult:
    marks = [one.marks[part.key] for one in students if part.key in one.marks]
    points = [mark.points for mark in marks if mark.points is not None]
    share = float(np.mean(points)) / part.points if points and part.points > 0 else float("nan")
    reasons = Counter(
        cause_of(one, mark.reason, functions)
        for one in students
        if (mark := one.marks.get(part.key)) is not None and mark.reason
    )
    [(reason, times)] = reasons.most_common(1) or [("", 0)]
    return PartResult(part, share, reason, times)


def cause_of(one: Student, reason: str, functions: tuple[str, ...]) -> str:
    """Say for a lecturer what cost somebody points.

    The idea that this student's own values follow from comes first: a test's message names what
    most who fail it do, and not what this one did. What is written for students is left out.

    Parameters
    ----------
    one : Student
        Who lost the points.
    reason : str
        What the student reads.
    functions : tuple of str
        Functions that the question asks for.
    """
    codes = [one.ideas[name] for name in functions if name in one.ideas]
    if codes:
        return words_for(codes[0]) or codes[0]
    stopped = re.match(r"(?:\w+ )*?(\w*(?:Error|Exception))\b", reason)
    if stopped:
        return f"the answer stopped ({stopped[1]})"
    if reason.startswith("this did not work: "):
        return "a value is not the one expected"
    return reason.removesuffix(OWN).rstrip("; ")


def _is_marked(one: Student, question: Question) -> bool:
    marks = [one.marks.get(part.key) for part in question.parts]
    return all(mark is not None and not mark.left for mark in marks)


def _points(one: Student, question: Question) -> float:
    marks = [one.marks.get(part.key) for part in question.parts]
    return sum(mark.points or 0.0 for mark in marks if mark is not None)
