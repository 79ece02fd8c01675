"""Marks into a platform's own table: one column is filled, every other byte stays as it was.

Runs in the coordinator. Platforms make a new column of a title that they do not know, and take an
empty cell for a change: so a table is never made here, and no cell is emptied.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from snrilab.classroom._class_tables import kind_of, people_by_row
from snrilab.classroom._collected import say_lists
from snrilab.classroom._gradebook import ClassroomError, is_there, opened
from snrilab.classroom._people import CLUES, Person, Roster
from snrilab.classroom._replies import BY_NAME, number_of, platform_of, read_replies, with_work
from snrilab.classroom._table import Table, TableError, read_number, read_table, written_number
from snrilab.classroom._words import NO, columns_of, letters
from snrilab.grading.export import NOT_SUBMITTED, TO_MARK, UNREAD, status_of
from snrilab.grading.feedback_basis import not_graded_yet, wait_in_words, waiting_of
from snrilab.grading.lateness import work_out_lateness

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from snrilab.grading.course import Course

TABLES = ("canvas", "moodle")  # platforms whose tables are known by their form
NEAR = 0.005  # platforms show two places


class Mark(NamedTuple):
    """What a student earned, after what lateness costs."""

    score: float
    status: str
    waits: str = ""  # how much, in words
    is_old: bool = False  # not of the work that lies there, or of another time
    is_gone: bool = False  # of work that lies nowhere any more


@dataclass
class Filled:
    """What became of a table, in sentences."""

    column: str
    data: bytes = b""
    written: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    old: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    not_in_table: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    no_mark: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)

    @property
    def status(self) -> int:
        """Exit status: 0 the table has the marks of all in it, 1 some wait, 2 it has none.

        Who is not in this table can be in another section's: named, and no failure of this one.
        """
        if not (self.written or self.changed or self.same):
            return 2
        return int(bool(self.refused or self.waiting or self.old))


class _Column(NamedTuple):
    """The column to fill."""

    place: int
    title: str
    maximum: float | None
    maxima: dict[int, float]  # row to maximum, where each row has its own cell
    comma: bool


def marks_of(course: Course, assignment: str) -> tuple[dict[str, Mark], float]:
    """Return everybody's marks as nbgrader's gradebook has them, and the most that can be had."""
    from nbgrader.api import MissingEntry

    if not is_there(course):
        raise ClassroomError(f"there is no gradebook yet: snrilab grade {assignment}")
    with opened(course) as gradebook:
        work_out_lateness(course, assignment)  # points given by hand since then have their share
        try:
            found = gradebook.find_assignment(assignment)
        except MissingEntry:
            raise ClassroomError(
                f"the gradebook does not know {assignment}: snrilab grade {assignment}"
            ) from None
        marks = {}
        for one in found.submissions:
            penalty = one.late_submission_penalty or 0.0
            waiting = waiting_of(one)
            waits = wait_in_words(waiting) if waiting else ""
            marks[one.student_id] = Mark(max(0.0, one.score - penalty), status_of(one), waits)
        for student in not_graded_yet(gradebook, course, assignment):
            before = marks.get(student, Mark(0.0, NOT_SUBMITTED))
            marks[student] = before._replace(is_old=True)
        here = with_work(course, assignment)
        for student, mark in marks.items():
            if student not in here and mark.status != NOT_SUBMITTED:
                marks[student] = mark._replace(is_gone=True)
        return marks, float(found.max_score)


def fill(
    course: Course,
    assignment: str,
    path: Path,
    people: Roster,
    *,
    title: str = "",
    partial: bool = False,
    scale: bool = False,
) -> Filled:
    """Fill a platform's table with the marks of an assignment.

    Parameters
    ----------
    course : Course
        The course.
    assignment : str
        Name of the assignment.
    path : Path
        Canvas' gradebook, Moodle's grading worksheet, or another table with one row a student.
    people : Roster
        Who is in the class.
    title : str
        Heading of the column; found by the assignment's name where it is empty.
    partial : bool
        Fill also what is not wholly marked yet.
    scale : bool
        Convert marks to the column's own maximum.
    """
    marks, most = marks_of(course, assignment)
    try:
        table = read_table(path)
    except TableError as error:
        raise ClassroomError(str(error)) from None
    kind = kind_of(table)
    column = _column(table, kind, assignment, title)
    replies = read_replies(course, assignment)
    _know_replies(people, replies)
    rows = _rows(table, kind, people, replies)
    done = Filled(column.title, formulas=table.formulas(), refused=rows.refused)
    new: dict[tuple[int, int], str] = {}
    for student, row in sorted(rows.known.items()):
        mark = marks.get(student, Mark(0.0, NOT_SUBMITTED))
        top = column.maxima.get(row, column.maximum)
        if top is not None and abs(top - most) > NEAR and not scale:
            raise ClassroomError(
                f"the column {column.title!r} has a maximum of {top:g}, {assignment} of {most:g}: "
                "correct one of them, or add --scale to convert."
            )
        if mark.is_gone:
            says = table.text(row, column.place) if column.place < len(table.rows[row]) else ""
            done.gone.append(
                student + (f", whose cell says {says}" if says not in {"", "-"} else "")
            )
            continue
        value = _value(student, mark, most, top, done, partial=partial)
        if value is None:
            continue
        why = _closed(table, kind, row, column)
        if why:
            done.refused.append(f"{student}: {why}")
            continue
        _put(table, row, column, student, value, new, done)
    done.unknown = rows.unknown
    for student in sorted(set(marks) - set(rows.known) - rows.doubtful):
        whose = platform_of(replies.get(student, {}))
        other = kind in TABLES and whose in {*TABLES, "blackboard", "brightspace", "ilias"} - {kind}
        if marks[student].status != UNREAD:
            (done.elsewhere if other else done.not_in_table).append(student)
    done.data = table.filled(new)
    return done


def _value(
    student: str, mark: Mark, most: float, top: float | None, done: Filled, *, partial: bool
) -> float | None:
    """Return the mark to write; None where there is none to be written, with a sentence."""
    if mark.is_old:
        done.old.append(student)
        return None
    if mark.status == NOT_SUBMITTED:
        done.no_mark.append(student)
        return None
    if mark.status == UNREAD or (mark.status == TO_MARK and not partial):
        waits = f" ({mark.waits})" if mark.waits else ""
        done.waiting.append(f"{student}: {mark.status}{waits}")
        return None
    value = mark.score * top / most if top is not None and most > 0 else mark.score
    if top is not None and value > top + NEAR:
        done.refused.append(f"{student}: {value:g} is more than the maximum of {top:g}")
        return None
    return value


def _put(
    table: Table,
    row: int,
    column: _Column,
    student: str,
    value: float,
    new: dict[tuple[int, int], str],
    done: Filled,
) -> None:
    if column.place >= len(table.rows[row]):
        done.refused.append(f"{student}: the row has no cell for {column.title!r}")
        return
    before = table.text(row, column.place)
    number = read_number(before)
    if number is not None and abs(number - value) < NEAR:
        done.same.append(student)
        return
    if before and before != "-":
        done.changed.append(f"{student}: {before} becomes {value:.2f}")
    else:
        done.written.append(student)
    new[row, column.place] = written_number(value, comma=column.comma)


def _closed(table: Table, kind: str, row: int, column: _Column) -> str:
    """Say why a platform would not take a mark in this row."""
    if kind == "canvas" and table.text(row, column.place).casefold() == "ex":
        return "is excused (EX)"
    if kind != "moodle":
        return ""
    known, top = columns_of(table.header).get("open"), _maximum_place(table)
    places = [known] if known is not None else [top + 1, top + 2] if top is not None else []
    if any(letters(table.text(row, place)) in NO for place in places):
        return "the platform says that this grade cannot be changed"
    return ""


# -- the column ----------------------------------------------------------------------------------


def _column(table: Table, kind: str, assignment: str, title: str) -> _Column:
    header = table.header
    twice = {words for words in header if words and header.count(words) > 1}
    if title:
        places = [n for n, words in enumerate(header) if title in {words, _bare(words)}]
    elif kind == "moodle":
        places = [_moodle_column(table)]
    else:
        places = [n for n, words in enumerate(header) if _is_title(words, assignment)]
    if not places:
        likely = ", ".join(repr(w) for w in header if re.search(r"\(\d+\)$", w)) or "none"
        raise ClassroomError(
            f"no column of the table is called like {title or assignment}: name it with "
            f"--column TITLE. It has {likely}."
        )
    if len(places) > 1 or header[places[0]] in twice:
        listed = ", ".join(repr(header[n]) for n in places)
        raise ClassroomError(f"more than one column can be meant: {listed}. Use --column TITLE.")
    place = places[0]
    if kind == "canvas":
        return _canvas_column(table, place)
    maxima = _maxima(table) if kind == "moodle" else {}
    return _Column(place, header[place], None, maxima, _has_comma(table, kind, place))


def _bare(words: str) -> str:
    """Return a title without what platforms put behind it: Canvas' number, Moodle's "(Real)"."""
    return re.sub(r"\s*\([^()]*\)$", "", words)


def _is_title(words: str, assignment: str) -> bool:
    """Whether a heading is this assignment's: its name, or words of it with more around them.

    Examples
    --------
    >>> _is_title("Assignment: ps1 (Real)", "ps1"), _is_title("ps10 (4711)", "ps1")
    (True, False)
    """
    title, wanted = (re.findall(r"[^\W_]+", w.casefold()) for w in (_bare(words), assignment))
    if not title:
        return False
    size = len(wanted)
    return "".join(title) == "".join(wanted) or wanted in (title[:size], title[-size:])


def _canvas_column(table: Table, place: int) -> _Column:
    title = table.header[place]
    if not re.search(r"\(\d+\)$", title):
        raise ClassroomError(f"{title!r} is none of Canvas' assignments: they end in a number.")
    points = [r for r in range(1, len(table.rows)) if "Points Possible" in table.text(r, 0)]
    said = table.text(points[0], place) if points else ""
    if "read only" in said:
        raise ClassroomError(f"Canvas does not take marks for {title!r}: the column is read only.")
    comma = "," in said or (not said and _has_comma(table, "canvas", place))
    return _Column(place, title, read_number(said), {}, comma or _has_comma(table, "canvas", place))


def _moodle_column(table: Table) -> int:
    """Find Moodle's column of grades; in unknown languages by the maximum that stands behind it."""
    columns = columns_of(table.header)
    if "scale" in columns:
        raise ClassroomError("this worksheet is for a scale of words: marks are numbers.")
    if "grade" in columns and columns.get("maximum") == columns["grade"] + 1:
        return columns["grade"]
    place = _maximum_place(table)
    if place is None:
        raise ClassroomError("no column of maximum grades is in the worksheet: use --column TITLE.")
    return place - 1


