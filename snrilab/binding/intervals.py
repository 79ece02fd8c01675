"""Confidence intervals: Wald, profile likelihood, and residual bootstrap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from snrilab._checks import one_number, random_generator, whole_number
from snrilab._estimate import student_t
from snrilab.binding.diagnostics import unbounded, with_diagnostics
from snrilab.binding.fit_result import Fit, conclude, with_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = ["bootstrap_intervals", "profile_intervals", "wald_intervals"]

_SEARCH = 60  # most steps of the search for one limit


def wald_intervals(fit: Fit, level: float = 0.95) -> Fit:
    """Intervals from the curvature at the minimum: quick, good when the model is nearly linear.

    Positive parameters are treated on the logarithmic scale.

    Parameters
    ----------
    fit : Fit
        Any fit.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Returns
    -------
    Fit
        The same fit with Wald intervals.

    Raises
    ------
    ValueError, TypeError
        If an argument is not of the allowed kind.

    Examples
    --------
    >>> from snrilab.binding import fit_inhibition
    >>> fit = fit_inhibition([0, 1, 3, 10, 30, 100, 300], [99, 92, 77, 52, 24, 11, 2])
    >>> print(wald_intervals(fit, level=0.9)["ic50_nM"])
    10.59 nM (90 % Wald interval 8.748 to 12.83)
    """
    level = _checked(fit, level)
    error = np.sqrt(np.diag(fit.covariance)) / np.where(
        fit.problem.log, fit.problem.natural(fit.theta), 1.0
    )
    if fit.dof <= 0:
        reach = np.full(fit.theta.size, np.inf)
    else:
        reach = student_t(level, fit.dof) * error
    return with_limits(fit, fit.theta - reach, fit.theta + reach, level, "wald")


def profile_intervals(fit: Fit, level: float = 0.95) -> Fit:
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

    Raises
    ------
    ValueError, TypeError
        If an argument is not of the allowed kind.

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
    if fit.dof <= 0 or fit.rss <= fit.n * (1e-14 * float(np.abs(fit.y).max())) ** 2:
        return wald_intervals(fit, level)  # no residuals to judge by
    for _ in range(8):
        limits, better = _profile(fit, student_t(level, fit.dof))
        if better is None:
            break
        minimum = fit.problem.minimise(better[:, None])
        again = conclude(fit.problem, minimum.theta[:, 0], fit.x, level, derive=fit.derive)
        fit = with_diagnostics(again, *fit.diagnostics)
    low, high = limits
    result = with_limits(fit, low, high, level, "profile")
    return with_diagnostics(result, unbounded(result))


def bootstrap_intervals(
    fit: Fit, draws: int = 1000, *, rng: Any = None, level: float = 0.95
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

    Raises
    ------
    ValueError, TypeError
        If an argument is not of the allowed kind, or the fit has no degrees of freedom.

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
    sample = bootstrap_draws(fit, draws, rng)
    tail = 50.0 * (1.0 - level)
    low, high = np.percentile(sample, [tail, 100.0 - tail], axis=1)
    return with_limits(fit, low, high, level, "bootstrap")


def bootstrap_draws(fit: Fit, draws: int, rng: Any = None) -> Array:
    """Parameters of refits to resampled residuals, (p, draws), on the fitted scale."""
    if fit.dof <= 0:
        raise ValueError("fit must have at least one degree of freedom to resample its residuals.")
    generator = random_generator(rng)
    root = fit.problem.root_weight
    weight = np.ones(fit.n) if root is None else root[:, 0]
    spread = fit.residuals * weight
    spread = (spread - spread.mean()) * np.sqrt(fit.n / fit.dof)
    noise = spread[generator.integers(fit.n, size=(fit.n, draws))]
    y = fit.fitted[:, None] + noise / weight[:, None]
    start = np.repeat(fit.theta[:, None], draws, axis=1)
    return fit.problem.minimise(start, y=y, tolerance=1e-8, iterations=60).theta


def _checked(fit: Fit, level: float) -> float:
    if not isinstance(fit, Fit):
        raise TypeError(f"fit must be the result of a fit, got {type(fit).__name__}.")
    return one_number("level", level, low=0.0, high=1.0, low_open=True, high_open=True)


def _profile(fit: Fit, target: float) -> tuple[tuple[Array, Array], Array | None]:
    """Limits of all parameters on the fitted scale; or the parameters of a better fit.

    All 2p searches run side by side. Each is a secant on the signed root of the rise in the sum of
    squares, which is nearly straight, kept inside a bracket as soon as there is one.
    """
    problem, best = fit.problem, fit.theta
    searches = _Searches(fit, target)
    while searches.running.any() and searches.count < _SEARCH:
        i = np.flatnonzero(searches.running)
        start, held = searches.starts(i)
        found = problem.minimise(start, held=held, tolerance=1e-15)
        gain = fit.rss - found.rss
        if np.any(gain > 1e-9 * fit.rss):
            return (best, best), found.theta[:, int(np.argmax(gain))]
        root = np.sqrt(np.maximum(-gain, 0.0) / (fit.rss / fit.dof))
        searches.learn(i, found.theta, root)
    ends = searches.ends()
    return (ends[: best.size], ends[best.size :]), None


class _Searches:
    """The 2p searches for profile limits: where each has been and where it looks next."""

    def __init__(self, fit: Fit, target: float) -> None:
        problem, best = fit.problem, fit.theta
        p = best.size
        self.best, self.target, self.problem, self.count = best, target, problem, 0
        self.parameter, self.side = np.tile(np.arange(p), 2), np.repeat([-1.0, 1.0], p)
        edge = np.where(
            self.side > 0.0, problem.high[self.parameter, 0], problem.low[self.parameter, 0]
        )
        error, self.direction = _curvature_at_best(fit)
        self.direction = self.direction[:, self.parameter] * self.side
        step = error[self.parameter] * target
        room = np.abs(edge - best[self.parameter])
        self.far = np.where(np.isfinite(edge), room, 1e3 * step)
        self.distance = np.minimum(step, self.far)
        # Distances of the innermost point outside and the outermost inside; then distance and
        # root of the last two points tried.
        self.outside = np.full(2 * p, np.inf)
        self.inside = np.zeros(2 * p)
        self.last, self.before = np.zeros((2, 2 * p)), np.zeros((2, 2 * p))
        self.state = np.repeat(best[:, None], 2 * p, axis=1)
        self.limit = np.full(2 * p, np.inf)
        self.running = self.far > 0.0

    def starts(self, i: NDArray[np.intp]) -> tuple[Array, NDArray[np.bool_]]:
        """Where the constrained fits of searches `i` begin, and what they hold."""
        start = self.state[:, i] + self.direction[:, i] * (self.distance[i] - self.inside[i])
        start = np.clip(start, self.problem.low, self.problem.high)
        column = np.arange(i.size)
        start[self.parameter[i], column] = (
            self.best[self.parameter[i]] + self.side[i] * self.distance[i]
        )
        held = np.zeros(start.shape, dtype=bool)
        held[self.parameter[i], column] = True
        return start, held

    def learn(self, i: NDArray[np.intp], theta: Array, root: Array) -> None:
        """Take in the constrained minima, end what is found, choose the next distances."""
        self.count += 1
        distance = self.distance[i]
        near = root <= self.target
        n = i[near]
        self.direction[:, n] = (theta[:, near] - self.state[:, n]) / (
            distance[near] - self.inside[n]
        )
        self.state[:, n], self.inside[n] = theta[:, near], distance[near]
        self.outside[i[~near]] = distance[~near]
        self.before[:, i] = self.last[:, i]
        self.last[:, i] = distance, root
        close = np.abs(root - self.target) <= 1e-9 * self.target
        size = np.maximum(distance, np.abs(self.best[self.parameter[i]]))
        close |= self.outside[i] - self.inside[i] <= 1e-13 * size
        nowhere = near & ~close & (distance >= self.far[i])
        real = close & ~self._leans_on_horizon(i, theta)
        self.limit[i[real]] = distance[real]
        self.running[i[close | nowhere]] = False
        self.distance[i] = self._next(i)

    def ends(self) -> Array:
        """Limits on the fitted scale, infinite where the data set none."""
        return np.asarray(self.best[self.parameter] + self.side * self.limit)

    def _leans_on_horizon(self, i: NDArray[np.intp], theta: Array) -> NDArray[np.bool_]:
        # Another parameter stands at the end of the search range: with more room for it the limit
        # would move too, so the data do not set it.
        low, high = self.problem.low, self.problem.high
        at_end = (theta <= low) | (theta >= high)
        at_end[self.parameter[i], np.arange(i.size)] = False
        return np.asarray((at_end & self.problem.horizon[:, None]).any(axis=0))

    def _next(self, i: NDArray[np.intp]) -> Array:
        (last, root), (before, earlier) = self.last[:, i], self.before[:, i]
        inside, outside = self.inside[i], self.outside[i]
        with np.errstate(divide="ignore", invalid="ignore"):
            secant = last + (self.target - root) * (last - before) / (root - earlier)
        bracketed = np.isfinite(outside)
        upper = np.where(bracketed, outside, np.minimum(4.0 * last, self.far[i]))
        middle = np.where(bracketed, 0.5 * (inside + outside), upper)
        return np.where((secant > inside) & (secant < upper), secant, middle)


def _curvature_at_best(fit: Fit) -> tuple[Array, Array]:
    """Give standard errors on the fitted scale, and how the others follow each parameter."""
    problem = fit.problem
    scale = np.where(problem.log, problem.natural(fit.theta), 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        covariance = fit.covariance / np.outer(scale, scale)
        error = np.sqrt(np.diag(covariance))
        follow = covariance / np.diag(covariance)
    usual = np.where(problem.log, 0.5, 0.1 * max(float(np.ptp(fit.y)), 1e-12))
    sound = np.isfinite(error) & (error > 0.0)
    error = np.where(sound, np.where(problem.log, np.minimum(error, 2.0), error), usual)
    follow = np.where(np.isfinite(follow), follow, 0.0)
    np.fill_diagonal(follow, 1.0)
    return error, follow
