"""Recognise what wrong numbers have in common: a sign, a unit, a logarithm, one bad input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CLOSE = 1e-3  # fits are noisy; a pattern is a pattern when it holds this well
_PREFIXES = {
    1e3: "1,000 times too large: a unit prefix (µM for nM)",
    1e-3: "1,000 times too small: a unit prefix (µM for nM)",
    1e6: "a million times too large: a unit prefix (mM for nM)",
    1e-6: "a million times too small: a unit prefix (mM for nM)",
    1e9: "a thousand million times too large: a unit prefix (nM for mol/L)",
    1e-9: "a thousand million times too small: a unit prefix (mol/L for nM)",
    100.0: "100 times too large: per cent for a fraction",
    0.01: "100 times too small: a fraction for per cent",
    float(np.log(10)): "2.303 times too large: a natural logarithm for one to base 10",
    float(1 / np.log(10)): "2.303 times too small: a logarithm to base 10 for a natural one",
}


def pattern(
    got: list[NDArray[np.float64] | None],
    right: list[NDArray[np.float64]],
    agreeing: list[bool],
    unit: str,
) -> tuple[str, str, str]:
    """Return code, headline and advice for wrong values.

    Parameters
    ----------
    got : list of numpy.ndarray or None
        Values of all calls; None where a call gave no number.
    right : list of numpy.ndarray
        The right values of the same calls.
    agreeing : list of bool
        Which calls are right.
    unit : str
        Unit of the result, for the advice.
    """
    values = [g.ravel() for g in got if g is not None]
    if len(values) == len(got) > 1 and _one_number(values) and not _one_number(right):
        return (
            "same-for-every-input",
            f"The answer is {values[0][0]:.6g} whatever the inputs are.",
            (
                "A number written into the function, or a name from another cell, stands where an "
                "argument should: which arguments does your last line use?"
            ),
        )
    if any(agreeing):
        return (
            "wrong-for-some-inputs",
            f"Right for {sum(agreeing)} of {len(agreeing)} inputs, wrong for the one below.",
            "What is special about this input: a zero, a negative difference, an array, its size?",
        )
    pairs = [
        (g.ravel(), r.ravel())
        for g, r in zip(got, right, strict=True)
        if g is not None and g.size == r.size
    ]
    mine = np.concatenate([g for g, _ in pairs])
    true = np.concatenate([r for _, r in pairs])
    found = _overall(mine, true, unit)
    if found and len(pairs) < len(got):  # nothing may be said about values that did not come
        code, headline, why = found
        headline = headline.replace("Every value", "Every number that comes out")
        return code, headline, f"{why} For other inputs none comes out: look at those next."
    return found or (
        "wrong-value",
        "The values are not right.",
        "Work the example below out by hand, step by step, and compare each step with your code.",
    )


def is_cut_to_whole_numbers(got: list[Any], right: list[Any]) -> bool:
    """Tell whether all numbers are whole and beside the right ones, which need not be whole.

    Parameters
    ----------
    got : list
        What the calls returned that gave a number.
    right : list
        The right values of the same calls.
    """
    if not got:
        return False
    mine, true = (np.concatenate([np.ravel(v).astype(float) for v in vs]) for vs in (got, right))
    if mine.shape != true.shape or not np.isfinite(mine).all():
        return False
    if _one_number([mine]) and not _one_number([true]):
        return False
    # int(9.999999) is 9: right values that are whole tell only by the type.
    could_be = np.any(true != np.rint(true)) or all(np.asarray(v).dtype.kind in "iu" for v in got)
    beside = np.abs(mine - true) <= 1.0 + 1e-9
    return bool(could_be and np.all(mine == np.rint(mine)) and np.all(beside))


def _one_number(values: list[NDArray[np.float64]]) -> bool:
    """Tell whether all values, of all calls, are one and the same."""
    flat = np.concatenate([np.ravel(v) for v in values])
    return bool(np.all(flat == flat[0]))


def _overall(
    mine: NDArray[np.float64], true: NDArray[np.float64], unit: str
) -> tuple[str, str, str] | None:
    """Look for one relation between all wrong and all right values."""
    with np.errstate(all="ignore"):
        if _alike(mine, -true):
            return (
                "wrong-sign",
                "Every value has the wrong sign.",
                "Which of the two should be taken away from which?",
            )
        nonzero = true != 0
        ratio = mine[nonzero] / true[nonzero]
        if (
            ratio.size
            and np.all(mine[~nonzero] == 0)
            and _alike(ratio, np.full_like(ratio, ratio[0]))
        ):
            factor = float(ratio[0])
            named = [words for value, words in _PREFIXES.items() if _alike(factor, value)]
            if named:
                return (
                    "wrong-unit",
                    f"Every value is {named[0]}.",
                    f"The answer is wanted in this unit: {unit}.",
                )
            return (
                "constant-factor",
                f"Every value is {factor:.4g} times the right one.",
                "The shape is right; look for a factor too many or one that is missing.",
            )
        if _alike(mine * true, np.ones_like(true)):
            return (
                "reciprocal",
                "Every value is one over the right one.",
                "Above and below the line are swapped.",
            )
        for name, logarithm in (("10", np.log10), ("e", np.log)):
            if _alike(mine, logarithm(true)):
                return (
                    "returned-log",
                    f"Every value is the logarithm (to base {name}) of the right one.",
                    f"Go back to the unit asked for: {unit}.",
                )
        if true.size > 1 and _alike(mine - true, np.full_like(true, mine[0] - true[0])):
            return (
                "constant-difference",
                f"Every value is off by {mine[0] - true[0]:+.4g}.",
                "Something is added or taken away that should not be, or is missing.",
            )
    return None


def _alike(left: NDArray[np.float64] | float, right: NDArray[np.float64] | float) -> bool:
    return bool(np.allclose(left, right, rtol=_CLOSE, atol=0.0))
