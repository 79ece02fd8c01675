"""Try a learner's function and say what is wrong, in the order in which a teacher would look."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from snrilab.exercises._declaration import Exercise, find
from snrilab.exercises._values import agrees
from snrilab.feedback._call import Call, call, is_empty, shown, shown_call
from snrilab.feedback._feedback import Feedback
from snrilab.feedback._patterns import is_cut_to_whole_numbers, pattern

_PLAIN_WORDS = {
    "NameError": (
        "A name is used that does not exist here: is it spelt as above, and has its cell been run?"
    ),
    "UnboundLocalError": "A name is used before it gets a value.",
    "ZeroDivisionError": (
        "Something is divided by zero: which input is zero, and should it stand below the line?"
    ),
    "RecursionError": "The function calls itself without end.",
    "AttributeError": "That kind of value has no such part: look at what is left of the dot.",
    "IndexError": "A position is asked for that the array does not have.",
    "KeyError": "That key does not exist.",
    "SystemExit": "The function ends Python instead of returning a value.",
}


def check(exercise: Exercise | str, function: Any) -> Feedback:
    """Try a learner's function and say what is wrong, and why.

    Parameters
    ----------
    exercise : Exercise or str
        The exercise, or its full name ("ps2_binding/saturation").
    function : object
        What the learner wrote, handed over without brackets: ``saturation``, not
        ``saturation()``. Anything may come; nothing it does stops the notebook.

    Returns
    -------
    Feedback
        Shown by Jupyter. It speaks of the values tried here only, never of hidden tests.

    Raises
    ------
    LookupError
        When `exercise` is a name that nothing has.

    Examples
    --------
    >>> def cheng_prusoff(ic50_nM, radioligand_nM, kd_nM):
    ...     return ic50_nM * (1 + radioligand_nM / kd_nM)
    >>> check("ps2_binding/cheng_prusoff", cheng_prusoff).code
    'multiplied'
    """
    declared = find(exercise) if isinstance(exercise, str) else exercise
    if not isinstance(declared, Exercise):
        raise LookupError(f"exercise {exercise!r} is not something to write a function for.")
    feedback = _judge(declared, function)
    if feedback.passed:
        from snrilab.feedback._progress import record

        record("exercises", declared.name, True)
    return feedback


def _judge(exercise: Exercise, function: Any) -> Feedback:
    before = _before_calling(exercise, function)
    if before is not None:
        return before
    calls = [call(function, arguments) for arguments in exercise.inputs()]
    if any(isinstance(c.error, NotImplementedError) or c.value is Ellipsis for c in calls):
        return _not_written(exercise)
    right = [call(exercise.reference, c.arguments).value for c in calls]
    agreeing = [
        c.error is None and agrees(c.value, value, rel=exercise.rel)
        for c, value in zip(calls, right, strict=True)
    ]
    if not all(agreeing):
        named = _misconception(exercise, calls, right, agreeing)
        if named is not None:
            return named
    for c, value, good in zip(calls, right, agreeing, strict=True):
        if not good:
            return _explain(exercise, calls, c, value, agreeing, right)
    return next((_changed(exercise, c) for c in calls if c.changed), None) or _right(exercise)


def _answer(
    exercise: Exercise, code: str, headline: str, why: str, example: str = "", passed: bool = False
) -> Feedback:
    return Feedback(exercise.name, passed, code, headline, why, example)


def _right(exercise: Exercise) -> Feedback:
    tried = len(exercise.inputs())
    return _answer(
        exercise,
        "right",
        f"{exercise.function_name} gives the right values for the {tried} inputs tried here.",
        "Graded tests, where there are any, try other inputs: think of zero, very large values "
        "and arrays.",
        passed=True,
    )


def _not_written(exercise: Exercise) -> Feedback:
    return _answer(
        exercise,
        "not-written",
        f"{exercise.function_name} is still empty.",
        "Replace the last line of the function with your own, run its cell, then run this one "
        "again.",
    )


def _before_calling(exercise: Exercise, function: Any) -> Feedback | None:
    """Find what can be seen without calling the function."""
    if not callable(function):
        return _answer(
            exercise,
            "not-a-function",
            f"Expected the function {exercise.function_name}, got {shown(function)}.",
            f"Hand the function itself over, without brackets: check(…, {exercise.function_name}).",
        )
    if is_empty(function):
        return _not_written(exercise)
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return None  # functions written in C do not always say
    names = tuple(p.name for p in parameters)
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    wanted = exercise.arguments
    needed = sum(p.default is p.empty for p in positional)
    any_number = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    too_few = len(positional) < len(wanted) and not any_number
    if too_few or needed > len(wanted):
        return _answer(
            exercise,
            "wrong-arguments",
            f"The function should take {len(wanted)} argument{'s' if len(wanted) > 1 else ''}.",
            f"Write it as {exercise.signature}; yours is ({', '.join(names)}).",
        )
    if set(names) == set(wanted) and names != wanted:
        return _answer(
            exercise,
            "argument-order",
            "The arguments stand in another order.",
            f"Write it as {exercise.signature}; yours is ({', '.join(names)}).",
        )
    return None


def _misconception(
    exercise: Exercise, calls: list[Call], right: list[Any], agreeing: list[bool]
) -> Feedback | None:
    """Return the advice of the first misconception whose values the learner's values match."""
    if any(c.error is not None for c in calls):
        return None
    wrong = agreeing.index(False)
    for known in exercise.misconceptions:
        if all(_same(c, call(known.function, c.arguments), exercise.rel) for c in calls):
            return _answer(
                exercise,
                known.code,
                f"{exercise.function_name} does not give the right values.",
                known.advice,
                _example(exercise, calls[wrong], right[wrong]),
            )
    return None


