"""The roster of a course folder: who is in the class, by the tables of platforms, and who is not.

Runs in the coordinator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from snrilab.classroom._class_tables import keep_ids, keep_people, namesakes, read_roster
from snrilab.classroom._gradebook import ClassroomError, opened, people_of
from snrilab.classroom._table import read_table
from snrilab.grading.export import write_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from snrilab.classroom._people import Person, Roster
    from snrilab.grading.course import Course

ROSTER = "students.csv"
COLUMNS = ("id", "first_name", "last_name", "email", "lms_user_id")  # of nbgrader's roster
WITHOUT = ".snrilab/not_students.txt"


def who_is_in(course: Course, tables: Sequence[Path]) -> Roster:
    """Return who is in the class: as told, else from the course folder, else from the gradebook.

    Parameters
    ----------
    course : Course
        The course.
    tables : sequence of Path
        Tables that say so; none where the course's own roster does.
    """
    roster = told(course, tables)
    if roster is not None:
        return roster
    roster = people_of(course)
    if not roster.people:
        raise ClassroomError("who is in the class? Add --roster FILE, or see snrilab roster.")
    return roster


def told(course: Course, tables: Sequence[Path]) -> Roster | None:
    """Return who is in the class by tables; everybody has the id of the course's own roster.

    Whichever table comes first, and whether that roster is among them: work lies under its ids.

    Parameters
    ----------
    course : Course
        The course.
    tables : sequence of Path
        Tables that say so; none where the course's own roster does.
    """
    there = course.root / ROSTER
    own = there.is_file() and there.stat().st_size > 0
    paths = list(tables) or ([there] if own else [])
    if not paths:
        return None
    roster = read_roster(paths, without=_not_students(course))
    if own and paths[0].resolve() != there.resolve():
        keep_ids(roster, read_roster([there], empty=True))
    return roster


def bring_up_to_date(
    course: Course, tables: Sequence[Path], to: Path | None, without: Sequence[str]
) -> list[str]:
    """Write the roster anew from tables of platforms, tell the gradebook, and say what is new.

    Parameters
    ----------
    course : Course
        The course.
    tables : sequence of Path
        Tables that platforms export.
    to : Path or None
        Roster to write; the course's own when None.
    without : sequence of str
        Who is no student; kept for later tables.
    """
    path = to or course.root / ROSTER
    known = _not_students(course)
    nobody = [*known, *without]
    anew = path.exists()
    before = (
        read_roster([path], without=nobody, empty=True) if anew and path.stat().st_size else None
    )
    roster = read_roster(tables, join=True, without=nobody, before=before)
    roster.without += before.without if before is not None else []
    unknown = [name for name in without if not any(p.is_called(name) for p in roster.without)]
    if unknown:
        raise ClassroomError(f"nobody in the table is called {', '.join(unknown)}.")
    left_out = [*roster.without, *roster.others]
    kept = keep_ids(roster, before) if before is not None else []
    elsewhere = keep_people(roster, before, left_out) if before is not None else []
    rows = _write(path, roster, before)
    there, taken = _into_gradebook(course, rows, left_out, before)
    if without:
        _keep_not_students(course, [*known, *(p.mark for p in roster.without)])
    counts = [f"{number} of {name}{_known(old)}" for name, number, old in roster.tables]
    counts += [f"{len(elsewhere)} of before"] if elsewhere else []
    lines = [
        f"{path} {'is written anew' if anew else 'is written'}: {len(rows)} students"
        + (f" ({', '.join(counts)})." if len(counts) > 1 else "."),
        *(f"{note}; --without NAME leaves somebody out." for note in roster.notes),
    ]
    if roster.others:
        others = ", ".join(f"{one.said} ({one.role})" for one in roster.others)
        lines.append(
            f"No student by the column of roles, left out ({len(roster.others)}): {others}"
        )
    if roster.without:
        named = ", ".join(dict.fromkeys(one.said for one in roster.without))
        lines.append(
            f"No student, as told, left out: {named}. {WITHOUT} keeps it, a line for each."
        )
    lines += _who_is_who(path, roster, before, kept, elsewhere)
    new = [person.id for person in roster.people if person.id not in there]
    lines.append(
        f"Gradebook: {len(new)} new, {len(rows) - len(new)} brought up to date"
        + (f", taken out: {', '.join(taken)}." if taken else ".")
    )
    if gone := sorted(there.keys() - {person.id for person in roster.people}):
        lines.append(
            f"In the gradebook, not in the table ({len(gone)}), left there: {', '.join(gone)}"
        )
    return lines


def _into_gradebook(
    course: Course, rows: list[list[str]], left_out: list[Person], before: Roster | None
) -> tuple[dict[str, bool], list[str]]:
    """Tell the gradebook who is in the class; return who was there, and who was taken out."""
    with opened(course) as gradebook:
        there = {student.id: bool(student.submissions) for student in gradebook.students}
        for row in rows:
            words = dict(zip(COLUMNS, row, strict=True))
            gradebook.update_or_create_student(words.pop("id"), **words)
        ids = {one.id for one in left_out} | {
            person.id
            for person in (before.people if before is not None else [])
            if any(person.is_called(one.mark) for one in left_out)
        }
        taken = sorted(one for one in ids if there.get(one) is False)  # nothing of theirs is there
        for one in taken:
            gradebook.remove_student(one)
            del there[one]
    return there, taken


def _write(path: Path, roster: Roster, before: Roster | None) -> list[list[str]]:
    """Write who is in the class, with the columns that nbgrader does not know; return its own."""
    rows = [[p.id, p.first, p.last, p.email, p.lms] for p in roster.people]
    own = _own_columns(path, [*COLUMNS, "section"]) if before is not None else {}
    heads = ["section", *own.get("id", [])]
    more = {p.id: [p.section, *own.get(p.id, own.get("", []))] for p in roster.people}
    used = [n for n in range(len(heads)) if n or any(cells[0] for cells in more.values())]
    table = [[*row, *(more[row[0]][n] for n in used)] for row in rows]
    write_table(path, [[*COLUMNS, *(heads[n] for n in used)], *table])
    return rows


def _who_is_who(
    path: Path, roster: Roster, before: Roster | None, kept: list[str], elsewhere: list[str]
) -> Iterator[str]:
    """Say whom a roster names by what, and who stays though no table has them."""
    if kept:
        yield f"Ids stay as they were for {len(kept)} of them, whatever the table would make them."
    if roster.by_name:
        named = ", ".join(roster.by_name)
        yield f"One person in two tables by the name alone ({len(roster.by_name)}): {named}"
    known = {person.id for person in before.people} if before is not None else set()
    for line in namesakes(roster, [p.id for p in roster.people if p.id not in known]):
        yield (
            f"SAME NAME: {line}. Two people? Then all is well. One? Delete the new line in "
            f"{path.name} and give the tables of both platforms in one command."
        )
    if elsewhere:
        yield (
            f"In none of these tables, kept ({len(elsewhere)}): {', '.join(sorted(elsewhere))}. "
            f"Who has left: delete the line in {path.name}."
        )


def _own_columns(path: Path, known: list[str]) -> dict[str, list[str]]:
    """Return what a roster has besides, such as groups: headings under "id", then by student.

    Under "" stands what a student has who is not in it yet.
    """
    table = read_table(path)
    if "id" not in table.header:
        return {}
    places = [n for n, words in enumerate(table.header) if words not in known]
    name = table.header.index("id")
    found = {
        table.text(row, name): [table.text(row, n) for n in places]
        for row in range(len(table.rows))
    }
    return found | {"": [""] * len(places), "id": [table.header[n] for n in places]}


def _known(number: int) -> str:
    return f" and {number} known already" if number else ""


def _not_students(course: Course) -> list[str]:
    """Return who was said to be no student, to leave them out of every table."""
    try:
        lines = (course.root / WITHOUT).read_text("utf-8").splitlines()
    except OSError:
        return []
    return [line.strip() for line in lines if line.strip()]


def _keep_not_students(course: Course, names: list[str]) -> None:
    path = course.root / WITHOUT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{name}\n" for name in dict.fromkeys(names)), "utf-8")
