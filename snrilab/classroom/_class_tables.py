"""A roster from the tables that platforms export: rows as people, one person in several tables.

Runs in the coordinator.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from snrilab.classroom._people import (
    CLUES,
    LASTING,
    NOT_THERE,
    Found,
    Person,
    Roster,
    RosterError,
    differing,
    having,
)
from snrilab.classroom._table import Table, TableError, read_table
from snrilab.classroom._words import columns_of, is_student, letters, read_moment
from snrilab.grading.people import problem_with, problem_with_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def read_roster(
    paths: Sequence[Path],
    *,
    join: bool = False,
    without: Sequence[str] = (),
    empty: bool = False,
    before: Roster | None = None,
) -> Roster:
    """Read who is in the class from one or more tables.

    nbgrader's roster (``id,first_name,last_name,email,lms_user_id``), Canvas' gradebook, Moodle's
    grading worksheet and list of participants, or another table with such columns. The first
    table says who there is; the others add numbers, addresses and times to these people, and with
    `join` people whom no earlier table has, such as a second section. Where a table has a column
    of roles, only students are read.

    Parameters
    ----------
    paths : sequence of Path
        The tables.
    join : bool
        Add whom only a later table has.
    without : sequence of str
        Names, addresses, logins or numbers of those who are no students.
    empty : bool
        Whether a table may name nobody, or nobody else.
    before : Roster, optional
        Who was in the class already: it tells namesakes apart.
    """
    whole = Roster()
    for place, path in enumerate(paths):
        try:
            table = read_table(path)
        except TableError as error:
            raise RosterError(str(error)) from None
        rows = _students_in(table, path.name, without, whole)
        if not rows and not empty:
            raise RosterError(f"{path.name} names nobody: its columns are not those of a roster.")
        there = len(whole.people)
        for row in rows:
            row.table = place
        if place == 0:
            whole.people = rows
        else:
            apart = _namesakes(whole, rows, before)
            found = [(row, None if id(row) in apart else whole.find(_clues(row))) for row in rows]
            known = {id(w.person) for row, w in found if w and w.person and _share(row, w.person)}
            found = [
                (row, None if w and id(w.person) in known and not _share(row, w.person) else w)
                for row, w in found
            ]
            for row, who in found:  # two rows of one table are two people, also of one name
                _merge(whole, row, who, join=join)
        added = len(whole.people) - there
        whole.tables.append((path.name, added, len(rows) - added))
        _refuse_twins(whole, path.name)
    return whole


def _students_in(table: Table, name: str, without: Sequence[str], whole: Roster) -> list[Person]:
    """Return the students of a table, named; who else stands in it is told in `whole`."""
    kind = kind_of(table)
    people = [p for _, p in people_by_row(table, kind) if any(p.clues.values())]
    for word in without:
        meant = [one for one in people if one.is_called(word)]
        if len({one.mark for one in meant}) > 1:
            marks = ", ".join(one.mark for one in meant[:4])
            raise RosterError(f"{name}: {word} can be {marks}: say which of these.")
        whole.without += meant
        people = [one for one in people if one not in meant]
    roles = [one.role for one in people if one.role]
    if any(map(is_student, roles)):
        whole.others += [one for one in people if one.role and not is_student(one.role)]
        people = [one for one in people if not one.role or is_student(one.role)]
    elif roles:
        known = ", ".join(sorted(set(roles))[:4])
        whole.notes.append(
            f"{name}: none of its roles ({known}) is known here as a student's, so everybody stays"
        )
    if kind == "nbgrader" or not people:
        return people
    whole.notes += _few_without(people, name)
    if not any(one.clues.get("name") for one in people):
        heads = ", ".join(table.header[:8])
        whole.notes.append(
            f"{name}: none of its columns ({heads}) is known here as a name, and platforms name "
            "work by it: call them 'First name' and 'Last name', or 'Full name'"
        )
    return _with_ids(people, table.header)


def _few_without(people: list[Person], name: str) -> list[str]:
    """Say who has no login or number when nearly all others have: often no student."""
    for kind in ("login", "number"):
        few = [one.said for one in people if not one.written.get(kind)]
        if 0 < len(few) <= max(1, len(people) // 5) < len(people):
            return [f"{name}: no {kind} for {', '.join(few)}, so ids are made of something else"]
    return []


def keep_ids(roster: Roster, before: Roster) -> list[str]:
    """Give people the ids that they have already; return for whom that was another one.

    A student who joins without a number would otherwise change everybody's id, and all work lies
    under these.
    """
    changed = []
    for person in roster.people:
        found = _in(before, person)
        if found is not None and found.id != person.id:
            person.id = found.id
            person.know()
            changed.append(found.id)
    return changed


def keep_people(roster: Roster, before: Roster, without: Sequence[Person]) -> list[str]:
    """Keep who was in the class, and what was known of them; return who is in no table now.

    A table of one platform is no reason to forget those of another, nor their numbers.

    Parameters
    ----------
    roster : Roster
        Who the tables name, with the ids that they have already.
    before : Roster
        Who there was.
    without : sequence of Person
        Who is no student.
    """
    kept = []
    for old in before.people:
        person = roster.by_id(old.id)
        if person is not None:
            person.email = person.email or old.email
            person.lms = person.lms or old.lms
            person.section = person.section or old.section
        elif not any(old.is_called(one.mark) for one in without):
            roster.people.append(old)
            kept.append(old.id)
    _refuse_twins(roster, "the class")
    return kept


def namesakes(roster: Roster, new: Sequence[str]) -> list[str]:
    """Say whose name somebody new has: an id of another table, or another person."""
    found = []
    for name in new:
        person = roster.by_id(name)
        names = person.clues.get("name", set()) if person is not None else set()
        like = [p.id for p in roster.people if p.id != name and names & p.clues.get("name", set())]
        found += [f"{name} has the name of {', '.join(like[:4])}"] if like else []
    return found


def _refuse_twins(roster: Roster, name: str) -> None:
    seen: set[str] = set()
    for person in roster.people:
        why = problem_with(person.id)
        if why:
            raise RosterError(f"{name}: {person.id!r:.60} cannot be in a roster: {why}.")
        for words in (person.first, person.last, person.email):
            if why := problem_with_words(words):
                raise RosterError(f"{name}: {words!r:.60} {why}.")
        if person.id.casefold() in seen:
            raise RosterError(f"{name}: {person.id} stands there twice.")
        seen.add(person.id.casefold())


def _namesakes(whole: Roster, rows: list[Person], before: Roster | None) -> set[int]:
    """Return which rows of a table are of somebody else who is called like one of before.

    Their numbers or addresses differ; or the name is all that they share, and others of this table
    are known by more than that, or the class knew one of the two already, and not the other.
    """
    apart: set[int] = set()
    by_name: dict[int, Person] = {}
    by_number = 0
    for row in rows:
        names = row.clues.get("name", ())
        like = [one for value in names for one in having(whole.people, "name", value)]
        others = [(kind, value) for kind in CLUES[:-1] for value in row.clues.get(kind, ())]
        if whole.find(others).why != NOT_THERE:
            by_number += 1
        elif like and (
            all(differing(one, row.told()) for one in like)
            or (before is not None and _was_another(row, like[0], whole.people + rows, before))
        ):
            apart.add(id(row))
        elif like:
            by_name[id(row)] = like[0]
    if len(by_name) <= by_number:
        # Of whom nothing but the name is known, nothing speaks against it.
        apart |= {row for row, one in by_name.items() if any(one.told().values())}
    return apart


def _was_another(row: Person, like: Person, people: list[Person], before: Roster) -> bool:
    """Whether the class knew one of these two by a number, and the other is new or somebody else.

    The other is new where people of the same table were known, and not this one.
    """
    there, other = _in(before, row), _in(before, like)
    if there is not None and other is not None:
        return there is not other
    if there is None and other is None:
        return False
    new = row if there is None else like
    return any(_in(before, one) for one in people if one.table == new.table and one is not new)


def _in(before: Roster, person: Person) -> Person | None:
    """Return who this was in the class before, by what lasts."""
    return before.find([(k, v) for k in LASTING for v in person.clues.get(k, ())]).person


def _share(row: Person, person: Person | None) -> bool:
    """Whether a row has more than its name in common with somebody."""
    mine = person.clues if person is not None else {}
    return any(row.clues.get(kind, set()) & mine.get(kind, set()) for kind in CLUES[:-1])


def _clues(person: Person) -> list[tuple[str, str]]:
    return [(kind, value) for kind in CLUES for value in person.clues.get(kind, ())]


def _merge(whole: Roster, row: Person, found: Found | None, *, join: bool) -> None:
    """Put a table's row to whom it means; None: somebody new with a name that is there."""
    person = found.person if found is not None else None
    if person is None:
        if join and found is not None and found.why != NOT_THERE:
            names = f"{row.first} {row.last}".strip() or row.id
            raise RosterError(f"{names} may be more than one person: {found.why}.")
        (whole.people if join else whole.strangers).append(row)
        return
    mine = {kind: set(values) for kind, values in person.clues.items()}
    shared = _share(row, person)
    for kind, values in row.clues.items():
        person.clues.setdefault(kind, set()).update(values)
    if row.submitted:
        person.submitted, person.submitted_as = row.submitted, row.submitted_as
    if not shared:
        for kind in ("lms", "participant", "group"):  # by the name alone it is this person's row
            person.guessed |= {(kind, value) for value in row.clues.get(kind, ())}
    person.section = person.section or row.section
    person.lms = person.lms or row.lms
    person.email = person.email or row.email
    lasting = [value for kind in LASTING for value in row.clues.get(kind, ())]
    known = {value for kind in LASTING for value in mine.get(kind, ())}
    if join and known and known.isdisjoint(lasting):
        whole.by_name.append(person.said)


