"""Which known wrong idea an answer follows, by what it returns; for the class report."""

from __future__ import annotations

from typing import Any

NOT_IDEAS = {"right", "not-written"}


def found_in(assignment: str, name: str, function: Any) -> str:
    """Return the code of the misconception that a learner's function shows, or nothing.

    Parameters
    ----------
    assignment : str
        Name of the assignment, whose exercises may be declared in `snrilab.exercises`.
    name : str
        Name of the function.
    function : callable
        The learner's function, or what stands for it.
    """
    try:
        from snrilab.exercises import Exercise, find
        from snrilab.feedback import diagnose
    except ImportError:
        return ""
    try:
        exercise = find(f"{assignment}/{name}")
    except LookupError:
        return ""
    if not isinstance(exercise, Exercise):
        return ""
    codes = {idea.code for idea in exercise.misconceptions}
    code = diagnose(exercise, function).code
    return code if code in codes else ""
