"""Who is in the class: one roster from whatever tables a platform gives, and who a name means."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from snrilab.classroom._words import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Moment = tuple[int, int, int, int, int, int]
# What tells people apart, the surest first. Moodle's participant number belongs to one assignment.
CLUES = ("participant", "lms", "number", "login", "email", "name")


LASTING = ("email", "login", "number", "lms")  # what stays the same from table to table
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
    submitted_as : set of str
        Under which of Moodle's numbers; those of one assignment.
    guessed : set of tuple
        Clues that rest on work which was placed by the name alone.
    """

    id: str
    first: str = ""
    last: str = ""
    email: str = ""
    lms: str = ""
    section: str = ""
    clues: dict[str, set[str]] = field(default_factory=dict)
    submitted: Moment | None = None
    submitted_as: set[str] = field(default_factory=set)
    role: str = ""
    written: dict[str, str] = field(default_factory=dict)  # kind of clue to its own letters
    table: int = 0  # which of the tables named this student first
    guessed: set[tuple[str, str]] = field(default_factory=set)

    def add(self, kind: str, value: str) -> None:
        """Add something by which this student is called."""
        if plain := _plain(kind, value):
            self.written.setdefault(kind, value.strip())
            self.clues.setdefault(kind, set()).add(plain)

    @property
    def said(self) -> str:
        """What a list calls this person, also one without an id."""
        return f"{self.first} {self.last}".strip() or self.id or self.email

    @property
    def mark(self) -> str:
        """The surest thing that this person's row has to be known by, with its kind.

        A number alone could be another one's of another platform.
        """
        kind = next((kind for kind in LASTING if self.written.get(kind)), "name")
        return f"{kind}: {self.written.get(kind, self.said)}"

    def is_called(self, name: str) -> bool:
        """Whether a name, an address, a login or a number is this person's.

        Examples
        --------
        >>> ann = Person("a1", "Ann", "Alt", lms="77")
        >>> ann.know()
        >>> ann.is_called("Alt, Ann"), ann.is_called("77"), ann.is_called("number: 77")
        (True, True, False)
        """
        kind, _, value = name.partition(": ")
        kinds, value = ((kind,), value) if kind in CLUES else ((*LASTING, "name"), name)
        return any(_plain(one, value) in self.clues.get(one, ()) for one in kinds)

    def has(self, kind: str, value: str) -> bool:
        """Whether this clue is surely this person's."""
        plain = _plain(kind, value)
        return plain in self.clues.get(kind, ()) and (kind, plain) not in self.guessed

    def guess(self, kind: str, value: str) -> None:
        """Add what rests on a name alone, and may be a namesake's."""
        self.add(kind, value)
        self.guessed.add((kind, _plain(kind, value)))

    def know(self) -> None:
        """Add what follows from the names, the address and the number."""
        for name in (f"{self.first} {self.last}", f"{self.last} {self.first}"):
            if self.first and self.last:
                self.add("name", name)
        self.add("lms", self.lms)
        self.add("email", self.email)
        self.add("login", self.id)
        self.add("number", self.id)

    def told(self) -> dict[str, set[str]]:
        """Return the numbers, logins and addresses that were given, and not made from the id.

        An id that is a number or an address by its form is one of these too.
        """
        own = _plain("login", self.id)
        found = {kind: set(self.clues.get(kind, ())) for kind in (*LASTING, "participant")}
        for kind in ("login", "number"):
            found[kind].discard(own)
        if own.isdecimal():
            found["number"].add(own)
        elif "@" in own:
            found["email"].add(own)
        return found


def _plain(kind: str, value: str) -> str:
    if kind in {"name", "group"}:
        return letters(value)
    plain = value.strip().casefold()
    return plain.lstrip("0") or plain if plain.isdecimal() else plain


def differing(person: Person, told: dict[str, set[str]]) -> str:
    """Say which number or address is another one's than this person's; "" where none is.

    A namesake has the name alone in common. Two numbers are the same with letters before them.
    """
    for kind, mine in person.told().items():
        given = told.get(kind, set())
        if mine and given and {_digits(one) for one in mine}.isdisjoint(map(_digits, given)):
            what = kind if kind in {"email", "login"} else "number"
            return f"whose {what} is {min(mine)} and not {min(given)}"
    return ""


def _not_of(person: Person, words: Iterable[tuple[str, str]]) -> str:
    given: dict[str, set[str]] = {}
    for kind, value in words:
        given.setdefault(kind, set()).add(_plain(kind, value))
    return differing(person, given)


