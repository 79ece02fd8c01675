"""Confidence intervals by profile and bootstrap, and what pictures need of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from snrilab._checks import choice, nonnegative, numbers, one_number, random_generator, whole_number
from snrilab._estimate import student_t
from snrilab.binding._curves import Posed
from snrilab.binding._fit import Fit, conclude, judged, with_limits
from snrilab.binding._profile import limits

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

    from snrilab._checks import Seed

__all__ = ["band", "bootstrap_intervals", "lower", "profile_intervals", "profile_rise"]


def _ceiling(fit: Fit, level: float) -> float:
    """Sum of squares up to which values of a parameter are tenable at this level."""
    return max(fit.rss * (1.0 + student_t(level, fit.df) ** 2 / fit.df), fit.problem.rounding)


def _sought(fit: Fit, level: float) -> tuple[Array, Array, Array | None]:
    """Limits of the profile, on the fitted scale, or the way to a better fit.

    Where the data lie on many curves the valley between two of them is too narrow to follow. So
    each parameter is also held at the ends of its range: what fits there is tenable.
    """
    ceiling = _ceiling(fit, level)
    low, high, better = limits(fit, ceiling)
    problem = fit.problem
    if better is not None or fit.rss > problem.rounding or not isinstance(problem.formula, Posed):
        return low, high, better
    p = fit.theta.size
    held = np.tile(np.eye(p, dtype=bool), 2)
    ends = np.repeat(np.concatenate([problem.low, problem.high], axis=1).T.ravel()[None], p, axis=0)
    found = problem.minimise(np.where(held, ends, fit.theta[:, None]), held=held, iterations=25)
    fits = found.theta[:, found.rss <= ceiling]
    boundless = (problem.log | problem.horizon)[:, None]
    fits = np.where(boundless & (fits <= problem.low), -np.inf, fits)
    fits = np.where(boundless & (fits >= problem.high), np.inf, fits)
    low = np.minimum(low, fits.min(axis=1, initial=np.inf))
    return low, np.maximum(high, fits.max(axis=1, initial=-np.inf)), None


def lower(fit: Fit, better: Array) -> Fit:
    """Conclude the same fit from parameters with a lower sum of squares."""
    if not isinstance(fit.problem.formula, Posed):
        found = fit.problem.minimise(better[:, None])
        better = found.theta[:, 0] if found.rss[0] < fit.rss else better
    return conclude(fit.problem, better, fit.x, fit.level, derive=fit.derive, judge=fit.judge)


def profile_intervals(fit: Fit, *, level: float = 0.95) -> Fit:
    """Intervals of all values that the data do not contradict: profile likelihood.

    For each parameter, the limit is where the best fit of all other parameters raises the sum of
    squares by the F quantile. Where no value does, the limit is infinite and a diagnostic says so
    in words. A better fit met on the way replaces the fit.

    Parameters
    ----------
    fit : Fit
        Any fit.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    Fit
        The fit with profile intervals.

    References
    ----------
    Bates DM, Watts DG (1988) Nonlinear Regression Analysis and Its Applications. Wiley.
    doi:10.1002/9780470316757

    Examples
    --------
    >>> from snrilab.binding import fit_inhibition
    >>> fit = fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
    >>> print(profile_intervals(fit)["ic50_nM"])
    10.59 nM (95 % profile interval 8.231 to 14)
    """
    level = _checked(fit, level)
    if fit.level == level and fit[fit.parameters[0]].method == "profile":
        return fit
    if fit.df <= 0:
        high = np.full(fit.theta.size, np.inf)
        return judged(with_limits(fit, -high, high, level, "profile"))
    if fit.rss <= fit.problem.rounding and not isinstance(fit.problem.formula, Posed):
        low = high = fit.theta  # nothing to judge by
        return judged(with_limits(fit, low, high, level, "profile"))
    for _ in range(8):
        low, high, better = _sought(fit, level)
        if better is None:
            break
        fit = lower(fit, better)
    return judged(with_limits(fit, low, high, level, "profile"))


def bootstrap_intervals(
    fit: Fit, draws: int = 1000, *, rng: Seed = None, level: float = 0.95
) -> Fit:
    """Intervals from refitting the curve to resampled residuals.

    Residuals are enlarged by ``sqrt(n / (n - p))``: a fitted curve lies closer to its points than
    the true one, and with ten points the interval would be a fifth too narrow.

    Parameters
    ----------
    fit : Fit
        Any fit with at least one degree of freedom.
    draws : int, default 1000
        Number of refits, >= 20.
    rng : None, int, SeedSequence or Generator, optional
        Seed or generator of the resampling; None draws a fresh one.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    Fit
        The same fit with percentile intervals.

    References
    ----------
    Efron B, Tibshirani RJ (1993) An Introduction to the Bootstrap. doi:10.1201/9780429246593

    Examples
    --------
    >>> from snrilab.binding import fit_inhibition
    >>> fit = fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
    >>> interval = bootstrap_intervals(fit, rng=1)["ic50_nM"]
    >>> bool(7.5 < interval.low < 9.5 < 11.5 < interval.high < 14.5)
    True
    """
    level = _checked(fit, level)
    draws = whole_number("draws", draws, low=20)
    sample = _draws(fit, draws, rng)
    tail = 50.0 * (1.0 - level)
    low, high = np.percentile(sample, [tail, 100.0 - tail], axis=1)
    return with_limits(fit, low, high, level, "bootstrap")


def band(
    fit: Fit, x: ArrayLike, *, level: float = 0.95, draws: int = 500, rng: Seed = None
) -> tuple[Array, Array]:
    """Where the curve may run: percentiles of curves refitted to resampled residuals.

    Parameters
    ----------
    fit : Fit
        A fit against one variable, with at least one degree of freedom.
    x : array_like
        Where to look, in the unit of the data.
    level : float, default 0.95
        Part of the refitted curves that runs inside the band at each place, in (0, 1).
    draws : int, default 500
        Number of refits, >= 20.
    rng : None, int, SeedSequence or Generator, optional
        Seed or generator of the resampling; None draws a fresh one.

    Returns
    -------
    tuple of two ndarray
        Lower and upper edge, in the unit of y and the shape of `x`.

    Examples
    --------
    >>> from snrilab.binding import fit_inhibition
    >>> fit = fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
    >>> low, high = band(fit, [0, 10, 300], rng=1)
    >>> bool((low < fit.predict([0, 10, 300])).all() and (high - low < 20).all())
    True
    """
    level = _checked(fit, level)
    draws = whole_number("draws", draws, low=20)
    if isinstance(fit.x, tuple):
        raise ValueError(f"fit must have one independent variable, got {len(fit.x)}.")
    places = numbers("x", x)
    curves = [fit.problem.formula.predict(places, one) for one in _draws(fit, draws, rng).T]
    low, high = np.quantile(curves, [0.5 - 0.5 * level, 0.5 + 0.5 * level], axis=0)
    return low, high


def profile_rise(fit: Fit, name: str, values: ArrayLike) -> Array:
    """How much worse the best curve gets when one parameter is held at other values.

    Parameters
    ----------
    fit : Fit
        Any fit with at least one degree of freedom.
    name : str
        One of the fitted parameters.
    values : array_like of shape (k,)
        Where to hold it, in its unit; > 0 for a positive parameter.

    Returns
    -------
    ndarray of shape (k,)
        Rise of the sum of squares in units of the residual variance, >= 0: a profile interval ends
        where it reaches the F quantile.

    Examples
    --------
    >>> from snrilab.binding import fit_inhibition
    >>> fit = fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
    >>> end = fit_inhibition(fit.x, fit.y, interval="profile")["ic50_nM"].high
    >>> print(profile_rise(fit, "ic50_nM", [fit["ic50_nM"].value, end]).round(2))  # 3.18 squared
    [ 0.   10.13]
    """
    _checked(fit, 0.95)
    which = fit.parameters.index(choice("name", name, fit.parameters))
    if fit.df <= 0:
        raise ValueError("fit must have at least one degree of freedom to have a profile.")
    log = bool(fit.problem.log[which])
    places = np.atleast_1d(nonnegative("values", values) if log else numbers("values", values))
    with np.errstate(divide="ignore"):
        at = np.clip(np.log(places) if log else places, *_box(fit, which))
    start = _starts(fit, which, at)
    start[which] = at
    held = np.zeros(start.shape, dtype=bool)
    held[which] = True
    found = fit.problem.minimise(start, held=held)
    return np.maximum(found.rss - fit.rss, 0.0) / (fit.rss / fit.df)


def _starts(fit: Fit, which: int, at: Array) -> Array:
    """Where to start with one parameter held: the fit, or what the surface knows to be lower.

    Far from the fit its curve may be flat wherever the data are, and lead nowhere.
    """
    start = np.repeat(fit.theta[:, None], at.size, axis=1)
    if not isinstance(fit.problem.formula, Posed) or which not in fit.problem.surface.bent:
        return start
    surface = fit.problem.surface
    row = surface.bent.index(which)
    others = np.unique(np.delete(surface.cover.points, row, axis=0), axis=1)
    others = np.concatenate([np.delete(fit.theta[surface.bent], row)[:, None], others], axis=1)
    points = np.repeat(np.insert(others, row, 0.0, axis=0), at.size, axis=1)
    points[row] = np.tile(at, others.shape[1])
    place = surface.at(points)
    rss = np.where(surface.allowed(place), place.rss, np.inf).reshape(-1, at.size)
    lowest = np.argmin(rss, axis=0)
    found = surface.theta(place.pick(lowest * at.size + np.arange(at.size)))
    return np.where(np.isfinite(rss.min(axis=0)), found, start)


def _box(fit: Fit, which: int) -> tuple[float, float]:
    return float(fit.problem.low[which, 0]), float(fit.problem.high[which, 0])


def _draws(fit: Fit, draws: int, rng: Seed) -> Array:
    """Parameters of refits to resampled residuals, (p, draws), on the fitted scale."""
    if fit.df <= 0:
        raise ValueError("fit must have at least one degree of freedom to resample its residuals.")
    generator = random_generator(rng)
    root = fit.problem.root
    spread = fit.residuals * root
    spread = (spread - spread.mean()) * np.sqrt(fit.n / fit.df)
    noise = spread[generator.integers(fit.n, size=(fit.n, draws))]
    y = fit.fitted[:, None] + noise / root[:, None]
    start = np.repeat(fit.theta[:, None], draws, axis=1)
    return fit.problem.minimise(start, y=y, tolerance=1e-8, iterations=60).theta


def _checked(fit: Fit, level: float) -> float:
    if not isinstance(fit, Fit):
        raise TypeError(f"fit must be the result of a fit, got {type(fit).__name__}.")
    return one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)
