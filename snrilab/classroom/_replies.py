"""How platforms call whose work, kept from collecting it: what feedback goes back under."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from snrilab.grading import times

if TYPE_CHECKING:
    from snrilab.grading.course import Course

BY_NAME = "by_name"  # nothing but the name said whose it is
ORDER = "order"  # what Canvas numbers: of two files the later one has the higher number


def read_replies(course: Course, assignment: str) -> dict[str, dict[str, Any]]:
    """Return how the platform called each student's work when it was collected."""
    return times.read_replies(course.root, assignment)


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
