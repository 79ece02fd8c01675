"""How platforms call whose work, kept from collecting it: what feedback goes back under."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from snrilab.grading.course import Course

TIME = "%Y-%m-%d %H:%M:%S"
NOT_SAID = "time that the platform did not say"


def _replies_file(course: Course, assignment: str) -> Path:
    return course.root / ".snrilab" / "collected" / f"{assignment}.json"


def read_replies(course: Course, assignment: str) -> dict[str, dict[str, Any]]:
    """Return how the platform called each student's work when it was collected."""
    try:
        found = json.loads(_replies_file(course, assignment).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def time_is_unknown(replies: dict[str, dict[str, Any]], student: str, time: datetime) -> bool:
    """Whether the platform said "late" alone: this very time stands for one that it did not say.

    Parameters
    ----------
    replies : dict
        What `read_replies` gives.
    student : str
        Name in nbgrader.
    time : datetime
        When the work was handed in (UTC), by the gradebook.
    """
    reply = replies.get(student)
    return isinstance(reply, dict) and reply.get(NOT_SAID) == f"{time:{TIME}}"


def write_replies(course: Course, assignment: str, replies: dict[str, dict[str, Any]]) -> None:
    """Keep how the platform called each student's work."""
    path = _replies_file(course, assignment)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(replies, ensure_ascii=False, indent=1), "utf-8")
