"""Grades as a table that no spreadsheet takes for formulas.

Runs in nbgrader's own process.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.plugins import CsvExportPlugin

from snrilab.grading.standing import is_left

if TYPE_CHECKING:
    from collections.abc import Iterable

# Each sign as it is and as wide as an ideograph, which some spreadsheets take for the same.
STARTS = tuple("=+-@|%＝＋－＠｜％")

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
    "status",
)


def safe_cell(value: Any) -> Any:
    """Return a cell that a spreadsheet shows as it is.

    Numbers stay numbers; text that would start a formula gets an apostrophe in front.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell(-2.5), safe_cell("-2.5"), safe_cell("Ann")
    ("'=HYPERLINK(1)", -2.5, '-2.5', 'Ann')
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    plain = "".join(c if c.isprintable() else " " for c in value)
    # Where a semicolon parts the cells, what follows one is a cell of its own.
    plain = re.sub(rf"(;\s*)(?=[{re.escape(''.join(STARTS))}])", r"\1'", plain)
    try:
        float(plain)
    except ValueError:
        return f"'{plain}" if plain.lstrip().startswith(STARTS) else plain
    return plain


def write_table(path: Path, rows: Iterable[Iterable[Any]]) -> None:
    """Write rows as a CSV file that is safe to open in a spreadsheet."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([safe_cell(cell) for cell in row] for row in rows)


NOT_SUBMITTED, UNREAD, TO_MARK, LATE, DONE = (
    "not submitted", "not read: waits for a person", "not marked yet", "graded, late", "graded",
)  # fmt: skip


def status_of(found: Any) -> str:
    """Say what a submission's points mean: a 0 can be five different things."""
    grades = [grade for notebook in found.notebooks for grade in notebook.grades]
    if not grades:
        return NOT_SUBMITTED  # an extension, and nothing handed in
    open_ones = [g for g in grades if g.auto_score is None and g.manual_score is None]
    if len(open_ones) == len(grades):
        tested = any(getattr(g.cell, "cell_type", "") == "code" for g in grades)
        return UNREAD if tested else TO_MARK
    if any(is_left(g.auto_score, g.manual_score, flagged=g.needs_manual_grade) for g in grades):
        return TO_MARK
    return LATE if found.late_submission_penalty else DONE


def _parts(found: Any) -> dict[str, float]:
    """Return the points of each graded cell."""
    return {
        grade.name: grade.score
        for notebook in found.notebooks
        for grade in sorted(notebook.grades, key=lambda grade: str(grade.name))
    }


class SafeCsvExport(CsvExportPlugin):  # type: ignore[misc]
    """nbgrader's CSV export with safe cells."""

    def export(self, gradebook: Any) -> None:
        """Write the table: nbgrader's columns, what a 0 means, and the points of each part."""
        from nbgrader.api import MissingEntry

        made: list[dict[str, Any]] = []
        for assignment in gradebook.assignments:
            if self.assignment and assignment.name not in map(str, self.assignment):
                continue
            for student in gradebook.students:
                if self.student and student.id not in map(str, self.student):
                    continue
                row = {
                    "assignment": assignment.name,
                    "duedate": assignment.duedate,
                    "student_id": student.id,
                    "last_name": student.last_name,
                    "first_name": student.first_name,
                    "email": student.email,
                    "max_score": assignment.max_score,
                    "raw_score": 0.0,
                    "late_submission_penalty": 0.0,
                    "score": 0.0,
                    "status": NOT_SUBMITTED,
                }
                try:
                    found = gradebook.find_submission(assignment.name, student.id)
                except MissingEntry:
                    found = None
                if found is not None:
                    penalty = found.late_submission_penalty or 0.0
                    row |= {
                        "timestamp": found.timestamp,
                        "raw_score": found.score,
                        "late_submission_penalty": penalty,
                        "score": max(0.0, found.score - penalty),
                        "status": status_of(found),
                    }
                    row |= {f"points {name}": points for name, points in _parts(found).items()}
                made.append(row)
        parts = list(dict.fromkeys(c for row in made for c in row if c.startswith("points ")))
        columns = [*COLUMNS, *parts]
        rows: list[list[Any]] = [
            columns,
            *([row.get(column) for column in columns] for row in made),
        ]
        write_table(Path(self.to or "grades.csv"), rows)
