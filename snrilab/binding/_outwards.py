"""Limits of profile intervals for a model of the user's own: from the minimum outwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from snrilab.binding._fit import Fit

    Array = NDArray[np.float64]

__all__ = ["followed"]

_SEARCH = 60  # most steps of the search for one limit


def followed(fit: Fit, ceiling: float) -> tuple[Array, Array, Array | None]:
    """Limits where the signed root of the rise in the sum of squares reaches the ceiling.

    All 2p searches run side by side. Each is a secant on the signed root of the rise in the sum of
    squares, which is nearly straight, kept inside a bracket as soon as there is one.
    """
    problem, best = fit.problem, fit.theta
    searches = _Searches(fit, float(np.sqrt(max(ceiling / fit.rss - 1.0, 0.0) * fit.df)))
    while searches.running.any() and searches.count < _SEARCH:
        i = np.flatnonzero(searches.running)
        start, held = searches.starts(i)
        found = problem.minimise(start, held=held, tolerance=1e-15)
        gain = fit.rss - found.rss
        if np.any(gain > 1e-9 * fit.rss):
            return best, best, found.theta[:, int(np.argmax(gain))]
        root = np.sqrt(np.maximum(-gain, 0.0) / (fit.rss / fit.df))
        searches.learn(i, found.theta, root)
    ends = searches.ends()
    return ends[: best.size], ends[best.size :], None


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
        self.limit[i[close]] = distance[close]
        self.running[i[close | nowhere]] = False
        self.distance[i] = self._next(i)

    def ends(self) -> Array:
        """Limits on the fitted scale, infinite where the data set none."""
        return np.asarray(self.best[self.parameter] + self.side * self.limit)

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
