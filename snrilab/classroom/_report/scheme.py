"""What written answers earned their points for: each item of a mark scheme, over the class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from snrilab.classroom._gradebook import ClassroomError
from snrilab.grading.rubric import RubricError, read_marks

if TYPE_CHECKING:
    from snrilab.classroom._report.record import Record
    from snrilab.grading.course import Course


@dataclass(frozen=True)
class ItemResult:
    """One item of a mark scheme.

    Parameters
    ----------
    words : str
        What has to be in the answer.
    points : float
        What it is worth in full.
    whole, part : int
        Students who were given it in full, and in a lesser form.
    of : int
        Students whose answer was marked by items.
    """

    question: str
    words: str
    points: float
    whole: int
    part: int
    of: int


def items_of(course: Course, record: Record) -> list[ItemResult]:
    """Return the items that were given in an assignment, in its order.

    Parameters
    ----------
    course : Course
        The course.
    record : Record
        The assignment.
    """
    try:
        marks = read_marks(course.root, record.assignment)
    except RubricError as error:
        raise ClassroomError(str(error)) from None
    there = {one.id for one in record.students}
    found = []
    for question in record.questions:
        for part in question.parts:
            scheme = marks["questions"].get(part.key)
            given = {s: e for s, e in marks["given"].get(part.key, {}).items() if s in there}
            if scheme is None or not given:
                continue
            for item in scheme["items"]:
                places = [entry["items"].get(item["name"]) for entry in given.values()]
                got = [place for place in places if place is not None]
                found.append(
                    ItemResult(
                        question.name, item["words"], float(item["points"][0]), got.count(0),
                        len(got) - got.count(0), len(given),
                    )
                )  # fmt: skip
    return found
