"""Which known wrong idea an answer follows, by what it returns; for feedback and class report.

Runs in forked graders.
"""

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
    from snrilab.exercises import words_for
    from snrilab.feedback import diagnose

    code = diagnose(exercise, function).code
    known = code in {idea.code for idea in exercise.misconceptions}
    return code if known or words_for(code) else ""


def advice(assignment: str, name: str, code: str) -> str:
    """Return what to say about a misconception: the idea in words, without anybody's numbers.

    Parameters
    ----------
    assignment, name : str
        Where it was found: the assignment and the function.
    code : str
        As `found_in` returns it.
    """
    from snrilab.exercises import words_for

    exercise = exercises_of(assignment).get(name)
    ideas = exercise.misconceptions if exercise is not None else ()
    # A refutation with gaps is filled with a learner's numbers, which belong in the notebook.
    said = next((i.advice for i in ideas if i.code == code and "{" not in i.advice), "")
    words = words_for(code)
    if said:
        return said
    return f"The values follow from this: {words}." if words else ""