def _digits(value: str) -> str:
    found = re.fullmatch(r"[a-z]{0,3}0*(\d+)", value)
    return found[1] if found else value


class Found(NamedTuple):
    """Who is meant, or why that cannot be said: two are meant, or nobody is known."""

    person: Person | None
    why: str = ""
    two: bool = False


def _is_named(person: Person, name: str) -> bool:
    """Whether this is somebody's name, as far as one is known."""
    names = person.clues.get("name")
    return not names or _plain("name", name) in names


def having(people: Iterable[Person], kind: str, value: str) -> list[Person]:
    """Return who has this clue."""
    plain = _plain(kind, value)
    return [one for one in people if plain in one.clues.get(kind, ())]


@dataclass
class Roster:
    """All students of a class.

    Parameters
    ----------
    people : list of Person
        The students.
    without : list of Person
        Who stands in a table and is no student, as told.
    others : list of Person
        Who is no student by the table's own column of roles.
    tables : list of tuple
        Name of each table, how many it added, and how many of it were known already.
    notes : list of str
        Sentences on what could not be read.
    known : list of Person
        Whom the gradebook or an earlier download knows besides; their numbers are theirs.
    strangers : list of Person
        Who stands in a later table and is nobody of these.
    by_name : list of str
        Who is one person in two tables by the name alone.
    """

    people: list[Person] = field(default_factory=list)
    without: list[Person] = field(default_factory=list)
    others: list[Person] = field(default_factory=list)
    tables: list[tuple[str, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known: list[Person] = field(default_factory=list)
    strangers: list[Person] = field(default_factory=list)
    by_name: list[str] = field(default_factory=list)

    def find(self, clues: Iterable[tuple[str, str]]) -> Found:
        """Find the one student that clues mean; clues that mean two people mean nobody.

        Parameters
        ----------
        clues : iterable of tuple
            Kind of clue and value, such as ``("email", "anna@example.org")``.
        """
        words = [(k, v) for k, v in clues if _plain(k, v)]
        meant, several, told = self._by_numbers([clue for clue in words if clue[0] != "name"])
        named = [one for one, _ in meant.values()]
        for value in (value for kind, value in words if kind == "name"):
            like = having(self.people, "name", value)
            if len(like) > 1:
                told = told or f"{value} can be {', '.join(one.id for one in like[:4])}"
            elif like and (named or like[0] in several):
                # Whose number it is has this name as well, or none: a namesake of the other.
                if not any(_is_named(one, value) for one in named if one is not like[0]):
                    meant.setdefault(like[0].id, (like[0], value))
            elif like and told:
                told = f"{value} can be {like[0].id}, but {told}"
            elif like and (why := _not_of(like[0], words)):
                told = f"{value} can be {like[0].id}, {why}"
            elif like:
                meant.setdefault(like[0].id, (like[0], value))
        if len(meant) > 1:
            said = " and ".join(f"{value} means {name}" for name, (_, value) in meant.items())
            why = f"{said}: is a table of another assignment among them, or work misplaced?"
            return Found(None, why, two=True)
        if meant:
            return Found(next(iter(meant.values()))[0])
        return Found(None, told or NOT_THERE)

    def _by_numbers(
        self, words: Sequence[tuple[str, str]]
    ) -> tuple[dict[str, tuple[Person, str]], list[Person], str]:
        """Return who is meant by all but a name, who can be, and why that cannot be said."""
        meant: dict[str, tuple[Person, str]] = {}
        several: list[Person] = []
        told = ""
        for kind, value in sorted(words, key=lambda clue: CLUES.index(clue[0])):
            like = having(self.people, kind, value) or having(self.known, kind, value)
            if len(like) == 1:
                meant.setdefault(like[0].id, (like[0], value))
            elif like:
                several += like
                told = told or f"{value} can be {', '.join(one.id for one in like[:4])}"
            elif other := having(self.strangers, kind, value):
                told = told or f"{value} is {other[0].said}'s, who is {NOT_THERE}"
        return meant, several, told

    def group(self, names: Iterable[str]) -> list[Person]:
        """Return who is in the first of these groups that the roster knows."""
        for name in names:
            plain = _plain("group", name)
            found = [one for one in self.people if plain in one.clues.get("group", ())]
            if plain and found:
                return found
        return []

    def namesakes_of(self, person: Person) -> list[Person]:
        """Return who else has this person's name."""
        names = person.clues.get("name", set())
        return [o for o in self.people if o is not person and names & o.clues.get("name", set())]

    def by_id(self, name: str) -> Person | None:
        """Return the student of this name in nbgrader."""
        return next((one for one in self.people if one.id == name), None)
