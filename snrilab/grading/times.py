"""When work was handed in, as far as the platform said it: what collecting has kept of that.

Runs in the coordinator and in nbgrader's own process.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

TIME = "%Y-%m-%d %H:%M:%S"
NOT_SAID = "time that the platform did not say"
UNKNOWN_S = 60.0  # what "late" alone counts as, whatever the due date is by now


def replies_file(root: Path, assignment: str) -> Path:
    """Return where collecting keeps how the platform called everybody's work.

    Parameters
    ----------
    root : Path
        The course folder.
    assignment : str
        Name of the assignment.
    """
    return root / ".snrilab" / "collected" / f"{assignment}.json"


def read_replies(root: Path, assignment: str) -> dict[str, dict[str, Any]]:
    """Return how the platform called each student's work when it was collected."""
    try:
        found = json.loads(replies_file(root, assignment).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def time_is_unknown(
    replies: dict[str, dict[str, Any]], student: str, time: datetime | None
) -> bool:
    """Whether the platform said "late" alone: this very time stands for one that it did not say.

    Parameters
    ----------
    replies : dict
        What `read_replies` gives.
    student : str
        Name in nbgrader.
    time : datetime or None
        When the work was handed in (UTC), by the gradebook.
    """
    reply = replies.get(student)
    return bool(time and isinstance(reply, dict) and reply.get(NOT_SAID) == f"{time:{TIME}}")


def seconds_late(
    replies: dict[str, dict[str, Any]],
    student: str,
    time: datetime | None,
    due: datetime | None,
    extension: timedelta | None,
) -> float:
    """Return how late work is, by the dates that hold now; 0 is in time.

    Parameters
    ----------
    replies : dict
        What `read_replies` gives.
    student : str
        Name in nbgrader.
    time, due : datetime or None
        When it was handed in and when it was due (UTC), by the gradebook.
    extension : timedelta or None
        More time that this student was given.

    Examples
    --------
    >>> from datetime import datetime
    >>> came, due = datetime(2026, 11, 20, 18, 5), datetime(2026, 11, 20, 18)
    >>> seconds_late({}, "anna", came, due, None)
    300.0
    >>> told = {"anna": {NOT_SAID: "2026-11-20 18:05:00"}}
    >>> seconds_late(told, "anna", came, due - timedelta(days=3), None)
    60.0
    """
    if time is None or due is None:
        return 0.0
    late = max(0.0, (time - due - (extension or timedelta())).total_seconds())
    if time_is_unknown(replies, student, time):
        return UNKNOWN_S if late or not extension else 0.0
    return late