def kind_of(table: Table) -> str:
    """Say whose table this is: canvas, moodle, nbgrader or another one.

    Moodle's grading worksheet is also known by its shape, in languages whose words are not known:
    its first column is the same words and a number in every row.
    """
    header = table.header
    plain = [letters(words) for words in header]
    name_first = bool(plain) and ("student" in plain[0] or plain[0] == "lastname")
    if name_first and "id" in plain[1:3] and "section" in plain:
        return "canvas"
    if "id" in header and {"first_name", "last_name", "email", "lms_user_id"} & set(header):
        return "nbgrader"
    starts = [re.fullmatch(r"(\D*)(\d+)", table.text(row, 0)) for row in range(1, len(table.rows))]
    same = {found[1] if found else None for found in starts}
    columns = columns_of(header)
    shaped = len(same) == 1 and None not in same and len(header) >= 6
    worded = columns.get("participant") == 0 and ("graded" in columns or "maximum" in columns)
    return "moodle" if (shaped and same != {""}) or (worded and shaped) else "other"


def people_by_row(table: Table, kind: str) -> list[tuple[int, Person]]:
    """Return each row of people with its number; headings, totals and a platform's own rows go."""
    columns = columns_of(table.header)
    if kind == "nbgrader":
        columns |= {"id": table.header.index("id")}
        columns |= (
            {"lms": table.header.index("lms_user_id")} if "lms_user_id" in table.header else {}
        )
        columns.pop("participant", None)
    elif kind == "canvas":
        columns["lms"] = next(n for n, w in enumerate(table.header) if letters(w) == "id")
        columns.pop("participant", None)
    elif kind == "moodle":
        columns["participant"] = 0
        columns.setdefault("name", 1)
    else:
        columns.pop("participant", None)
    found = []
    for row in range(1, len(table.rows)):
        words = {column: table.text(row, place) for column, place in columns.items()}
        if kind == "canvas" and _is_canvas_own(words):
            continue
        found.append((row, _person(words)))
    return found


