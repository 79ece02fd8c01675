"""Give a learner's own function to the cells that use it, in its lesson and in later ones.

In the lesson where it is written the function is used as it stands, right or not: a plan that is
wrong has to be seen to fail. In a later lesson only one that the check has passed is used.
"""

from __future__ import annotations

import inspect
import sys
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.exercises import Exercise, agrees, as_numbers, assignments, declared, lessons
from snrilab.feedback._call import Call, call, kind_name
from snrilab.feedback._check import whole_source
from snrilab.feedback._memory import load
from snrilab.feedback._own_work import at_work
from snrilab.feedback._stale import older_than_its_cell

if TYPE_CHECKING:
    from collections.abc import Callable


class Mine:
    """A function that the learner wrote, or a lent one in its place.

    Attributes
    ----------
    lent : bool
        True when it is the course's own answer, because the learner's cannot be used.
    right : bool
        True when it gives the right values.
    source : str
        The source of the function.
    where : str
        Full name of the exercise that it comes from.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        where: str,
        source: str,
        *,
        lent: bool,
        right: bool,
        said: str,
    ) -> None:
        self._function, self.where, self.source = function, where, source
        self.lent, self.right, self._said = lent, right, said
        self.__name__ = where.partition("/")[2]
        self.__wrapped__ = function

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Call the function."""
        at_work(self.__name__)
        return self._function(*arguments, **named)

    def __repr__(self) -> str:
        return f"{self.__name__}{self._said}"


def mine(name: str) -> Mine:
    """Return the function that the learner wrote for an exercise, and say which one it is.

    In the notebook that defines it that is the function as it stands, also when it is not right
    yet; elsewhere the one that the check passed. Where there is none that can be used, the course
    lends its own and says why.

    Parameters
    ----------
    name : str
        Name of the function ("bound_fmol"), or the full name of its exercise.

    Returns
    -------
    Mine
        To be called like the function itself.

    Raises
    ------
    LookupError
        When no exercise has that name.

    Examples
    --------
    >>> bound_fmol = mine("bound_fmol")
    bound_fmol, lent by the course (you have not written it yet): write yours in lesson02.
    >>> round(bound_fmol(730.4, 20, 0.4, 80), 6)
    10.0
    >>> def conc_for_share(share, kd_nM):
    ...     return 2 * share * kd_nM
    >>> mine("conc_for_share").right
    conc_for_share as it stands above; the check has not passed it yet.
    False
    """
    exercise = _exercise(name)
    notebook = sys._getframe(1).f_globals  # noqa: SLF001 -- the names of the cell that calls
    there = notebook.get(exercise.function_name)
    found = _of_this_notebook(exercise, there) if inspect.isfunction(there) else _kept(exercise)
    sys.stdout.write(f"{found!r}\n")
    return found


def _exercise(name: str) -> Exercise:
    modules = (*lessons(), *assignments())
    there = {n: e for m in modules for n, e in declared(m).items() if isinstance(e, Exercise)}
    for full, exercise in there.items():
        if name in (full, exercise.function_name):
            return exercise
    names = sorted({exercise.function_name for exercise in there.values()})
    near = get_close_matches(str(name), names, n=3, cutoff=0.5) or names[:3]
    raise LookupError(
        f"name {name!r} is no function of the course; there are {len(names)}, among them "
        f"{', '.join(near)}."
    )


def _lent(exercise: Exercise, why: str, todo: str) -> Mine:
    said = f", lent by the course ({why}): {todo}."
    return Mine(
        exercise.reference, exercise.name, exercise.code(), lent=True, right=True, said=said
    )


# -- in the notebook where it is written ----------------------------------------------------------


