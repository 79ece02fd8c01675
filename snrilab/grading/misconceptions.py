"""Which known wrong idea an answer follows, by what it returns; for feedback and class report."""

from __future__ import annotations

import contextlib
import copy
import functools
import warnings
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


@functools.cache
def _expected(assignment: str) -> dict[str, tuple[list[Any], list[tuple[str, list[Any]]]]]:
    """Return, for each function, what to call it with, and what each idea makes of that.

    The right answer comes first, under no code. All of it is worked out once, before anybody's
    work is looked at: some ideas fit a curve.
    """
    found = {}
    for name, exercise in exercises_of(assignment).items():
        cases = list(exercise.inputs())
        told: list[tuple[str, list[Any]]] = []
        functions = [("", exercise.reference)]
        functions += [(idea.code, idea.function) for idea in exercise.misconceptions]
        for code, function in functions:
            with contextlib.suppress(Exception), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                told.append((code, [function(*copy.deepcopy(case)) for case in cases]))
        found[name] = (cases, told)
    return found


def prepare(assignment: str) -> None:
    """Work out what is needed, before the processes that look at submissions are made."""
    _expected(assignment)


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
    cases, told = _expected(assignment)[name]
    values = [function(*copy.deepcopy(case)) for case in cases]
    for code, expected in told:
        if all(_same(a, b, exercise.rel) for a, b in zip(values, expected, strict=True)):
            return code
    return ""


def _same(value: Any, expected: Any, rel: float) -> bool:
    """Tell whether a value is the expected one; a wrong idea may give one that is no number."""
    import numpy as np

    from snrilab.exercises import agrees, as_numbers

    if agrees(value, expected, rel=rel):
        return True
    got, wanted = as_numbers(value), as_numbers(expected)
    if got is None or wanted is None or np.shape(got) != np.shape(wanted):
        return False
    return bool(np.allclose(got, wanted, rtol=rel, atol=0, equal_nan=True))


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