def _maximum_place(table: Table) -> int | None:
    known = columns_of(table.header).get("maximum")
    if known is not None:
        return known
    rows = range(1, len(table.rows))
    for place in range(3, len(table.header)):
        numbers = {read_number(table.text(row, place)) for row in rows}
        one = next(iter(numbers)) if len(numbers) == 1 else None
        before = [table.text(row, place - 1) for row in rows]
        if one and all(not w or w == "-" or read_number(w) is not None for w in before):
            return place
    return None


def _maxima(table: Table) -> dict[int, float]:
    place = _maximum_place(table)
    if place is None:
        return {}
    numbers = {row: read_number(table.text(row, place)) for row in range(1, len(table.rows))}
    return {row: number for row, number in numbers.items() if number is not None}


def _has_comma(table: Table, kind: str, place: int) -> bool:
    """Whether the table writes 87,50 for 87.50, as far as its own numbers tell."""
    places = [place] + ([n for n in [_maximum_place(table)] if n is not None] * (kind == "moodle"))
    words = [table.text(row, n) for row in range(1, len(table.rows)) for n in places]
    numbers = [w for w in words if re.fullmatch(r"\d+([.,]\d+)?", w)]
    if any("," in w for w in numbers):
        return True
    return not any("." in w for w in numbers) and table.separator == ";"


