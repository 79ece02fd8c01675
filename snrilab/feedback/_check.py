"""Try a learner's function, keep what is right, and show the worked answer."""

from __future__ import annotations

import ast
import functools
import html
import inspect
import types
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.exercises import Exercise, answers_file, assignments, declared, find, lessons
from snrilab.feedback._call import source_of, without_noise
from snrilab.feedback._diagnosis import diagnosed
from snrilab.feedback._examples import tried_on_examples
from snrilab.feedback._memory import record
from snrilab.feedback._own_work import noticing
from snrilab.feedback._stale import older_than_its_cell, say_what_is_missing

if TYPE_CHECKING:
    from snrilab.feedback._feedback import Feedback


_NOT_TRIED = frozenset({"not-written", "older-than-its-cell", "renamed", "not-a-function"})


def check(exercise: Exercise | str, function: object) -> Feedback:
    """Try a learner's function, say what is wrong and why, and keep it when it is right.

    Parameters
    ----------
    exercise : Exercise or str
        The exercise, or its full name ("lesson02/bound_fmol").
    function : object
        What the learner wrote, handed over without brackets: ``bound_fmol``, not
        ``bound_fmol()``. Anything may come; nothing it does stops the notebook.

    Returns
    -------
    Feedback
        Shown by Jupyter. It speaks of the values tried here only, never of hidden tests. A student
        has no answers to an assignment: there the examples of the notebook are tried.

    Raises
    ------
    LookupError
        When `exercise` is a name that nothing has.

    Examples
    --------
    >>> def conc_for_share(share, kd_nM):
    ...     return kd_nM * share / 1 - share
    >>> check("lesson02/conc_for_share", conc_for_share).code
    'missing-brackets'
    """
    if isinstance(exercise, str) and _is_assignment_without_answers(exercise):
        with without_noise(), noticing() as used:
            return _of_own_work(tried_on_examples(exercise, function), used)
    asked = _exercise(exercise)
    with without_noise(), noticing() as used:
        feedback = older_than_its_cell(asked, function) or diagnosed(asked, function)
    if asked.name.partition("/")[0] not in lessons():
        feedback = _of_own_work(feedback, used)
    if feedback.passed:
        record("exercises", asked.name, {"source": whole_source(function, asked.function_name)})
    elif feedback.code not in _NOT_TRIED:
        record("tries", asked.name, {"code": feedback.code})
    return feedback


def diagnose(exercise: Exercise | str, function: object) -> Feedback:
    """Say what is wrong with a function and why, keeping nothing: for programs.

    Parameters
    ----------
    exercise : Exercise or str
        The exercise, or its full name.
    function : object
        The function to try.

    Returns
    -------
    Feedback
        Its `code` is that of an idea (`snrilab.evidence.ideas`), of a slip, "right",
        "not-written", or a general one.

    Raises
    ------
    LookupError
        When `exercise` is a name that nothing has.

    Examples
    --------
    >>> diagnose("lesson02/conc_for_share", lambda share, kd: kd * (1 - share) / share).code
    'free-instead-of-occupied'
    """
    return diagnosed(_exercise(exercise), function)


def _of_own_work(feedback: Feedback, used: list[str]) -> Feedback:
    """Refuse what is right by a function that will not be there while it is graded."""
    if not (used and feedback.passed):
        return feedback
    listed = ", ".join(used)
    return replace(
        feedback,
        passed=False,
        code="not-in-this-notebook",
        headline=f"{feedback.headline.rstrip('.')}, and earns nothing as it stands.",
        why=f"It calls {listed} of feedback.mine, which lends nothing while an assignment is "
        f"graded: write the lines of {listed} into this notebook.",
        example="",
        means="",
    )


def _exercise(exercise: Exercise | str) -> Exercise:
    asked = find(exercise) if isinstance(exercise, str) else exercise
    if not isinstance(asked, Exercise):
        raise LookupError(f"exercise {exercise!r} is not something to write a function for.")
    return asked


