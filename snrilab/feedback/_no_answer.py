"""What came back is no answer at all: an error, nothing, several values, a changed input."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from snrilab.exercises import agrees
from snrilab.feedback import (
    _kinds,
    _lines,
    _moves,
)
from snrilab.feedback._call import (
    Call,
    call,
    shown,
    shown_call,
)
from snrilab.feedback._errors import in_plain_words, means_scalars_only, shown_message
from snrilab.feedback._feedback import saying
from snrilab.feedback._shown_at import example_of, shown_at_first_wrong

if TYPE_CHECKING:
    from snrilab.feedback._feedback import Feedback
    from snrilab.feedback._trial import Trial


def scalars_only(trial: Trial) -> Feedback | None:
    """Say that a function is right for single numbers and stops at arrays."""
    erring = [place for place, c in enumerate(trial.calls) if c.error is not None]
    if not erring or list(trial.wrong) != erring or not all(map(trial.has_array, erring)):
        return None
    return stopped_at(trial, erring[0], arrays_only=any(trial.agreeing))


def stopped(trial: Trial) -> Feedback | None:
    erring = [place for place, c in enumerate(trial.calls) if c.error is not None]
    if not erring:
        return None
    came_wrong = [p for p in trial.wrong if p not in erring]
    arrays_only = all(trial.has_array(p) for p in erring) and len(erring) < len(trial.calls)
    of_many = re.search(
        r"not subscriptable|not iterable", shown_message(trial.calls[erring[0]].error)
    )
    if of_many and not trial.has_array(erring[0]):
        return stopped_at(trial, erring[0], arrays_only=False)
    if came_wrong and not (arrays_only and means_scalars_only(trial.calls[erring[0]].error)):
        return None  # first what is wrong with the values that came
    if came_wrong:
        return None
    return stopped_at(trial, erring[0], arrays_only)


def stopped_at(trial: Trial, place: int, arrays_only: bool) -> Feedback:
    exercise, c = trial.exercise, trial.calls[place]
    kind = type(c.error).__name__
    why = in_plain_words(c.error, c.line, exercise.argument_names)
    why = _where_it_stands(c, exercise.argument_names) or why
    code, headline = "error", f"The function stops with {kind}."
    single = any(ok and not trial.has_array(p) for p, ok in enumerate(trial.agreeing))
    if arrays_only and single and not isinstance(c.error, ArithmeticError):
        code, headline = "scalar-only", "It works for single numbers but not for arrays."
        if means_scalars_only(c.error) or kind in ("TypeError", "ValueError"):
            why = (
                "The function is used on whole arrays later: NumPy (np.log10, np.exp, np.maximum, "
                "np.where) works on all elements at once, where math, if, max, float and int want "
                "one number."
            )
    at = f"\n  in your line: {c.line}" if c.line else ""
    typed = shown_call(exercise.function_name, c.arguments)
    return saying(exercise, code, headline, why, f"{typed}{at}\n  {kind}: {shown_message(c.error)}")


def _where_it_stands(c: Call, names: tuple[str, ...]) -> str:
    """Say where a text stands that was taken for a number, or a number that was for a list."""
    if "not subscriptable" in shown_message(c.error):
        single = [name for name, given in zip(names, c.arguments, strict=False)
                  if isinstance(given, int | float) and f"{name}[" in (c.line or "")]  # fmt: skip
        if single:
            return f"{single[0]} is one number here, and [ ] asks for one of many."
    found = re.search(r"could not convert string to float: (.+)", shown_message(c.error))
    for name, given in zip(names, c.arguments, strict=False) if found else ():
        texts = [repr(one) for one in given] if isinstance(given, list | tuple) else []
        if found and found[1] in texts:
            at = f"{name}[{texts.index(found[1])}]"
            return (
                f"{found[1]} is {at} here (Python counts from 0) and no number. Which place of "
                f"{name} holds the number, and what tells you so?"
            )
    return ""


def number_invented(trial: Trial) -> Feedback | None:
    """Find a number given where there is none: an error, None or nan is right there."""
    exercise, function = trial.exercise, trial.function
    for arguments in exercise.unanswerable():
        c = call(function, arguments)
        if c.error is None and c.numbers is not None and not np.isnan(c.numbers).all():
            typed = shown_call(exercise.function_name, arguments)
            why = (
                "Right for all inputs that have an answer. This one has none, and a number comes "
                "back all the same, without a word. Let it be an error or nan."
            )
            example = f"{typed}\n  gave      {shown(c.value)}\n  expected  an error or nan"
            headline = "A number comes back where there is none."
            return saying(exercise, "number-invented", headline, why, example)
    return None


def places_in_a_tuple(trial: Trial) -> Feedback | None:
    """Recognise np.where(...) where a place is asked for."""
    c = trial.calls[trial.wrong[0]]
    given = c.value
    if not (isinstance(given, tuple) and any(isinstance(one, np.ndarray) for one in given)):
        return None
    headline = "The answer is a tuple of arrays, where one value is asked for."
    why = "np.where and np.nonzero give one: np.argmax gives the place of the largest as a number."
    return saying(
        trial.exercise, "several-values", headline, why, example_of(trial, trial.wrong[0])
    )


def wrong_where_changed(trial: Trial) -> Feedback | None:
    """Recognise values that are wrong only where the function changed what it was handed."""
    wrong = [trial.calls[place] for place in trial.wrong]
    if len(wrong) == len(trial.calls) or not all(c.changed and c.error is None for c in wrong):
        return None
    return input_changed(trial, wrong[0])


def input_changed(trial: Trial, c: Call) -> Feedback:
    exercise = trial.exercise
    names = ", ".join(exercise.argument_names[i] for i in c.changed)
    why = (
        "The caller still needs that array: write a = a - b, which makes a new one, in place of a "
        "-= b."
    )
    if all(isinstance(c.arguments[i], list) for i in c.changed):
        why = (
            "The caller still needs that list: [x] + a makes a new one, where insert, append, pop "
            "and del change it."
        )
        second = _lines.copied_name(trial, {exercise.argument_names[i] for i in c.changed})
        if second is not None:
            name, given = second
            why = (
                f"`{name} = {given}` makes no copy: both are names of one list, and what is done "
                f"to {name} is done to the caller's list. `{name} = list({given})` makes a copy."
            )
    return saying(
        exercise,
        "changed-input",
        f"The function changes its input {names}.",
        why,
        shown_call(exercise.function_name, c.arguments),
    )


def wrong_form(trial: Trial) -> Feedback | None:
    """Say what is the matter with a value that is no number of the right shape."""
    exercise = trial.exercise
    place = next((p for p in trial.wrong if trial.calls[p].error is None), None)
    if place is None:
        return None
    c, expected = trial.calls[place], trial.right[place]
    typed = shown_call(exercise.function_name, c.arguments)
    if c.value is None:
        return nothing_returned(trial, c, typed)
    if c.changed:
        return input_changed(trial, c)
    example, numbers = example_of(trial, place), c.numbers
    if c.value is Ellipsis:
        headline = "For some inputs the function still returns the … of the stub."
        return saying(exercise, "leftover-line", headline, "Every branch needs a value.", example)
    if isinstance(c.value, tuple) and np.ndim(expected) == 0:
        return _several(trial, place, example)
    if numbers is None and not isinstance(expected, str | list | tuple | dict | bool):
        headline, why = _kinds.kind_of(c.value, exercise.unit)
        early = _lines.closes_early(trial) if isinstance(c.value, bool | np.bool_) else ""
        if early:
            why += f" Does the bracket of {early} close too early?"
        return saying(exercise, "not-a-number", headline, why, example)
    if numbers is None:
        return None
    if numbers.shape != np.shape(expected) and not (numbers.size == 1 and np.ndim(expected) == 0):
        if np.ndim(expected) == 0:
            return _several(trial, place, example)
        found = _moves.ignored(trial) if numbers.ndim == 0 else None
        if found is not None:
            return shown_at_first_wrong(trial, found)
        each = any(np.shape(one) == np.shape(expected) for one in c.arguments)
        headline, why = _kinds.about_shape(numbers, expected, each)
        return saying(exercise, "wrong-shape", headline, why, example)
    return None if np.isfinite(numbers).all() else _not_finite(trial, example)


def _not_finite(trial: Trial, example: str) -> Feedback:
    why = "A division by zero, a logarithm of zero or 0/0 does that: which input makes it happen, "
    why += "and what is right there?"
    if _lines.gives_nan(trial):
        why = "A line of yours gives it back on purpose. This input has an answer: which of your "
        why += "questions sends it there?"
    return saying(
        trial.exercise, "not-finite", "The function returns NaN or infinity.", why, example
    )


def nothing_at_some(trial: Trial) -> Feedback | None:
    """Say that some inputs get nothing, where whatever is returned is right."""
    missing = [trial.calls[place] for place in trial.wrong]
    given = any(c.error is not None or c.value is not None for c in missing)
    if given or len(missing) == len(trial.calls):
        return None
    typed = shown_call(trial.exercise.function_name, missing[0].arguments)
    return nothing_returned(trial, missing[0], typed)


def nothing_returned(trial: Trial, c: Call, typed: str) -> Feedback:
    exercise = trial.exercise
    if c.printed.strip():
        return saying(
            exercise,
            "printed-not-returned",
            "The function prints its answer but does not return it.",
            "A printed number can be read but not used: end the function with return and the "
            "value.",
            f"{typed}\n  printed   {shown(c.printed.strip())}\n  returned  None",
        )
    if any(other.value is not None for other in trial.calls):
        why = "An if without an else, or a branch without return, lets it run off its end"
        if _lines.gives_none(trial):
            why = "A line of yours gives None back, though this input has an answer"
        return saying(
            exercise,
            "no-return",
            "For some inputs the function returns nothing (None).",
            f"{why}: what should come back there?",
            f"{typed}\n  returned  None",
        )
    return saying(
        exercise,
        "no-return",
        "The function returns nothing (None).",
        "The value is worked out but not handed back: end the function with return and the value.",
        f"{typed}\n  returned  None",
    )


def _several(trial: Trial, place: int, example: str) -> Feedback:
    """Explain several values where one is asked for: a decimal comma, all parameters of a fit."""
    exercise, value, expected = trial.exercise, trial.calls[place].value, trial.right[place]
    parts = list(value) if isinstance(value, tuple | list | np.ndarray) else []
    for position, part in enumerate(parts):
        inner = np.atleast_1d(np.asarray(part, dtype=object))
        if agrees(part, expected, rel=exercise.rel):
            why = (
                f"The one asked for is among them, at position {position} (Python counts from 0): "
                f"return that one alone, for instance with [{position}] behind the name."
            )
            return saying(exercise, "several-values", f"You return {len(parts)} values.", why,
                         example)  # fmt: skip
        for second, one in enumerate(inner.ravel()):
            if inner.size > 1 and agrees(one, expected, rel=exercise.rel):
                why = (
                    "You return all that the fit hands back. Its first part holds the parameters; "
                    f"the one asked for is number {second} of them (Python counts from 0)."
                )
                return saying(exercise, "several-values", "You return everything of the fit.", why,
                             example)  # fmt: skip
    if (
        len(parts) == 2
        and all(isinstance(part, int | float) for part in parts)
        and (_lines.may_be_a_comma(trial))
    ):
        why = (
            "A comma makes two values of one. If it is a decimal comma: Python writes decimals "
            "with a point, 2.22 and not 2,22."
        )
        return saying(exercise, "decimal-comma", "The function returns two values.", why, example)
    why = "For single numbers the answer is a single number: which of them is it?"
    if exercise.uses and len(parts) > 1:
        why = (
            "A fit hands back all of its parameters, in the order in which your curve takes them: "
            "return the one that is asked for, as a number and not as its logarithm."
        )
    headline = f"The function returns {len(parts) or 'several'} values, one is asked for."
    return saying(exercise, "several-values", headline, why, example)