def _is_canvas_own(words: dict[str, str]) -> bool:
    """Whether a row of Canvas' table is no person: points possible, posting, the test student."""
    name = words.get("name", "") or words.get("last", "")
    own = "Points Possible" in name or name == "Student, Test"
    return own or not (name or words.get("lms"))


def _person(words: dict[str, str]) -> Person:
    first, last, full = (words.get(part, "") for part in ("first", "last", "name"))
    if full and not (first or last):
        if "," in full:
            last, _, first = (part.strip() for part in full.partition(","))
        else:
            first, _, last = full.rpartition(" ")
    person = Person(
        words.get("id", ""), first, last, words.get("email", ""), words.get("lms", ""),
        words.get("section", ""),
    )  # fmt: skip
    person.add("name", full)
    for kind in ("login", "number"):
        person.add(kind, words.get(kind, ""))
    person.add("group", words.get("group", ""))
    number = re.search(r"(\d+)$", words.get("participant", ""))
    if number:
        person.add("participant", number[1])
    if person.id:
        person.know()
    else:
        person.add("email", person.email)
        person.add("lms", person.lms)
        for one in (f"{first} {last}", f"{last} {first}"):
            person.add("name", one if first and last else "")
    person.submitted = read_moment(words.get("submitted", ""))
    person.submitted_as = set(person.clues.get("participant", ()))
    person.role = words.get("role", "")
    return person


def _with_ids(people: list[Person], heads: list[str]) -> list[Person]:
    """Name each student by the first thing that everybody has, and nobody shares."""
    for kind in ("login", "number", "email", "lms", "participant"):
        names = [one.written.get(kind, "") for one in people]
        if all(names) and len(set(names)) == len(names) and not any(map(problem_with, names)):
            for one, name in zip(people, names, strict=True):
                one.id = name
                one.know()
            return people
    raise RosterError(
        f"no column names everybody: a roster needs a login, a number or an address for each. Its "
        f"columns are {', '.join(heads[:8])}; known are such as Login, ID number, Email address."
    )
