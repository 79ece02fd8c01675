"""Exposure from destructive sampling: each animal gives one sample, so no animal has a curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import nonnegative, one_number, same_length
from snrilab._estimate import Estimate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["sparse_auc"]


def sparse_auc(time_h: ArrayLike, conc_ng_per_mL: ArrayLike, *, level: float = 0.95) -> Estimate:
    """AUC to the last time, with its uncertainty, from one sample per animal.

    The AUC is the linear trapezoid through the mean at each time, a weighted sum of means; its
    variance is the sum of squared weights times variance over animals (Bailer), with Satterthwaite
    degrees of freedom (Nedelman). Animals are independent; values below quantification count as
    given (use 0). No half-life is estimated: the means of different animals are not one curve.

    Parameters
    ----------
    time_h : array_like
        Time of each sample (h), >= 0; at least two different times, at least two animals at each.
    conc_ng_per_mL : array_like
        Concentration of each sample (ng/mL), >= 0.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    Estimate
        AUC (ng·h/mL) with standard error and limits; the limits are NaN when nothing varies.

    Raises
    ------
    TypeError, ValueError
        When an argument is of the wrong kind or outside its range.

    References
    ----------
    Bailer AJ. J Pharmacokinet Biopharm 1988;16:303-309. doi:10.1007/BF01062139
    Nedelman JR, Gibiansky E, Lau DTW. Pharm Res 1995;12:124-128.

    Examples
    --------
    >>> hours = [0.5, 0.5, 0.5, 2, 2, 2, 6, 6, 6]
    >>> print(sparse_auc(hours, [90, 120, 105, 60, 45, 51, 8, 12, 10]))
    241.8 ng·h/mL (95 % Bailer interval 199.6 to 283.9)
    """
    times = nonnegative("time_h", time_h)
    conc = nonnegative("conc_ng_per_mL", conc_ng_per_mL)
    same_length(time_h=times, conc_ng_per_mL=conc)
    confidence = one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
    distinct, group, animals = np.unique(times, return_inverse=True, return_counts=True)
    if distinct.size < 2 or animals.min() < 2:
        raise ValueError(
            "time_h must hold at least two different times with at least two animals each, got "
            f"{distinct.size} times with {animals.min()} to {animals.max()} animals."
        )
    means = np.bincount(group, conc) / animals
    variances = np.bincount(group, (conc - means[group]) ** 2) / (animals - 1)
    weights = (np.diff(distinct, prepend=distinct[0]) + np.diff(distinct, append=distinct[-1])) / 2
    parts = weights**2 * variances / animals
    auc, error = float(weights @ means), float(np.sqrt(parts.sum()))
    if error == 0:
        return Estimate(auc, "ng·h/mL", 0.0, level=confidence, method="Bailer")
    from scipy.special import stdtrit

    freedom = parts.sum() ** 2 / (parts**2 / (animals - 1)).sum()
    reach = float(stdtrit(freedom, (1 + confidence) / 2)) * error
    return Estimate(auc, "ng·h/mL", error, auc - reach, auc + reach, confidence, "Bailer")
