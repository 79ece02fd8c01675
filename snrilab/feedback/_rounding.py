"""Right numbers that lost their last digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab.feedback._call import source_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.feedback._trial import Trial

    Said = tuple[str, str, str]

_CUTS = re.compile(
    r"\b(int|int_|int64|round|around|rint|fix|floor|ceil|trunc|format)\b|//|%|\bf[\"']|decimals"
)


def rounding(trial: Trial) -> Said | None:
    """Recognise values that are right but for their last digits."""
    if not trial.pairs or not any(trial.calls[place].numbers is not None for place in trial.wrong):
        return None
    mine, true = trial.joined
    if np.allclose(mine, true, rtol=trial.exercise.rel, atol=0):
        return None  # what is wrong lies elsewhere
    if not np.isfinite(mine).all() or bool(np.all(mine == mine[0]) and mine.size > 1):
        return None
    source = source_of(trial.function)
    if source and not _CUTS.search(source):
        return None  # nothing in it rounds: the numbers only look like it
    if np.array_equal(true, np.rint(true)):
        return None  # whole numbers are asked for
    values = [c.value for c in trial.calls if c.numbers is not None]
    if _are_cut(mine, true, values) or _all_whole(mine, true):
        return (
            "whole-numbers",
            "The function returns whole numbers only.",
            "Something cuts off the decimals (int, round or //): leave it out. And int() does not "
            "take arrays.",
        )
    for digits in range(1, 9):
        if np.array_equal(mine, np.round(true, digits)) or np.allclose(
            mine, np.round(true, digits), rtol=1e-14, atol=0
        ):
            plural = "decimal" if digits == 1 else "decimals"
            return _rounded(f"{digits} {plural}")
    with np.errstate(all="ignore"):
        for digits in range(2, 7):
            kept = np.array([float(f"{value:.{digits}g}") for value in true])
            if np.allclose(mine, kept, rtol=1e-14, atol=0):
                return _rounded(f"{digits} digits")
    return None


def _rounded(how: str) -> Said:
    return (
        "rounded",
        f"The result is rounded to {how}.",
        "The formula is right. Give back what comes out of it, and round only what is shown: "
        "whatever is worked out from a rounded number inherits its error.",
    )


def _all_whole(mine: NDArray[np.float64], true: NDArray[np.float64]) -> bool:
    """Tell whether only whole numbers come where none is right, within two of the right ones."""
    none_right = bool(np.all(true != np.rint(true)))
    return none_right and bool(np.all(mine == np.rint(mine)) and np.all(np.abs(mine - true) < 2))


def _are_cut(mine: NDArray[np.float64], true: NDArray[np.float64], values: list[Any]) -> bool:
    # int(9.999999) is 9: right values that are whole tell only by the type.
    whole = bool(np.all(mine == np.rint(mine)))
    could_be = bool(np.any(true != np.rint(true))) or all(
        np.asarray(value).dtype.kind in "iu" for value in values
    )
    beside = bool(np.all(np.abs(mine - true) <= 1.0 + 1e-9))
    near = bool(np.any(np.abs(true) >= 1.0)) or bool(np.any(mine != 0))
    return whole and could_be and beside and near
