"""Which known wrong idea an answer follows, by what it returns; for feedback and class report."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from snrilab.exercises import Exercise


@functools.cache
def exercises_of(assignment: str) -> dict[str, Exercise]:
    """Return the declared exercises of an assignment, by the function that they ask for.

    They are read once: a grader works in a folder from which the answers are out of reach.
    """
    try:
        from snrilab.exercises import Exercise, declared

        items = declared(assignment).values()
    except (ImportError, LookupError):
        return {}
    return {item.function_name: item for item in items if isinstance(item, Exercise)}


def found_in(assignment: str, name: str, function: Any) -> str:
    """Return the code of the misconception that a learner's function shows, or nothing.

    Parameters
    ----------
    assignment : str
        Name of the assignment, whose exercises may be declared beside its notebook.
    name : str
        Name of the function.
    function : callable
        The learner's function, or what stands for it.
    """
    exercise = exercises_of(assignment).get(name)
    if exercise is None:
        return ""
    from snrilab.feedback import diagnose

    codes = {idea.code for idea in exercise.misconceptions}
    code = diagnose(exercise, function).code
    return code if code in codes else ""


def advice(assignment: str, name: str, code: str) -> str:
    """Return what to say about a misconception: the idea in words, without anybody's numbers.

    Parameters
    ----------
    assignment, name : str
        Where it was found: the assignment and the function.
    code : str
        As `found_in` returns it.
    """
    from snrilab.exercises import idea_in_words

    exercise = exercises_of(assignment).get(name)
    said = (
        next((m.advice for m in exercise.misconceptions if m.code == code), "") if exercise else ""
    )
    words = [idea_in_words(code), "" if "{" in said else said]
    return " ".join(
        dict.fromkeys(w if w.endswith((".", "?", "!")) else f"{w}." for w in words if w)
    )
