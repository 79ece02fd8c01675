"""The tables beside the page; `write_table` keeps a spreadsheet from finding formulas in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.classroom._report.ideas import one_line
from snrilab.classroom._report.standing import meaning_of

if TYPE_CHECKING:
    from snrilab._estimate import Estimate
    from snrilab.classroom._report.ideas import Group
    from snrilab.classroom._report.naming import Naming
    from snrilab.classroom._report.record import Record, Student
    from snrilab.classroom._report.results import Results

Rows = list[list[Any]]


def question_rows(results: Results, naming: Naming) -> Rows:
    """Return a row for each question, in the assignment's order."""
    rows: Rows = [
        [
            "question", "heading", "tests", "points", "marked", "waiting", "not attempted",
            "attempted, nothing earned", "share", "share low", "share high",
            "correlation with the rest", "correlation low", "correlation high", "look at",
            "most frequent reason", "times",
        ]
    ]  # fmt: skip
    for one in results.questions:
        worst = max(one.parts, key=lambda part: part.times)
        rows.append(
            [
                one.question.name, one.question.heading, len(one.parts), one.question.points,
                one.marked,
                *map(naming.count, (one.waiting, one.not_attempted, one.nothing)),
                *_three(one.share),
                *_three(one.discrimination), one.doubts, worst.reason, worst.times or "",
            ]
        )  # fmt: skip
    return rows


def _three(found: Estimate | None) -> list[Any]:
    values = (found.value, found.low, found.high) if found is not None else (np.nan,) * 3
    return [round(float(value), 4) if np.isfinite(value) else "" for value in values]


def student_rows(record: Record, naming: Naming) -> Rows:
    """Return a row for each student; a cell without points says why there are none."""
    names = [question.name for question in record.questions]
    if naming.hidden:
        rows: Rows = [["pseudonym", "points", "of", *names]]
        return rows + [
            [naming.of(one), one.earned, record.points, *_marks(one, record)]
            for one in naming.sorted(record.judged)
        ]
    rows = [
        [
            "student", "last_name", "first_name", "section", "status", "days late",
            "extension in days", "points taken for lateness", "points", "of", "not attempted",
            "waits", "ideas", "comments", *names,
        ]
    ]  # fmt: skip
    for one in record.students:
        left = [q.name for q in record.questions if q.answer in one.untouched]
        waits = [q.name for q in record.questions if any(p.key in one.left for p in q.parts)]
        said = " / ".join(one_line(comment) for _, comment in sorted(one.comments.items()))
        extension = one.extension.total_seconds() / 86_400
        rows.append(
            [
                one.id, one.last, one.first, one.section, one.status,
                "late, minutes unknown" if one.late_unknown else one.days_late,
                round(extension, 3) if extension else "", one.penalty or "",
                one.score if one.submitted else "", record.points, ", ".join(left),
                ", ".join(waits) if one.submitted else "",
                ", ".join(sorted(set(one.ideas.values()))), said, *_marks(one, record),
            ]
        )  # fmt: skip
    return rows


def _marks(one: Student, record: Record) -> list[Any]:
    cells: list[Any] = []
    for question in record.questions:
        meaning = meaning_of(one, question)
        marks = [one.marks[part.key] for part in question.parts if part.key in one.marks]
        points = sum(mark.points or 0.0 for mark in marks)
        cells.append(meaning if meaning and not meaning.startswith("attempted") else points)
    return cells


def idea_rows(groups: list[Group], naming: Naming) -> Rows:
    """Return a row for each idea: groups for an office hour."""
    rows: Rows = [["idea", "in words", "seen in", "a line to start from", "students", "who"]]
    return rows + [
        [
            group.code, group.idea, ", ".join(group.where), group.refutation,
            naming.count(len(group.students)), naming.all_of(group.students),
        ]
        for group in groups
    ]  # fmt: skip
