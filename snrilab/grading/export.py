"""Grades as a table that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.plugins import CsvExportPlugin

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


class SafeCsvExport(CsvExportPlugin):  # type: ignore[misc]
    """nbgrader's CSV export with safe cells."""

    def export(self, gradebook: Any) -> None:
        """Write the table, with the columns of nbgrader's own export."""
        from nbgrader.api import MissingEntry

        rows: list[list[Any]] = [list(COLUMNS)]
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
                    }
                rows.append([row.get(column) for column in COLUMNS])
        write_table(Path(self.to or "grades.csv"), rows)
