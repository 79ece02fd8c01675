"""What all wrong numbers of an answer have in common."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from snrilab.feedback._call import definition_of
from snrilab.feedback._constants import CLOSE, alike, factor_between
from snrilab.feedback._exceptions import right_by_chance
from snrilab.feedback._lines import in_steps, in_sums
from snrilab.feedback._moves import direction, ignored, used_arguments
from snrilab.feedback._one_change import of_the_line
from snrilab.feedback._order import other_name
from snrilab.feedback._questions import other_border
from snrilab.feedback._slips import two_at_once

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]


def relation(trial: Trial) -> Said | None:
    """Return code, headline and advice for what all wrong numbers share."""
    if not trial.pairs:
        return None
    mine, true = trial.joined
    finite = np.isfinite(mine) & np.isfinite(true)
    together = None
    if np.array_equal(mine[~finite], true[~finite]):  # no sum is done with infinities
        together = _nearly(trial, mine[finite], true[finite])
        if len(trial.pairs) > 1 or len(trial.calls) == 1:  # one call alone shows no pattern
            together = together or _whole_factor(mine[finite], true[finite])
    return (
        together
        or ignored(trial)
        or two_at_once(trial)
        or direction(trial)
        or right_by_chance(trial)
    )


def one_number(trial: Trial) -> Said | None:
    """Recognise a function that gives one number whatever its inputs are."""
    values = [c.numbers for c in trial.calls]
    if len(values) < 2 or any(v is None or v.size == 0 for v in values):
        return None
    mine = np.concatenate([v.ravel() for v in values if v is not None])
    try:
        true = np.concatenate([np.ravel(np.asarray(v, dtype=float)) for v in trial.right])
    except (TypeError, ValueError):
        return None
    if np.any(mine != mine[0]) or not np.any(true != true[0]):
        return None
    why = (
        "A number written into the function, or a name from another cell, stands where an "
        "argument should: which arguments does your last line use?"
    )
    if used_arguments(trial):
        why = (
            "What comes in makes no difference on the way: work your lines out by hand with the "
            "numbers below. After which of them is it lost?"
        )
        if _returns_a_number(trial):
            why = "A number is written behind return: return what your lines work out."
    headline = f"The answer is {mine[0]:.6g} whatever the inputs are."
    found = of_the_line(trial) or other_border(trial) or other_name(trial)
    return found or ("same-for-every-input", headline, why)


def two_answers(trial: Trial) -> Said | None:
    """Recognise yes or no, as 1 and 0, where a number is asked."""
    if not trial.pairs:
        return None
    mine, true = trial.joined
    fractions = len(set(true[true != np.rint(true)].tolist()))
    if set(mine.tolist()) != {0.0, 1.0} or fractions < _MANY:
        return None
    return (
        "two-answers",
        "Your answer is 0 or 1, and nothing in between.",
        "That says yes or no. Asked is a number: give what your lines compare, not what the "
        "comparison says.",
    )


_MANY = 4  # different right values that are no whole numbers


def _returns_a_number(trial: Trial) -> bool:
    """Tell whether a number stands behind each return."""
    definition = definition_of(trial.function)
    steps = ast.walk(definition) if definition is not None else ()
    returned = [step.value for step in steps if isinstance(step, ast.Return)]
    return bool(returned) and all(isinstance(value, ast.Constant) for value in returned)


def _nearly(trial: Trial, mine: NDArray[np.float64], true: NDArray[np.float64]) -> Said | None:
    scale = float(np.max(np.abs(true), initial=0.0))
    off = float(np.max(np.abs(mine - true) / np.maximum(np.abs(true), 1e-9 * scale), initial=0.0))
    if not 0 < off < 0.01:
        return None
    if in_sums(trial):
        return (
            "summed-in-steps",
            f"Your sum comes near, to within {max(100 * off, 0.01):.2g} %.",
            "It adds up small steps, and each is off by a little: smaller ones come nearer. A "
            "formula gives the sum of endless small steps.",
        )
    if in_steps(trial):
        return (
            "searched-in-steps",
            f"Your search comes near, to within {max(100 * off, 0.01):.2g} %.",
            "It stops at the first step beyond the answer, so it is off by a part of a step. "
            "Solve the equation for what is asked: no search is needed.",
        )
    return (
        "nearly-right",
        f"All values are right to within {max(100 * off, 0.01):.2g} %.",
        "Near, and not it: a constant with too few digits, something rounded on the way, or a "
        "small term that is another one, such as n for n - 1.",
    )


def _whole_factor(mine: NDArray[np.float64], true: NDArray[np.float64]) -> Said | None:
    factor = factor_between(mine, true)
    if factor is not None and abs(factor + 1) < CLOSE:
        return (
            "sign-turned",
            "Every value has the wrong sign.",
            "The size is right. A minus too many or too few, a difference the other way round, or "
            "the logarithm of a number below 1, which is negative?",
        )
    if factor is not None:
        times = max(abs(factor), 1 / abs(factor))
        many = "too many" if abs(factor) > 1 else "that is missing"
        return (
            "constant-factor",
            f"Every value is {factor:.4g} times the right one.",
            f"The shape is right: look for a factor of {times:.4g} {many}, or for a constant "
            "mistyped.",
        )
    if true.size > 1 and mine[0] != true[0] and alike(mine - true, mine[0] - true[0]):
        return (
            "constant-difference",
            f"Every value is off by {mine[0] - true[0]:+.4g}.",
            "Something is added or taken away that should not be, or is missing.",
        )
    return None