def _of_this_notebook(exercise: Exercise, function: Callable[..., Any]) -> Mine:
    """Return the function as it stands, or a lent one where it would stop the cells that use it."""
    stale = older_than_its_cell(exercise, function)
    if stale is not None:
        why = "the cell that defines yours was not run to its end"
        if stale.code == "renamed":
            why = "your last function has another name"
        return _lent(exercise, why, "mend it above")
    calls = [call(function, arguments) for arguments in exercise.inputs()]
    if all(isinstance(c.error, NotImplementedError) or c.value is Ellipsis for c in calls):
        return _lent(exercise, "you have not written it yet", "write yours above")
    expected = [exercise.reference(*c.arguments) for c in calls]
    pairs = list(zip(calls, expected, strict=True))
    right = all(c.error is None and agrees(c.value, e, rel=exercise.rel) for c, e in pairs)
    trouble = "" if right else _trouble(pairs)
    if trouble:
        return _lent(exercise, f"yours {trouble}", "mend yours above")
    if right:
        said = " as you wrote it above."
    elif load()["exercises"].get(exercise.name):
        said = " as it stands above; the check has not passed it, only one that you had before."
    else:
        said = " as it stands above; the check has not passed it yet."
    source = whole_source(function, exercise.function_name)
    return Mine(function, exercise.name, source, lent=False, right=right, said=said)


def _trouble(pairs: list[tuple[Call, Any]]) -> str:
    """Say why values cannot be worked with: an error, another shape, outside all that can be."""
    values, wanted = [], []
    for c, expected in pairs:
        if c.error is not None:
            return f"stops with {type(c.error).__name__}"
        got, right = as_numbers(c.value), as_numbers(expected)
        if right is None:
            if not isinstance(c.value, type(expected)):
                return f"returns {_kind(c.value)}"
            continue
        if got is None:
            return f"returns {_kind(c.value)}"
        if got.shape != right.shape:
            return "returns another number of values than it is given"
        values.append(got.ravel())
        wanted.append(right.ravel())
    if not values:
        return ""
    mine_, all_right = np.concatenate(values), np.concatenate(wanted)
    if not np.isfinite(mine_).all():
        return "gives values that are no finite numbers"
    if all_right.min() >= 0 > mine_.min():
        return "gives values below zero, which cannot be"
    if all_right.min() >= 0 and all_right.max() <= 1 < mine_.max():
        return "gives values above 1, which cannot be"
    return ""


def _kind(value: Any) -> str:
    return "nothing" if value is None else kind_name(value)


# -- in a later lesson ----------------------------------------------------------------------------


def _kept(exercise: Exercise) -> Mine:
    """Return the function that passed a check, or a lent one."""
    lesson = exercise.name.partition("/")[0]
    memory = load()
    kept = memory["exercises"].get(exercise.name)
    source = kept.get("source") if isinstance(kept, dict) else None
    if not kept:
        tried = exercise.name in memory["tries"]
        why = "the check has not passed yours yet" if tried else "you have not written it yet"
        return _lent(exercise, why, f"write yours in {lesson}")
    if not isinstance(source, str) or not source:
        return _lent(exercise, "its text was not kept", f"write yours in {lesson}")
    function = _run(source, exercise)
    if function is None:
        why = "yours needs something of its own notebook"
        return _lent(exercise, why, f"write yours in {lesson}")
    said = f" as you wrote it in {lesson}."
    return Mine(function, exercise.name, source, lent=False, right=True, said=said)


def _run(source: str, exercise: Exercise) -> Callable[..., Any] | None:
    """Return the function of a kept source when it still gives the right values."""
    import math

    names: dict[str, Any] = {"np": np, "math": math, "inf": math.inf, "nan": math.nan}
    names["__name__"] = "written_earlier"
    try:
        exec(exercise.uses, names)  # noqa: S102 -- what its notebook imports for it
        exec(compile(source, f"<{exercise.name}>", "exec", dont_inherit=True), names)  # noqa: S102
        function: Callable[..., Any] = names[exercise.function_name]
    except Exception:  # noqa: BLE001 -- whatever is wrong with it, a lent one takes its place
        return None
    for arguments in exercise.inputs():
        expected = exercise.reference(*arguments)
        c = call(function, arguments)
        if c.error is not None or not agrees(c.value, expected, rel=exercise.rel):
            return None
    return function