# -- the rows ------------------------------------------------------------------------------------


class _Rows(NamedTuple):
    known: dict[str, int]
    unknown: list[str]
    refused: list[str]
    doubtful: set[str]


def _know_replies(people: Roster, replies: dict[str, dict[str, str]]) -> None:
    """Add what the platform called people when their work was collected."""
    for student, reply in replies.items():
        person = people.by_id(student)
        if person is None:
            person = Person(student)
            person.know()
            people.people.append(person)
        for kind in ("participant", "lms"):
            person.add(kind, str(reply.get(kind, "")))


def _rows(table: Table, kind: str, people: Roster, replies: dict[str, dict[str, str]]) -> _Rows:
    """Say which row is whose; a person with two rows is refused, and work under another's number.

    The number under which work came may be that of another row: then a namesake handed it in.
    """
    rows = _Rows({}, [], [], set())
    clue = {"canvas": "lms", "moodle": "participant"}.get(kind, "")
    numbers: dict[int, set[str]] = {}
    names: dict[int, str] = {}
    for row, one in people_by_row(table, kind):
        clues = [(k, value) for k in CLUES for value in one.clues.get(k, ())]
        found = people.find(clues)
        names[row] = one.written.get("name") or one.email or f"row {row + 1}"
        numbers[row] = one.clues.get(clue, set())
        if found.person is None:
            (rows.refused if found.two else rows.unknown).append(f"{names[row]}: {found.why}")
        elif found.person.id in rows.known:
            first = rows.known[found.person.id]
            raise ClassroomError(
                f"the table has two rows for {found.person.id} (rows {first + 1} "
                f"and {row + 1}): correct the table or the roster; nothing was written."
            )
        else:
            rows.known[found.person.id] = row
    for student, row in list(rows.known.items()):
        reply = replies.get(student, {})
        came = number_of(reply, clue).lstrip("0")
        if not came or not numbers[row] or came in numbers[row]:
            continue
        other = next((r for r, theirs in numbers.items() if came in theirs), None)
        # Moodle numbers people anew in each assignment: by a table of another one nothing is said,
        # and who was known by more than a name is the one in this row.
        if other is None and clue == "participant" and not reply.get(BY_NAME):
            continue
        del rows.known[student]
        rows.doubtful.add(student)
        whose = (
            f"that of row {other + 1}, {names[other]}"
            if other is not None
            else (f"not {min(numbers[row])}, as in row {row + 1}")
        )
        how = "this table" if other is not None else f"a table that says whose number {came} is"
        rows.refused.append(
            f"{student}: this work came under number {came}, which is {whose}: whose is it? "
            f"Collect again with {how} as another --roster"
        )
    return rows