def _is_assignment_without_answers(name: str) -> bool:
    module = name.partition("/")[0]
    is_assignment = module.startswith("ps") and module not in lessons()
    return is_assignment and module not in assignments() and answers_file(module) is None


@functools.cache
def _functions() -> frozenset[str]:
    """Return the names of all functions that lessons ask for."""
    things = (thing for module in lessons() for thing in declared(module).values())
    return frozenset(each.function_name for each in things if isinstance(each, Exercise))


say_what_is_missing(_functions)


# -- what is kept of a right answer -----------------------------------------------------------

_MOST_KEPT = 2000  # characters of a value


def whole_source(function: Any, name: str) -> str:
    """Return the source of a function, under this name, after what it uses of its notebook."""
    return "\n".join(_lines_for(function, name, {name}))


def _lines_for(function: Any, name: str, seen: set[str]) -> list[str]:
    source = source_of(function)
    called = getattr(function, "__name__", name)
    try:
        tree: ast.AST = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    if called == "<lambda>":
        anonymous = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
        if len(anonymous) != 1:
            return []
        (tree,) = anonymous
        called, source = name, f"{name} = {ast.unparse(tree)}"
    around = getattr(function, "__globals__", {})
    lines = []
    for node in ast.walk(tree):
        used = node.id if isinstance(node, ast.Name) else ""
        if used in around and used not in seen:
            seen.add(used)
            lines += _line_for(used, around[used], seen)
    return [*lines, source, *([f"{name} = {called}"] if called != name else [])]


def _line_for(name: str, value: Any, seen: set[str]) -> list[str]:
    if isinstance(value, types.ModuleType):
        return [f"import {value.__name__} as {name}"]
    if isinstance(value, bool | int | float | str | list | tuple | dict | np.ndarray | np.generic):
        return _written_out(name, value)
    if type(value).__name__ == "Mine":  # what feedback.mine gives; its module builds on this one
        alias = [f"{name} = {value.__name__}"] if name != value.__name__ else []
        return [value.source, *alias]
    if inspect.isfunction(value) and value.__module__ in ("__main__", None):
        return _lines_for(value, name, seen)
    home = getattr(value, "__module__", None)
    if callable(value) and isinstance(home, str) and home != "__main__":
        return [f"from {home} import {getattr(value, '__name__', name)} as {name}"]
    return []


def _written_out(name: str, value: Any) -> list[str]:
    """Return the line that gives a name its value, where Python can write this and it is short."""
    of_numpy = isinstance(value, np.ndarray | np.generic)
    text = f"np.array({value.tolist()!r})[()]" if of_numpy else repr(value)
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return []
    return [f"{name} = {text}"] if len(text) <= _MOST_KEPT else []


# -- the worked answer ------------------------------------------------------------------------


class Answer:
    """The worked answer to an exercise, folded on the page.

    Attributes
    ----------
    source : str
        The source of the function.
    why : str
        Where to start, and what the result means.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.source = exercise.code()
        self.why = " ".join(part for part in (exercise.hint, exercise.means) if part)

    def __repr__(self) -> str:
        return f"{self.source}{self.why}"

    def _repr_html_(self) -> str:
        why = f"<p>{html.escape(self.why)}</p>" if self.why else ""
        return (
            "<details><summary>Worked answer</summary>"
            f'<pre style="margin-bottom: 0.8em"><code>{html.escape(self.source)}</code></pre>'
            f"{why}</details>"
        )


def answer(exercise: Exercise | str) -> Answer:
    """Show the worked answer to an exercise, folded: the declaration is its one source.

    Parameters
    ----------
    exercise : Exercise or str
        The exercise, or its full name ("lesson02/bound_fmol").

    Returns
    -------
    Answer
        Shown by Jupyter as a fold.

    Raises
    ------
    LookupError
        When `exercise` is a name that no exercise has.

    Examples
    --------
    >>> print(answer("lesson02/conc_for_share").source)
    def conc_for_share(share, kd_nM):
        return kd_nM * share / (1 - share)
    <BLANKLINE>
    """
    return Answer(_exercise(exercise))
