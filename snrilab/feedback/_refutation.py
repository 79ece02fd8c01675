"""Declared ideas whose values the learner's values match, named and refuted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from snrilab.exercises import Misconception, known_idea
from snrilab.feedback import (
    _constants,
    _one_change,
    _pieces,
)
from snrilab.feedback._call import (
    shown,
    shown_apart,
)
from snrilab.feedback._feedback import saying
from snrilab.feedback._shown_at import example_of, shown_at_first_wrong
from snrilab.feedback._trial import Trial, same_values

if TYPE_CHECKING:
    from snrilab.feedback._feedback import Feedback


def idea_of(trial: Trial) -> Feedback | None:
    """Name the first declared idea whose values are the learner's, on the calls that came back.

    A constant with few digits, 0.693 for ln 2, hides no idea.
    """
    precise = _constants.with_all_digits(trial)
    for known in trial.exercise.misconceptions:
        if same_values(trial, known.function):
            if _is_theirs(trial, known):
                return _refuted(trial, known)
            return _elsewhere(trial) or _refuted(trial, known, _come_to(trial, known))
    for known in trial.exercise.misconceptions if precise is not None else ():
        if precise is not None and precise.wrong and same_values(precise, known.function):
            return _refuted(trial, known)
    return None


def _is_theirs(trial: Trial, known: Misconception) -> bool:
    """Tell whether lines with the values of an idea are put together as it is, or nearly so."""
    if _pieces.unlike(trial, known.text) >= _UNLIKE:
        return False
    return not is_turned(trial) or _pieces.shares_what_is_wrong(trial, known.text)


_UNLIKE = 4  # pieces that two formulas do not share


def is_turned(trial: Trial) -> bool:
    """Tell whether every value is right but for its sign: many ways lead there."""
    if not trial.pairs:
        return False
    mine, right = trial.joined
    return bool(mine.any()) and np.allclose(mine, -right, rtol=trial.exercise.rel, atol=0)


def _elsewhere(trial: Trial) -> Feedback | None:
    """Name what is wrong in lines that have the values of an idea and are made otherwise."""
    only = None if is_turned(trial) else _PLAIN_SLIPS
    found = _one_change.of_the_line(trial, only) if _says_much(trial) else None
    return shown_at_first_wrong(trial, found)


def _says_much(trial: Trial) -> bool:
    """Tell whether the right values are such as no other formula meets by chance, as a place is."""
    return len({x for _, right in trial.pairs for x in right.tolist() if x != round(x)}) >= _MANY


_PLAIN_SLIPS = frozenset({"wrong-argument", "reversed-subtraction", "plus-for-minus"})


def _come_to(trial: Trial, known: Misconception) -> str:
    """Return the formula that the learner's lines come to, or nothing where values may be chance.

    A place or a count is met by chance; so is a longer answer, which is not shown.
    """
    text = re.sub(r" \+ 0(\.0)? \* \w+$", "", known.text)
    if not _says_much(trial) or "\n" in text or len(text) > _SHOWN or "0 * " in text:
        return ""
    return text


_MANY = 3  # different values

_SHOWN = 64  # characters


def _refuted(trial: Trial, known: Misconception, comes_to: str = "") -> Feedback:
    """Name the idea, refute it with the learner's own numbers, and give the right one.

    Where the lines are put together otherwise it is said what they come to.
    """
    exercise = trial.exercise
    place = trial.first_wrong
    c, expected = trial.calls[place], trial.right[place]
    listed = known_idea(known.code)
    words = listed.idea if listed else known.code.replace("-", " ")
    if listed is not None and listed.kind == "idea":
        headline = f"The idea behind it: {words}."
    else:
        headline = f"{words[:1].upper()}{words[1:]}."
    if comes_to:
        headline = f"Your lines come to `{comes_to}`."
    got, wanted = shown_apart(c.value, expected)
    numbers = dict(zip(exercise.argument_names, map(shown, c.arguments), strict=True))
    numbers |= {"gave": got, "expected": wanted}
    why = known.advice
    for name, number in numbers.items():
        why = why.replace("{" + name + "}", number)
    return saying(exercise, known.code, headline, why, example_of(trial, place))