def save(path: Path, data: bytes, to: Path | None) -> list[str]:
    """Write a filled table; return what was written and kept, in sentences."""
    target = to or path
    if to is None:
        kept = _free_name(path)
        if data == path.read_bytes():
            return [f"{path} stays as it is."]
        kept.write_bytes(path.read_bytes())
        said = [f"{path} is filled; as it was it is kept in {kept.name}."]
    else:
        said = [f"{target} is written anew." if to.exists() else f"{target} is written."]
    new = target.with_name(f".{target.name}.new")
    new.write_bytes(data)
    os.replace(new, target)  # noqa: PTH105 -- whole or not at all
    return said


def _free_name(path: Path) -> Path:
    """Return under which name a table is kept: the first as ``.before``, later ones by the time."""
    first = path.with_name(f"{path.name}.before")
    if not first.exists():
        return first
    now = datetime.now().astimezone()
    later = first.with_name(f"{first.name}_{now:%Y-%m-%d_%H-%M-%S}")
    while later.exists():
        now += timedelta(seconds=1)
        later = first.with_name(f"{first.name}_{now:%Y-%m-%d_%H-%M-%S}")
    return later


def tell(done: Filled, say: Callable[[str], None]) -> None:
    """Say what was filled; what is not in the table comes first."""
    lists = (
        ("NOT WRITTEN", done.refused),
        ("NOT WRITTEN, waiting to be marked (--partial writes them)", done.waiting),
        ("NOT WRITTEN, other work or another time since the grading: snrilab grade", done.old),
        ("NOT WRITTEN, graded, and not in submitted/ any more (taken back, or lost?)", done.gone),
        ("NOT IN THE TABLE (of another section?)", done.not_in_table),
        ("Rows of nobody in the class", done.unknown),
        ("Nothing handed in, cell left as it was", done.no_mark),
        ("Changed", done.changed),
        ("Cells that a spreadsheet takes for formulas, left as they are", done.formulas),
    )
    say_lists(lists, say)
    if done.elsewhere:
        say(f"Handed in on another platform, and so not in this table: {len(done.elsewhere)}.")
    say(
        f"{done.column}: {len(done.written)} new marks, {len(done.changed)} changed, "
        f"{len(done.same)} as before."
    )
