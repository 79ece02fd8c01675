"""Write the report: find everything out, then all files, or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from snrilab.classroom._gradebook import ClassroomError
from snrilab.classroom._pseudonyms import pseudonyms_of
from snrilab.classroom._report.alike import alike_in
from snrilab.classroom._report.alike_page import alike_chapter, alike_rows
from snrilab.classroom._report.answers import work_of
from snrilab.classroom._report.ideas import groups_of
from snrilab.classroom._report.naming import LEAST, Naming
from snrilab.classroom._report.page import assignment_page
from snrilab.classroom._report.record import assignments_of, read_record
from snrilab.classroom._report.results import results_of
from snrilab.classroom._report.scheme import items_of
from snrilab.classroom._report.solutions import Blank, write_solutions
from snrilab.classroom._report.standing import standing_of
from snrilab.classroom._report.tables import idea_rows, question_rows, student_rows
from snrilab.classroom._report.term import (
    add_inventory,
    idea_table,
    term_of,
    term_page,
)
from snrilab.classroom._report.term import (
    student_rows as term_rows,
)
from snrilab.grading.export import write_table

if TYPE_CHECKING:
    from datetime import tzinfo
    from pathlib import Path

    from snrilab.classroom._people import Roster
    from snrilab.classroom._report.record import Record
    from snrilab.classroom._report.results import Results
    from snrilab.grading.course import Course


@dataclass(frozen=True)
class Wanted:
    """How a report is to be.

    Parameters
    ----------
    roster : Roster, optional
        Who is in the class, with sections; otherwise those in the gradebook.
    section : str
        Only this section.
    pseudonyms : bool
        Name nobody.
    zone : tzinfo, optional
        Zone of the times shown; this machine's where it is None.
    to : Path, optional
        The page; the tables stand beside it.
    inventory : Path, optional
        For the term: folder with the files of the concept inventory.
    jplag : Path, optional
        Folder to write the answers into, for JPlag and Dolos.
    """

    roster: Roster | None = None
    section: str = ""
    pseudonyms: bool = False
    zone: tzinfo | None = None
    to: Path | None = None
    inventory: Path | None = None
    jplag: Path | None = None


def write_report(course: Course, assignment: str, wanted: Wanted | None = None) -> list[Path]:
    """Write the page on an assignment and the tables beside it; return their paths.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    wanted : Wanted, optional
        How.
    """
    wanted = wanted or Wanted()
    record = read_record(course, assignment, wanted.roster, wanted.section)
    naming = _naming(course, [one.id for one in record.students], len(record.judged), wanted)
    results = results_of(record)
    groups = groups_of(record)
    standing = standing_of(record, datetime.now(UTC).replace(tzinfo=None))
    if naming.hidden:  # an error can name what somebody has called something
        results = without_names(results, record)
    more: list[tuple[str, str, str]] = []
    if not naming.hidden or wanted.jplag is not None:
        work = work_of(course, record)
    if not naming.hidden:  # two are a group below five
        alike = alike_in(work)
        more = [("alike", "What is alike", alike_chapter(alike, record, naming, wanted.zone))]
    items = items_of(course, record)
    whole = assignment_page(record, results, standing, groups, naming, wanted.zone, items, more)
    written = []
    if wanted.jplag is not None:
        pseudonyms = pseudonyms_of(course.root, [one.id for one in record.students])
        written = write_solutions(wanted.jplag, work, record, pseudonyms)
    page = _page_path(course, f"report_{assignment}", wanted)
    page.write_text(whole, "utf-8")
    tables = {
        "questions": question_rows(results, naming),
        "students": student_rows(record, naming),
        "ideas": idea_rows(groups, naming),
    }
    if not naming.hidden:
        tables["alike"] = alike_rows(alike, record, naming)
    return [page, *_write_tables(page, tables), *written]


def without_names(results: Results, record: Record) -> Results:
    """Return results whose reasons name nobody of the class."""
    blank = Blank(record.students)
    questions = [
        replace(
            one, parts=tuple(replace(part, reason=blank.words(part.reason)) for part in one.parts)
        )
        for one in results.questions
    ]
    return replace(results, questions=questions)


def write_term(course: Course, wanted: Wanted | None = None) -> list[Path]:
    """Write the page on the term and the tables beside it; return their paths.

    Parameters
    ----------
    course : Course
        The course.
    wanted : Wanted, optional
        How.
    """
    wanted = wanted or Wanted()
    term = term_of(course, assignments_of(course), wanted.roster, wanted.section)
    readable = {one.id for record in term.records for one in record.judged}
    naming = _naming(course, [one.id for one in term.students], len(readable), wanted)
    if wanted.inventory is not None:
        add_inventory(term, _sheets(wanted.inventory))
    whole = term_page(term, naming, wanted.zone)
    heads, ideas = idea_table(term, naming)
    path = _page_path(course, "report_term", wanted)
    path.write_text(whole, "utf-8")
    tables = {"students": term_rows(term, naming), "ideas": [heads, *ideas]}
    return [path, *_write_tables(path, tables)]


def _sheets(folder: Path) -> dict[str, Any]:
    from snrilab.grading.inventory import read_sheets

    paths = list(folder.rglob("inventory_*.json")) if folder.is_dir() else []
    if not paths:
        raise ClassroomError(f"there is no file inventory_*.json in {folder}.")
    return read_sheets(paths)[0]


def _naming(course: Course, students: list[str], readable: int, wanted: Wanted) -> Naming:
    if not wanted.pseudonyms:
        return Naming()
    if readable < LEAST:
        raise ClassroomError(
            f"the work of {readable} students could be read: below {LEAST} a page without names "
            "would still tell who is who."
        )
    return Naming(pseudonyms_of(course.root, students))


def _page_path(course: Course, name: str, wanted: Wanted) -> Path:
    if wanted.to is not None:
        return wanted.to
    name += f"_{''.join(c if c.isalnum() else '-' for c in wanted.section)}" * bool(wanted.section)
    return course.root / f"{name}{'_pseudonyms' if wanted.pseudonyms else ''}.html"


def _write_tables(page: Path, tables: dict[str, list[list[Any]]]) -> list[Path]:
    paths = []
    for name, rows in tables.items():
        path = page.with_name(f"{page.stem}_{name}.csv")
        write_table(path, rows)
        paths.append(path)
    return paths
