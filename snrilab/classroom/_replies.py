"""How platforms call whose work, kept from collecting it: what feedback goes back under."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from snrilab.grading import times

if TYPE_CHECKING:
    from snrilab.grading.course import Course

BY_NAME = "by_name"  # nothing but the name said whose it is
OWN = "own"  # a group's mate: numbers of its own, and not those of who handed in
NUMBERS = ("lms", "participant")  # Canvas' of a person, Moodle's of a person in one assignment
ORDER = "order"  # what Canvas numbers: of two files the later one has the higher number


def read_replies(course: Course, assignment: str) -> dict[str, dict[str, Any]]:
    """Return how the platform called each student's work when it was collected."""
    return times.read_replies(course.root, assignment)


def number_of(reply: dict[str, Any], kind: str) -> str:
    """Return the platform's number of whose work this is; "" where none is known.

    Parameters
    ----------
    reply : dict
        How the platform called the work.
    kind : str
        ``"lms"`` (Canvas) or ``"participant"`` (Moodle).

    Examples
    --------
    >>> number_of({"lms": "901"}, "lms"), number_of({"with": "ann", "own": {"lms": "902"}}, "lms")
    ('901', '902')
    """
    own = reply.get(OWN, {}) if "with" in reply else reply
    return str(own.get(kind, ""))


def platform_of(reply: dict[str, Any]) -> str:
    """Return the platform that work came from, without how it was packed; "" where there is none.

    Parameters
    ----------
    reply : dict
        How the platform called the work.

    Examples
    --------
    >>> platform_of({"platform": "moodle, one folder"}), platform_of({})
    ('moodle', '')
    """
    return str(reply.get("platform", "")).partition(",")[0]


def collected(course: Course) -> list[str]:
    """Return of which assignments work was collected."""
    folder = times.replies_file(course.root, "x").parent
    return sorted(path.stem for path in folder.glob("*.json"))


def write_replies(course: Course, assignment: str, replies: dict[str, dict[str, Any]]) -> None:
    """Keep how the platform called each student's work."""
    path = times.replies_file(course.root, assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(json.dumps(replies, ensure_ascii=False, indent=1), "utf-8")
    new.replace(path)  # whole or not at all


def with_work(course: Course, assignment: str) -> set[str]:
    """Return whose work lies in the course; a time alone is none."""
    found = set()
    for student in course.students(assignment):
        folder = course.submitted_folder(student, assignment)
        if folder.is_symlink() or any(path.name != "timestamp.txt" for path in folder.iterdir()):
            found.add(student)
    return found


def contested(replies: dict[str, dict[str, Any]]) -> set[str]:
    """Return whose work came under a name that is another one's too, as far as can be told whose.

    Where one of two was placed by the name alone, the other is right.
    """
    of_name = defaultdict(list)
    for student, reply in replies.items():
        if reply.get("reply") and "with" not in reply:
            of_name[reply.get("platform"), reply["reply"]].append(student)
    found: set[str] = set()
    for students in of_name.values():
        guessed = [one for one in students if replies[one].get(BY_NAME)]
        sure = len(students) - len(guessed)
        if len(students) > 1:
            found.update(guessed if sure == 1 else students)
    return found
