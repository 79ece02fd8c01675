"""Risk differences of several trials together: fixed effect, random effects, Mantel-Haenszel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri

from snrilab import _checks
from snrilab._estimate import Estimate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = ["PooledRiskDifference", "pooled_risk_difference"]

_GRID = 400  # candidates for the variance between trials before the maximum is refined


@dataclass(frozen=True, slots=True)
class PooledRiskDifference:
    """One risk difference from several trials, with how far the trials disagree.

    Attributes
    ----------
    estimate : Estimate
        Pooled risk difference, standard error and Wald interval.
    tau2 : float
        Variance between trials (0 for the fixed-effect methods).
    q : float
        Cochran's Q, weighted squared deviations from the fixed effect.
    i2 : float
        Share of the scatter beyond chance, max(0, 1 - (k - 1)/Q), in [0, 1).
    trials : int
        Number of trials, k.
    """

    estimate: Estimate
    tau2: float
    q: float
    i2: float
    trials: int

    def __str__(self) -> str:
        return f"{self.estimate}; {self.trials} trials, I² {100 * self.i2:.0f} %"


def pooled_risk_difference(
    events_drug: ArrayLike,
    n_drug: ArrayLike,
    events_placebo: ArrayLike,
    n_placebo: ArrayLike,
    *,
    method: str = "reml",
    level: float = 0.95,
) -> PooledRiskDifference:
    """Return the risk difference of several trials pooled.

    Parameters
    ----------
    events_drug, events_placebo : array_like
        Patients with the event in each trial, from 0 to the size of the group.
    n_drug, n_placebo : array_like
        Sizes of the groups, >= 1.
    method : str, default "reml"
        ``"reml"`` and ``"dl"`` (DerSimonian-Laird): random effects; ``"fe"``: inverse variance.
        Trials with a zero cell get 0.5 added to all four cells. ``"mh"``: Mantel-Haenszel with
        Sato's variance, which needs no correction.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    PooledRiskDifference
        Estimate in [-1, 1] and heterogeneity.

    References
    ----------
    DerSimonian R, Laird N. Control Clin Trials 1986;7:177-188.
    Sato T, Greenland S, Robins JM. Biometrics 1989;45:1323-1324.
    Viechtbauer W. J Educ Behav Stat 2005;30:261-293.

    Examples
    --------
    >>> print(pooled_risk_difference([10, 8, 12], [100, 90, 110], [4, 5, 3], [100, 90, 110]))
    0.0606 (95 % REML interval 0.02011 to 0.1011); 3 trials, I² 0 %
    """
    a, m = _groups("events_drug", events_drug, "n_drug", n_drug)
    b, n = _groups("events_placebo", events_placebo, "n_placebo", n_placebo)
    _checks.same_length(events_drug=a, n_drug=m, events_placebo=b, n_placebo=n)
    method = _checks.choice("method", method, ("reml", "dl", "fe", "mh"))
    level = _checks.one_number("level", level, low=0, high=1, low_open=True, high_open=True)
    if method in {"reml", "dl"} and a.size < 2:
        raise ValueError(f"method {method!r} needs at least 2 trials, events_drug has {a.size}.")
    y, v = _effects(a, m, b, n)
    fixed = float(np.average(y, weights=1 / v))
    q = float(np.sum((y - fixed) ** 2 / v))
    tau2 = {"reml": _reml, "dl": _dersimonian_laird}.get(method, _no_variance)(y, v)
    if method == "mh":
        pooled, error = _mantel_haenszel(a, m, b, n)
    else:
        weights = 1 / (v + tau2)
        pooled, error = float(np.average(y, weights=weights)), float(weights.sum() ** -0.5)
    half = float(ndtri(0.5 + level / 2)) * error
    low, high = max(pooled - half, -1.0), min(pooled + half, 1.0)
    estimate = Estimate(pooled, "", error, low, high, level, method)
    i2 = max(0.0, 1 - (a.size - 1) / q) if q > 0 else 0.0
    return PooledRiskDifference(estimate, tau2, q, i2, a.size)


def _groups(name: str, events: ArrayLike, size_name: str, size: ArrayLike) -> tuple[Floats, Floats]:
    sizes = np.atleast_1d(_checks.numbers(size_name, size, low=1.0))
    counts = np.atleast_1d(_checks.nonnegative(name, events))
    for what, given in ((size_name, sizes), (name, counts)):
        if (given != np.rint(given)).any():
            trial = int(np.argmax(given != np.rint(given)))
            raise ValueError(
                f"{what} must be whole numbers, got {given[trial]:g} at position {trial}."
            )
    if counts.shape == sizes.shape and (counts > sizes).any():
        trial = int(np.argmax(counts > sizes))
        raise ValueError(
            f"{name} must be at most {size_name}, got {counts[trial]:g} of {sizes[trial]:g} "
            f"at position {trial}."
        )
    return counts, sizes


def _effects(a: Floats, m: Floats, b: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Return each trial's risk difference and its variance, zero cells corrected by 0.5."""
    zero = (a == 0) | (b == 0) | (a == m) | (b == n)
    extra = np.where(zero, 0.5, 0.0)
    p, q = (a + extra) / (m + 2 * extra), (b + extra) / (n + 2 * extra)
    return p - q, p * (1 - p) / (m + 2 * extra) + q * (1 - q) / (n + 2 * extra)


