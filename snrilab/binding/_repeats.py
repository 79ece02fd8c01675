"""Simulate and fit many repeats of one experiment at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, numbers, one_number
from snrilab.binding._conversion import concentrations
from snrilab.binding._curves import INHIBITION, pose
from snrilab.binding._fits import given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = ["fit_repeats", "simulate_repeats"]


def fit_repeats(
    inhibitor_nM: ArrayLike,
    responses: ArrayLike,
    start: Mapping[str, float],
    *,
    top: float | None = None,
    bottom: float | None = None,
    hill: float | None = None,
) -> dict[str, Array]:
    """Fit one inhibition curve to each of many repeats of an experiment, all together.

    For pictures of what noise does to an estimate: no intervals, no diagnostics.

    Parameters
    ----------
    inhibitor_nM : array_like of shape (n,)
        Inhibitor concentrations of every repeat, nM, >= 0.
    responses : array_like of shape (n, repeats)
        One column of responses for each repeat.
    start : mapping of str to float
        Where to start each parameter that is fitted: the truth, when the data are simulated.
    top, bottom, hill : float, optional
        Parameters that are known and not fitted.

    Returns
    -------
    dict of str to ndarray of shape (repeats,)
        Estimates by name: ``top``, ``bottom``, ``ic50_nM``, ``hill`` (those that were fitted).

    Examples
    --------
    >>> import numpy as np
    >>> from snrilab.binding import uptake_inhibition
    >>> conc = np.array([0, 1, 3, 10, 30, 100, 300.0])
    >>> many = uptake_inhibition(conc[:, None], 100, 0, np.array([10, 20.0]))
    >>> found = fit_repeats(conc, many, {"top": 90, "bottom": 5, "ic50_nM": 15}, hill=1)
    >>> print(found["ic50_nM"].round(6))
    [10. 20.]
    """
    x, many = concentrations("inhibitor_nM", inhibitor_nM), numbers("responses", responses)
    if x.ndim != 1 or many.ndim != 2 or len(many) != len(x):
        raise ValueError(
            "responses must have one row per concentration and one column per repeat, got shape "
            f"{many.shape} for {x.size} concentrations."
        )
    fixed = given(top=top, bottom=bottom, hill=hill)
    problem = pose(INHIBITION, (x,), many.mean(axis=1), fixed=fixed)
    if set(start) != set(problem.names):
        raise ValueError(
            f"start must name {', '.join(problem.names)}, got {', '.join(start) or 'nothing'}."
        )
    begin = given(**start)
    first = np.array(
        [
            np.log(begin[name]) if log else begin[name]
            for name, log in zip(problem.names, problem.log, strict=True)
        ]
    )
    repeated = np.repeat(first[:, None], many.shape[1], axis=1)
    found = problem.minimise(repeated, y=many, tolerance=1e-8, iterations=60).theta
    return dict(zip(problem.names, problem.natural(found), strict=True))


def simulate_repeats(expected_counts: ArrayLike, pipetting_cv: float, normal: ArrayLike) -> Array:
    """Make the counts of many repeats from standard normal numbers.

    The same numbers may serve every setting, so that a picture changes by the setting and not by
    chance. Pipetting errors multiply what is expected; the Poisson counts are taken from the
    expansion of their quantiles (Cornish and Fisher), right to a fraction of a count from five
    counts on.

    Parameters
    ----------
    expected_counts : array_like of shape (n,)
        Expected counts at each concentration, >= 0.
    pipetting_cv : float
        Coefficient of variation of the pipetting error, >= 0.
    normal : array_like of shape (2, ..., n, repeats)
        Standard normal numbers: those of the pipette, those of the counter.

    Returns
    -------
    ndarray of shape (..., n, repeats)
        Whole numbers >= 0.

    Examples
    --------
    >>> import numpy as np
    >>> normal = np.random.default_rng(1).standard_normal((2, 3, 100_000))
    >>> counts = simulate_repeats([400, 100, 25], 0.0, normal)
    >>> print(counts.mean(axis=-1).round(), counts.std(axis=-1).round())
    [400. 100.  25.] [20. 10.  5.]
    """
    expected, drawn = nonnegative("expected_counts", expected_counts), numbers("normal", normal)
    cv = one_number("pipetting_cv", pipetting_cv, low=0.0)
    if (
        expected.ndim != 1
        or drawn.ndim < 3
        or drawn.shape[0] != 2
        or drawn.shape[-2] != len(expected)
    ):
        raise ValueError(
            f"normal must have the shape (2, ..., {expected.size}, repeats), got {drawn.shape}."
        )
    mean = expected[:, None] * np.exp(cv * drawn[0])
    counts = np.rint(mean + np.sqrt(mean) * drawn[1] + (drawn[1] ** 2 - 1) / 6)
    return np.asarray(np.maximum(counts, 0.0))
