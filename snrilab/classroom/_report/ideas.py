"""Who holds which wrong idea, as groups for office hours: the idea, what to say, who is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from snrilab.evidence import ideas
from snrilab.exercises import words_for
from snrilab.grading.misconceptions import advice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from snrilab.classroom._report.record import Record, Student


@dataclass(frozen=True)
class Group:
    """The holders of one idea.

    Parameters
    ----------
    code : str
        The idea's one name, as in the course's list.
    idea : str
        What its holders do or believe.
    refutation : str
        One line to start from.
    lesson : str
        The lesson that answers it: of several one that the assignment rests on; empty for a slip.
    where : tuple of str
        Functions whose values follow from it, the most frequent first.
    students : tuple of Student
        Who holds it.
    """

    code: str
    idea: str
    refutation: str
    lesson: str
    where: tuple[str, ...]
    students: tuple[Student, ...]


def groups_of(record: Record) -> list[Group]:
    """Return the holders of each idea, the largest group first.

    Parameters
    ----------
    record : Record
        The assignment.
    """
    places: dict[str, dict[str, int]] = {}
    holders: dict[str, dict[str, Student]] = {}
    for one in record.students:
        for function, code in one.ideas.items():
            holders.setdefault(code, {})[one.id] = one
            counts = places.setdefault(code, {})
            counts[function] = counts.get(function, 0) + 1
    groups = []
    for code, those in holders.items():
        where = tuple(sorted(places[code], key=lambda name: (-places[code][name], name)))
        groups.append(
            Group(
                code,
                words_for(code) or code,
                one_line(advice(record.assignment, where[0], code)),
                lesson_for(code, record.lessons),
                where,
                tuple(those.values()),
            )
        )
    return sorted(groups, key=lambda group: (-len(group.students), group.code))


def lesson_for(code: str, near: Sequence[str]) -> str:
    """Return the one lesson to name for an idea; empty where none answers it.

    Parameters
    ----------
    code : str
        The idea.
    near : sequence of str
        Lessons that the assignment rests on, the first that it names first.

    Examples
    --------
    >>> lesson_for("refills-a-lack", ["11", "12"]), lesson_for("refills-a-lack", [])
    ('12', '01')
    >>> lesson_for("rounded", ["01"])
    ''
    """
    those = [lesson for one in ideas() if one.code == code for lesson in one.lessons]
    return next((one for one in near if one in those), those[0] if those else "")


def one_line(text: str) -> str:
    """Return a text on one line."""
    return " ".join(text.split())
