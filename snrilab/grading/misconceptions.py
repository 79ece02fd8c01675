"""Which known wrong idea an answer follows, by what it returns; for feedback and class report."""

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
        from snrilab.exercises import find
        from snrilab.feedback import check
    except ImportError:
        return ""
    try:
        exercise = find(f"{assignment}/{name}")
    except LookupError:
        return ""
    codes = {idea.code for idea in getattr(exercise, "misconceptions", ())}
    code = check(exercise, function).code
    return code if code in codes else ""


def exercised(assignment: str) -> set[str]:
    """Return the functions of an assignment whose misconceptions are declared."""
    try:
        from snrilab.exercises import Exercise, declared

        items = declared(assignment).values()
    except (ImportError, LookupError):
        return set()
    return {item.function_name for item in items if isinstance(item, Exercise)}


def advice(assignment: str, name: str, code: str) -> str:
    """Return the sentence that goes with a misconception of a function, when it is declared."""
    try:
        from snrilab.exercises import find

        exercise = find(f"{assignment}/{name}")
    except (ImportError, LookupError):
        return ""
    ideas = getattr(exercise, "misconceptions", ())
    return next((str(idea.advice) for idea in ideas if idea.code == code), "")
