"""Whose a number is: what a platform calls work by tells it, where a name could be two people's.

A Moodle folder and a file of Canvas carry a number. Until a table says whose number that is, a
name alone places the work: a guess, which a later table may contradict. What rests on one is then
taken back, and no mark goes into a row of another number.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from snrilab.classroom._collected import is_back
from snrilab.classroom._gradebook import people_of
from snrilab.classroom._kept import INSTEAD, came_from_a_platform, is_its_work
from snrilab.classroom._people import NOT_THERE, Person
from snrilab.classroom._replies import (
    BY_NAME,
    NUMBERS,
    collected,
    number_of,
    platform_of,
    read_replies,
)
from snrilab.classroom._words import letters
from snrilab.grading.times import PLACED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from snrilab.classroom._collected import Collected
    from snrilab.classroom._downloads import Meaning, Piece
    from snrilab.classroom._kept import Places
    from snrilab.classroom._people import Roster
    from snrilab.grading.course import Course


def know_others(course: Course, assignment: str, roster: Roster) -> None:
    """Tell a roster whose a number is by the gradebook and by what was collected before.

    Canvas' numbers are the same in all assignments, Moodle's are those of one.
    """
    known = {one.id: one for one in people_of(course).people}
    there = {one.id: one for one in roster.people}
    for name in sorted({*collected(course), assignment}):
        for student, reply in read_replies(course, name).items():
            if reply.get(BY_NAME) and student in there and roster.namesakes_of(there[student]):
                continue  # since then there is another of this name: whose number it is, is open
            person = there.get(student) or known.setdefault(student, Person(student))
            for kind in NUMBERS if name == assignment else ("lms",):
                value = str(reply.get(kind, ""))
                if not value or owners(roster, kind, value):
                    continue
                if not reply.get(BY_NAME):
                    person.add(kind, value)
                elif not sure_numbers(person, kind):  # a table's number goes before a guess
                    person.guess(kind, value)
    roster.known += [one for name, one in known.items() if name not in there]


def owners(roster: Roster, kind: str, number: str) -> list[Person]:
    """Return whose number this is by the tables, also of those who are not in the class."""
    everybody = [*roster.people, *roster.strangers]
    return [one for one in everybody if one.has(kind, number)]


def sure_numbers(person: Person, kind: str) -> set[str]:
    """Return the numbers of a kind that are a person's by more than a guess."""
    return {one for one in person.clues.get(kind, set()) if (kind, one) not in person.guessed}


def take_back(
    roster: Roster, replies: dict[str, dict[str, Any]], done: Collected, places: Places
) -> None:
    """Take work away from those to whom it was given before a table said whose number it is.

    Parameters
    ----------
    roster : Roster
        Who is in the class, by the tables alone.
    replies : dict
        How the platform called each student's work; what is taken back is taken out.
    done : Collected
        Told what became of it.
    places : Places
        Where work lies.
    """
    for student, reply in sorted(replies.items()):
        for kind in NUMBERS:
            number = number_of(reply, kind)
            whose = owners(roster, kind, number) if number else []
            if len(whose) != 1 or whose[0].id == student:
                continue
            lies = places.lies(student)
            owner = whose[0].id if whose[0] in roster.people else f"{whose[0].said}, {NOT_THERE}"
            placed = reply.get(PLACED, {}).get("files") or {}
            if not lies or not came_from_a_platform(reply):
                if back := _back(student, replies, places):
                    done.taken_back.append(f"{student}: number {number} is that of {owner}{back}")
            elif placed and placed.items() <= lies.items():
                kept = places.move_away(student)
                done.taken_back.append(
                    f"{student}: what lay here came under number {number}, which is that of "
                    f"{owner}; it is kept in {kept}{_back(student, replies, places)}"
                )
            else:  # of this student, or mended for the other: a person knows, and a reply is kept
                done.twice.append(
                    f"{student}: work of number {number}, which is that of {owner}, was placed in "
                    f"submitted/{student}/{places.assignment} and changed since: take it away and "
                    f"collect again; put it back then if {student} handed it in"
                )
            break


def _back(student: str, replies: dict[str, dict[str, Any]], places: Places) -> str:
    """Give back what the work that was taken away stood instead of; return the sentence's end."""
    before = replies.pop(student).get(INSTEAD, {})
    kept = str(before.get("kept", ""))
    changed = bool(before.get("changed"))
    if not kept or (not changed and not places.put_back(student, kept)):
        return ""
    if before.get("reply"):
        replies[student] = before["reply"]
    return is_back(student, kept, changed=changed)


def in_the_way(student: str, reply: dict[str, Any], platform: str, places: Places) -> str:
    """Say what of a student's lies there that a name alone does not replace.

    Only what came from the same platform is replaced by its next version.
    """
    whose = platform_of(reply)
    its = is_its_work(places.folder(student), reply)
    if not places.lies(student) or (its and whose == platform):
        return ""
    way = f"from {whose} is there already" if its else "is there already, and came another way"
    return f"whose work {way}"


def numbers_in(meaning: Meaning, person: Person) -> list[tuple[str, str]]:
    """Return the platform's numbers in a name, as far as they can be this person's.

    Under a group's name stands the number of whoever of it handed in.
    """
    numbers = [clue for clue in meaning.clues if clue[0] in NUMBERS]
    by_group = meaning.called and not is_called(person, meaning.called)
    return [clue for clue in numbers if not by_group or person.has(*clue)]


def two_people(
    person: Person, pieces: Iterable[tuple[Piece, Meaning]]
) -> tuple[set[tuple[str, str]], str]:
    """Return which numbers in a download are not this person's, and why; the name fits all.

    Also over several archives: whose the numbers are, a table of each tells.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for _, meaning in pieces:
        for kind, value in numbers_in(meaning, person):
            found[kind].add(value)
    others: set[tuple[str, str]] = set()
    why = ""
    for kind, values in found.items():
        if len(values) > 1:
            mine = {value for value in values if person.has(kind, value)}
            others |= {(kind, value) for value in values - mine}
            numbers = " and ".join(sorted(values))
            why = f"{person.said} is two people here, with the numbers {numbers}"
            why += f"; {', '.join(sorted(mine))} is that of {person.id}" if mine else ""
    return others, why


def name_doubtful(
    student: str, replies: dict[str, dict[str, Any]], done: Collected, places: Places
) -> None:
    """Name work that lies with two people under one number; forget what lies nowhere any more."""
    mine = replies.get(student, {})
    numbers = {kind: number for kind in NUMBERS if (number := number_of(mine, kind))}
    for other, reply in sorted(replies.items()):
        for kind, number in numbers.items():
            if other == student or "with" in reply or number_of(reply, kind) != number:
                continue
            if any(line.startswith(f"{other}: ") for line in done.twice):
                continue  # named already
            if places.lies(other):
                done.twice.append(
                    f"{student}: this work, number {number}, was given to {other} before: take "
                    f"submitted/{other}/{places.assignment} away unless {other} handed it in too"
                )
            else:
                del replies[other]


def is_called(person: Person, name: str) -> bool:
    """Whether a name is this person's, as far as the roster tells; a second first name may be."""
    names = [words for words in (person.first, person.last) if letters(words)]
    plain = letters(name)
    inside = [any(letters(word) in plain for word in words.split()) for words in names]
    return all(inside) or plain in person.clues.get("name", ())