def _no_variance(y: Floats, v: Floats) -> float:
    del y, v  # one common effect: nothing varies between trials
    return 0.0


def _dersimonian_laird(y: Floats, v: Floats) -> float:
    weights = 1 / v
    q = np.sum(weights * (y - np.average(y, weights=weights)) ** 2)
    surplus = weights.sum() - np.sum(weights**2) / weights.sum()
    return max(0.0, float((q - (y.size - 1)) / surplus))


def _reml(y: Floats, v: Floats) -> float:
    """Return the between-trial variance of the greatest restricted likelihood.

    The likelihood can have several maxima: the best of a grid is refined where its slope is zero.
    """
    grid = np.concatenate(
        [[0.0], np.geomspace(1e-6 * v.min(), 4 * (np.ptp(y) ** 2 + v.max()), _GRID)]
    )
    weights = 1 / (v + grid[:, None])
    total = weights.sum(axis=1)
    centre = weights @ y / total
    minus2 = (
        -np.log(weights).sum(axis=1)
        + np.log(total)
        + (weights * (y - centre[:, None]) ** 2).sum(axis=1)
    )
    best = int(np.argmin(minus2))

    def slope(tau2: float) -> float:
        w = 1 / (v + tau2)
        deviation = y - np.average(y, weights=w)
        return float(np.sum(w**2 * deviation**2) - w.sum() + np.sum(w**2) / w.sum())

    left, right = grid[max(best - 1, 0)], grid[min(best + 1, _GRID)]
    if slope(left) <= 0 or slope(right) >= 0:
        return float(grid[best])
    return float(brentq(slope, left, right, xtol=1e-18, rtol=1e-14))


def _mantel_haenszel(a: Floats, m: Floats, b: Floats, n: Floats) -> tuple[float, float]:
    total = m + n
    weight = float(np.sum(m * n / total))
    pooled = float(np.sum((a * n - b * m) / total)) / weight
    ratio = (m / total, n / total)
    first = np.sum(b * ratio[0] ** 2 - a * ratio[1] ** 2 + ratio[0] * ratio[1] * (n - m) / 2)
    second = np.sum((a * (n - b) + b * (m - a)) / total) / 2
    variance = float(pooled * first + second)
    if variance <= 0:
        raise ValueError(
            "method 'mh' has no variance when nobody, or everybody, of each group has the event, "
            f"got events_drug {a.tolist()} and events_placebo {b.tolist()}: it would claim "
            "certainty; look at risk_difference of each trial, or use 'reml'."
        )
    return pooled, math.sqrt(variance) / weight