def _same(mine: Call, theirs: Call, rel: float) -> bool:
    """Tell whether two calls gave the same values; NaN and infinity count when both have them."""
    got, idea = mine.numbers, theirs.numbers
    if got is None or idea is None or got.size != idea.size:
        return False
    got, finite = got.reshape(idea.shape), np.isfinite(idea)
    return bool(np.array_equal(finite, np.isfinite(got))) and agrees(
        got[finite], idea[finite], rel=rel
    )


def _example(exercise: Exercise, c: Call, expected: Any) -> str:
    typed = shown_call(exercise.function_name, c.arguments)
    return f"{typed}\n  gave      {shown(c.value)}\n  expected  {shown(expected)}"


def _changed(exercise: Exercise, c: Call) -> Feedback:
    names = ", ".join(exercise.arguments[i] for i in c.changed)
    return _answer(
        exercise,
        "changed-input",
        f"The function changes its input {names}.",
        "The caller still needs that array: write a = a - b, which makes a new one, in place of a "
        "-= b.",
        shown_call(exercise.function_name, c.arguments),
    )


def _explain(
    exercise: Exercise,
    calls: list[Call],
    c: Call,
    expected: Any,
    agreeing: list[bool],
    right: list[Any],
) -> Feedback:
    """Explain the first call that is not right."""
    typed = shown_call(exercise.function_name, c.arguments)
    if c.error is not None:
        return _error(exercise, c, typed, agreeing)
    if c.value is None:
        return _nothing(exercise, c, typed)
    if c.changed:
        return _changed(exercise, c)
    example = _example(exercise, c, expected)
    numbers = c.numbers
    if numbers is None:
        kind = "text" if isinstance(c.value, (str, bytes)) else f"a {type(c.value).__name__}"
        return _answer(
            exercise,
            "not-a-number",
            f"The function returns {kind}, not a number.",
            f"Return only the value ({exercise.unit}), without unit, rounding or text around it.",
            example,
        )
    if numbers.shape != np.shape(expected) and not (numbers.size == 1 and np.ndim(expected) == 0):
        return _shape(exercise, numbers.shape, np.shape(expected), example)
    if not np.isfinite(numbers).all():
        return _answer(
            exercise,
            "not-finite",
            "The function returns NaN or infinity.",
            "A division by zero, a logarithm of zero or 0/0 does that: which input makes it "
            "happen, and what is right there?",
            example,
        )
    came = [(one.value, v) for one, v in zip(calls, right, strict=True) if one.numbers is not None]
    if is_cut_to_whole_numbers([value for value, _ in came], [v for _, v in came]):
        return _answer(
            exercise,
            "whole-numbers",
            "The function returns whole numbers only.",
            "Something cuts off the decimals (int, round or //): leave it out. And int() does not "
            "take arrays.",
            example,
        )
    code, headline, why = pattern(
        [one.numbers for one in calls],
        [np.asarray(v, dtype=float) for v in right],
        agreeing,
        exercise.unit,
    )
    return _answer(exercise, code, headline, why, example)


def _error(exercise: Exercise, c: Call, typed: str, agreeing: list[bool]) -> Feedback:
    kind = type(c.error).__name__
    why = _PLAIN_WORDS.get(kind, "The last line of the message says what Python could not do.")
    has_array = any(isinstance(argument, np.ndarray) for argument in c.arguments)
    if has_array and any(agreeing):
        why = (
            "It works for single numbers but not for arrays: use NumPy (np.log10, np.exp), "
            "which works on all elements at once, and no `if` or math function on the whole array."
        )
    at = f"\n  in your line: {c.line}" if c.line else ""
    return _answer(
        exercise,
        "error",
        f"The function stops with {kind}.",
        why,
        f"{typed}{at}\n  {kind}: {shown_message(c.error)}",
    )


def shown_message(error: BaseException | None) -> str:
    """Write the message of an error on one line, whatever the error is."""
    try:
        return " ".join(str(error).split())[:200]
    except Exception:  # noqa: BLE001 -- a learner's error may fail when it is looked at
        return "(its message cannot be shown)"


def _nothing(exercise: Exercise, c: Call, typed: str) -> Feedback:
    if c.printed.strip():
        return _answer(
            exercise,
            "printed-not-returned",
            "The function prints its answer but does not return it.",
            "A printed number can be read but not used: end the function with return and the "
            "value.",
            f"{typed}\n  printed   {shown(c.printed.strip())}\n  returned  None",
        )
    return _answer(
        exercise,
        "no-return",
        "The function returns nothing (None).",
        "The value is worked out but not handed back: end the function with return and the value.",
        f"{typed}\n  returned  None",
    )


def _shape(
    exercise: Exercise, got: tuple[int, ...], wanted: tuple[int, ...], example: str
) -> Feedback:
    if wanted == ():
        why = "For single numbers the answer is a single number."
    elif got == ():
        why = (
            "For an array of concentrations the answer is an array, one value for each of them; "
            "look for a sum, a mean or an element picked out."
        )
    else:
        why = "For an array the answer has one value for each element, in the same order."
    headline = f"The answer has the shape {got}, expected {wanted}."
    return _answer(exercise, "wrong-shape", headline, why, example)
