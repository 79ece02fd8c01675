"""What explorers ask of a learner's record, in one place."""

from __future__ import annotations

import getpass
import zlib
from pathlib import Path
from typing import Any

from snrilab import feedback


def reached(goal: str) -> None:
    """Keep a goal, "lesson02/double", as reached."""
    keep: Any = getattr(feedback, "reached", None)
    if keep is not None:
        keep(goal)


def goals_reached(module: str) -> frozenset[str]:
    """Return the goals of a lesson that were reached before."""
    found: Any = getattr(feedback, "goals_reached", None)
    return frozenset() if found is None else frozenset(found(module))


def predicted(name: str, answer: Any = None) -> Any:
    """Return what the learner predicted, with ``value`` and ``sentence``; None when nothing was."""
    recall: Any = getattr(feedback, "predicted", None)
    return recall(name, answer) if recall is not None and name else None


def learner_seed() -> int:
    """Return a number that stays the same for this learner on this machine."""
    own: Any = getattr(feedback, "learner_seed", None)
    if own is not None:
        return int(own())
    try:
        who = getpass.getuser()
    except (OSError, KeyError):  # no such user in a container, no environment in a browser
        who = "learner"
    return zlib.crc32(f"{who}@{Path.home()}".encode())


def goal_text(goal: str) -> str:
    """Return the text of a goal that the lesson's exercises declare."""
    from snrilab import exercises

    declared = exercises.find(goal)
    if not isinstance(declared, exercises.Goal):
        raise TypeError(f"{goal} is declared as {type(declared).__name__}, not as a goal.")
    return declared.text
