"""Who is in the class: one roster from whatever tables a platform gives, and who a name means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from snrilab.classroom._table import Table, TableError, read_table
from snrilab.classroom._words import columns_of, letters, read_moment
from snrilab.grading.people import problem_with, problem_with_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Moment = tuple[int, int, int, int, int, int]
# What tells people apart, the surest first. Moodle's participant number belongs to one assignment.
CLUES = ("participant", "lms", "number", "login", "email", "name")


NOT_THERE = "not in the roster"


class RosterError(ValueError):
    """A roster that cannot be used; the message says why."""


@dataclass
class Person:
    """A student, and everything by which tables and archives call this student.

    Parameters
    ----------
    id : str
        The student's name in nbgrader.
    clues : dict
        Kind of clue to its values, in plain letters.
    submitted : tuple, optional
        When the work was handed in, as a platform's table says it, in the platform's own zone.
    """

    id: str
    first: str = ""
    last: str = ""
    email: str = ""
    lms: str = ""
    section: str = ""
    clues: dict[str, set[str]] = field(default_factory=dict)
    submitted: Moment | None = None
    written: dict[str, str] = field(default_factory=dict)  # kind of clue to its own letters

    def add(self, kind: str, value: str) -> None:
        """Add something by which this student is called."""
        if plain := _plain(kind, value):
            self.written.setdefault(kind, value.strip())
            self.clues.setdefault(kind, set()).add(plain)

    def know(self) -> None:
        """Add what follows from the names, the address and the number."""
        for name in (f"{self.first} {self.last}", f"{self.last} {self.first}"):
            if self.first and self.last:
                self.add("name", name)
        self.add("lms", self.lms)
        self.add("email", self.email)
        self.add("login", self.id)
        self.add("number", self.id)


def _plain(kind: str, value: str) -> str:
    if kind in {"name", "group"}:
        return letters(value)
    plain = value.strip().casefold()
    return plain.lstrip("0") or plain if plain.isdecimal() else plain


class Found(NamedTuple):
    """Who is meant, or why that cannot be said."""

    person: Person | None
    why: str = ""


@dataclass
class Roster:
    """All students of a class."""

    people: list[Person] = field(default_factory=list)

    def find(self, clues: Iterable[tuple[str, str]]) -> Found:
        """Find the one student that clues mean; clues that mean two people mean nobody.

        Parameters
        ----------
        clues : iterable of tuple
            Kind of clue and value, such as ``("email", "anna@example.org")``.
        """
        told = ""
        meant: dict[str, tuple[Person, str]] = {}
        for kind, value in sorted(clues, key=lambda clue: CLUES.index(clue[0])):
            plain = _plain(kind, value)
            if not plain:
                continue
            like = [one for one in self.people if plain in one.clues.get(kind, ())]
            if len(like) == 1:
                meant.setdefault(like[0].id, (like[0], value))
            elif like:
                told = told or f"{value} can be {', '.join(one.id for one in like[:4])}"
        if len(meant) > 1:
            said = " and ".join(f"{value} means {name}" for name, (_, value) in meant.items())
            return Found(None, f"{said}: is a table of another assignment among the rosters?")
        if meant:
            return Found(next(iter(meant.values()))[0])
        return Found(None, told or NOT_THERE)

    def group(self, names: Iterable[str]) -> list[Person]:
        """Return who is in the first of these groups that the roster knows."""
        for name in names:
            plain = _plain("group", name)
            found = [one for one in self.people if plain in one.clues.get("group", ())]
            if plain and found:
                return found
        return []

    def by_id(self, name: str) -> Person | None:
        """Return the student of this name in nbgrader."""
        return next((one for one in self.people if one.id == name), None)


def read_roster(paths: Sequence[Path], *, join: bool = False) -> Roster:
    """Read who is in the class from one or more tables.

    nbgrader's roster (``id,first_name,last_name,email,lms_user_id``), Canvas' gradebook, Moodle's
    grading worksheet and list of participants, or another table with such columns. The first
    table says who there is; the others add numbers, addresses and times to these people, and with
    `join` people whom no earlier table has, such as a second section.
    """
    whole = Roster()
    for place, path in enumerate(paths):
        try:
            rows = people_in(read_table(path))
        except TableError as error:
            raise RosterError(str(error)) from None
        if not rows:
            raise RosterError(f"{path.name} names nobody: its columns are not those of a roster.")
        if place == 0:
            whole.people = rows
        else:
            for row in rows:
                _merge(whole, row, join=join)
        _refuse_twins(whole, path.name)
    return whole


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


def _merge(whole: Roster, row: Person, *, join: bool) -> None:
    clues = [(kind, value) for kind in CLUES for value in row.clues.get(kind, ())]
    found = whole.find(clues)
    person = found.person
    if person is None:
        if join and found.why != NOT_THERE:
            names = f"{row.first} {row.last}".strip() or row.id
            raise RosterError(f"{names} may be more than one person: {found.why}.")
        if join:
            whole.people.append(row)
        return
    for kind, values in row.clues.items():
        person.clues.setdefault(kind, set()).update(values)
    person.submitted = row.submitted or person.submitted
    person.section = person.section or row.section
    person.lms = person.lms or row.lms


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


def people_in(table: Table) -> list[Person]:
    """Return the people in a table, row by row."""
    kind = kind_of(table)
    people = [p for _, p in people_by_row(table, kind) if any(p.clues.values())]
    return people if kind == "nbgrader" else _with_ids(people)


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
    return person


def _with_ids(people: list[Person]) -> list[Person]:
    """Name each student by the first thing that everybody has, and nobody shares."""
    for kind in ("login", "number", "email", "lms", "participant"):
        names = [one.written.get(kind, "") for one in people]
        if all(names) and len(set(names)) == len(names) and not any(map(problem_with, names)):
            for one, name in zip(people, names, strict=True):
                one.id = name
                one.know()
            return people
    raise RosterError(
        "no column names everybody: a roster needs a login, a number or an address for each."
    )
