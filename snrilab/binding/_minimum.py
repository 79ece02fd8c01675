"""The way to the lowest sum of squares: a descent of many fits at once, and a surface to look from.

One fit, its profile (eight constrained fits) and its bootstrap (a thousand fits) are the same
descent with a different number of columns: parameters have the shape (parameters, fits).

Given IC50 and Hill slope, the plateaus follow by linear algebra. What is left is a surface over at
most three parameters, cheap enough to look at everywhere: start values and the limits of profile
intervals are found on it, not along a path that can end in a corner.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from snrilab.binding._newton import descend

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from snrilab.binding._curves import Posed, Problem

    Array = NDArray[np.float64]

__all__ = ["Minimum", "Place", "Surface", "Wells", "lowest", "minimise"]

_MANY = 48  # from here on, vector operations over the fits beat one LAPACK call per fit
_LEAST_DAMPING = 1e-10
_NEAR = 0.75  # starts closer than this in each nonlinear parameter go down to one minimum


# --- descent --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Minimum:
    """Where the iteration stopped, for each fit: parameters, sum of squares, and whether it met.

    Parameters
    ----------
    theta : ndarray of shape (parameters, fits)
        Parameters on the fitted scale.
    rss : ndarray of shape (fits,)
        Weighted residual sum of squares.
    converged : ndarray of bool, shape (fits,)
        Whether the predicted gain fell below the tolerance.
    """

    theta: Array
    rss: Array
    converged: NDArray[np.bool_]


def minimise(
    evaluate: Callable[[Array], tuple[Array, Array]],
    y: Array,
    start: Array,
    *,
    low: Array,
    high: Array,
    root_weight: Array | None = None,
    held: NDArray[np.bool_] | None = None,
    tolerance: float = 1e-18,
    iterations: int = 200,
) -> Minimum:
    """Minimise the weighted sum of squares from every column of `start`.

    Parameters
    ----------
    evaluate : callable
        Maps parameters (p, fits) to values (n, fits) and derivatives (p, n, fits).
    y : ndarray of shape (n, 1) or (n, fits)
        Observations.
    start : ndarray of shape (p, fits)
        Start values, clipped into the box.
    low, high : ndarray of shape (p, 1)
        The box.
    root_weight : ndarray of shape (n, 1), optional
        Square roots of the weights.
    held : ndarray of bool, shape (p, fits), optional
        Parameters that keep their start value.
    tolerance : float, default 1e-18
        Stop when the next step is predicted to gain less than this part of the sum of squares.
    iterations : int, default 200
        Most steps to take.

    Returns
    -------
    Minimum
        Parameters, sums of squares and convergence of each fit.
    """
    theta = np.minimum(np.maximum(start, low), high)
    if held is not None:
        theta = np.where(held, start, theta)
    p, count = theta.shape
    best, least = theta.copy(), np.full(count, np.inf)
    met = np.zeros(count, dtype=bool)
    running = np.arange(count)
    damping = np.full(count, 1e-3)
    calm = np.ones(count, dtype=bool)
    # Below this a sum of squares is rounding: the data lie on the curve.
    weighted = y if root_weight is None else y * root_weight
    floor = np.full(count, (8.0 * np.finfo(float).eps) ** 2 * _dot(weighted, weighted))
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        products = _products(evaluate, theta, y, root_weight)
        products[p, p, np.isnan(products[p, p])] = np.inf  # so that any number is better
        for _ in range(iterations):
            step, gain = _step(theta, products, damping, low, high, held)
            trial = np.minimum(np.maximum(theta + step, low), high)
            if held is not None:
                trial = np.where(held, theta, trial)
            new, rss = _products(evaluate, trial, y, root_weight), products[p, p]
            fall = rss - new[p, p]
            better = fall >= -1e-14 * rss
            done = gain <= tolerance * rss + floor
            stop = done | (damping > 1e14)
            if np.count_nonzero(better) == better.size:
                theta, products = trial, new
            else:
                theta = np.where(better, trial, theta)
                products = np.where(better, new, products)
            damping = np.maximum(damping * _trust(fall, gain, better, calm), _LEAST_DAMPING)
            calm = better
            if np.count_nonzero(stop):
                ended = running[stop]
                best[:, ended], least[ended] = theta[:, stop], products[p, p, stop]
                met[ended] = done[stop]
                if ended.size == running.size:
                    return Minimum(best, least, met)
                go = ~stop
                running, theta, products = running[go], theta[:, go], products[:, :, go]
                damping, calm, floor = damping[go], calm[go], floor[go]
                y = y[:, go] if y.shape[1] > 1 else y
                held = held[:, go] if held is not None else None
    best[:, running], least[running] = theta, products[p, p]
    return Minimum(best, least, met)


def _products(
    evaluate: Callable[[Array], tuple[Array, Array]],
    theta: Array,
    y: Array,
    root_weight: Array | None,
) -> Array:
    """Sum the products of the derivatives and, last, the residuals, (p + 1, p + 1, fits)."""
    value, slope = evaluate(theta)
    columns = np.concatenate([slope, (y - value)[None]])
    if root_weight is not None:
        columns *= root_weight
    return np.asarray(np.einsum("pnb,qnb->pqb", columns, columns))


def _step(
    theta: Array,
    products: Array,
    damping: Array,
    low: Array,
    high: Array,
    held: NDArray[np.bool_] | None,
) -> tuple[Array, Array]:
    """Damped Gauss-Newton step of each fit, and the fall of the sum of squares it promises."""
    p, count = theta.shape
    gradient = products[:p, p]
    length = np.sqrt(products.reshape(-1, count)[: -1 : p + 2])
    seen = (length > 0.0) & (length < np.inf)
    seen &= ((theta > low) | (gradient >= 0.0)) & ((theta < high) | (gradient <= 0.0))
    if held is not None:
        seen &= ~held
    # Scaling by column length makes the step independent of the units of the parameters.
    inverse = np.divide(1.0, length, out=np.zeros(length.shape), where=seen)
    scaled = gradient * inverse
    normal = products[:p, :p] * inverse * inverse[:, None]
    normal.reshape(-1, count)[:: p + 1] = 1.0 + damping
    solve = _solve_each if count < _MANY else _solve_together
    move = solve(normal, scaled)
    return move * inverse, (move * scaled).sum(axis=0)


def _trust(
    fall: Array, promised: Array, better: NDArray[np.bool_], calm: NDArray[np.bool_]
) -> Array | float:
    """Factor of the damping: less when the step kept its promise, more when it did not.

    Right after a refused step the damping falls gently: in a curved valley a bold step would only
    be refused again.
    """
    kept = fall > 0.75 * promised
    if np.count_nonzero(kept & calm) == kept.size:
        return 0.02
    factor = np.where(kept, np.where(calm, 0.02, 0.4), np.where(fall > 0.25 * promised, 0.8, 2.0))
    return np.where(better, factor, 6.0)


def _solve_each(normal: Array, gradient: Array) -> Array:
    """Solve the damped normal equations, one small LAPACK call per fit."""
    return np.asarray(np.linalg.solve(normal.transpose(2, 0, 1), gradient.T[:, :, None])[:, :, 0].T)


def _solve_together(normal: Array, gradient: Array) -> Array:
    """Solve the same by Cholesky, each operation over all fits at once."""
    size = len(normal)
    factor: list[list[Array]] = [[] for _ in range(size)]
    forward: list[Array] = []
    for i in range(size):
        for j in range(i):
            rest = normal[i, j].copy()
            for k in range(j):
                rest -= factor[i][k] * factor[j][k]
            factor[i].append(rest / factor[j][j])
        pivot, known = normal[i, i], gradient[i]
        for k in range(i):
            pivot = pivot - factor[i][k] ** 2
            known = known - factor[i][k] * forward[k]
        factor[i].append(np.sqrt(np.maximum(pivot, 1e-14)))
        forward.append(known / factor[i][i])
    answer = np.empty_like(gradient)
    for i in range(size - 1, -1, -1):
        rest = forward[i]
        for k in range(i + 1, size):
            rest = rest - factor[k][i] * answer[k]
        answer[i] = rest / factor[i][i]
    return answer


# --- surface --------------------------------------------------------------------------------------

_FAINT = 1e-240  # a column whose squares sum to less is nothing: its amount would be no float
_FURTHER = np.log(1e3)  # how far beyond the end of the search a plateau is tried again


@dataclass(frozen=True, eq=False)
class Wells:
    """The data, replicates put together.

    Parameters
    ----------
    columns : tuple of ndarray of shape (m, 1)
        What the curve wants of x, at m different places.
    mean : ndarray of shape (m, 1)
        Weighted mean of the replicates.
    weight : ndarray of shape (m, 1)
        Sum of their weights.
    member : ndarray of int, shape (n,)
        At which of the places each observation was made.
    within : float
        Weighted sum of squares between replicates, which no curve can explain.
    """

    columns: tuple[Array, ...]
    mean: Array
    weight: Array
    member: NDArray[np.int64]
    within: float

    @classmethod
    def of(cls, problem: Problem, posed: Posed) -> Wells:
        """Put the replicates of a problem together."""
        stacked = np.concatenate(posed.columns, axis=1)
        order = np.lexsort(stacked.T)
        new = np.ones(len(order), dtype=bool)
        np.any(stacked[order[1:]] != stacked[order[:-1]], axis=1, out=new[1:])
        first = order[new]
        member = np.empty_like(order)
        member[order] = np.cumsum(new) - 1
        observed, each = problem.y[:, 0], problem.root**2
        weight = np.bincount(member, each).astype(float)
        mean = np.bincount(member, each * observed) / weight
        within = float(np.sum(each * (observed - mean[member]) ** 2))
        columns = tuple(column[first] for column in posed.columns)
        return cls(columns, mean[:, None], weight[:, None], member, within)


@dataclass(frozen=True, eq=False)
class Place:
    """Points of the surface, and what the best linear parameters are there.

    Parameters
    ----------
    points : ndarray of shape (k, fits)
        Nonlinear parameters, on the fitted scale.
    rss : ndarray of shape (fits,)
        Least weighted sum of squares with them.
    amounts : ndarray of shape (s, fits)
        Linear parameters that reach it, in their units.
    spread : ndarray of shape (s, fits)
        Their standard errors in units of the residual standard deviation; infinite where the data
        do not see them.
    """

    points: Array
    rss: Array
    amounts: Array
    spread: Array

    def reach(self, ceiling: float) -> Array:
        """How far each linear parameter can go before the sum of squares passes `ceiling`.

        Negative where it is above from the start: by how much it would have to come back.
        """
        spare = ceiling - self.rss
        return self.spread * np.copysign(np.sqrt(np.abs(spare)), spare)

    def pick(self, which: NDArray[np.intp] | NDArray[np.bool_]) -> Place:
        """Return some of the points."""
        return Place(
            self.points[:, which],
            self.rss[which],
            self.amounts[:, which],
            self.spread[:, which],
        )


class Surface:
    """The surface of one problem; `bent` and `straight` are numbers among its free parameters."""

    def __init__(self, problem: Problem) -> None:
        posed: Posed = problem.formula  # type: ignore[assignment]
        self.problem, self.curve = problem, posed.curve
        self.wells = Wells.of(problem, posed)
        self.root = np.sqrt(self.wells.weight)
        free = [(where, j) for j, where in enumerate(posed.place) if isinstance(where, int)]
        self.straight = [where for where, j in free if self.curve.linear[j]]
        self.bent = [where for where, j in free if not self.curve.linear[j]]
        # What is fixed, None for what is free: nonlinear as fitted, linear in their units.
        self._bent_known: list[Array | None] = []
        self._straight_known: list[Array | None] = []
        for where, linear, log in zip(posed.place, self.curve.linear, self.curve.log, strict=True):
            known = None if isinstance(where, int) else np.array([where])
            if linear and log and known is not None:
                known = np.exp(known)
            (self._straight_known if linear else self._bent_known).append(known)
        self._constant = self.root * self.wells.mean
        self._total = float(np.sum(self._constant**2))

    @cached_property
    def cover(self) -> Place:
        """Places all over the surface, the ends of the range among them."""
        return self.at(self.inside(self.curve.everywhere(self.wells.columns)))

    @cached_property
    def beyond(self) -> Place:
        """Places beyond the ends of the range."""
        return self.at(self.past(self.cover.points))

    def past(self, points: Array) -> Array:
        """Move those of the points that lie at an end of the range well beyond it."""
        moved = [np.empty((len(self.bent), 0))]
        for row, where in enumerate(self.bent):
            if self.problem.log[where]:
                step = _FURTHER if self.problem.horizon[where] else np.log(10.0)
                for end, side in ((self.problem.low, -1.0), (self.problem.high, 1.0)):
                    edge = points[:, points[row] == end[where, 0]].copy()
                    edge[row] += side * step
                    moved.append(edge)
        return np.concatenate(moved, axis=1)

    @cached_property
    def deepest(self) -> int:
        """Which place of the cover is lowest, of those whose linear parameters are in the box."""
        return int(np.argmin(np.where(self.allowed(self.cover), self.cover.rss, np.inf)))

    def better(self, rss: float) -> Array | None:
        """Parameters with a lower sum of squares than this, where the surface knows some."""
        least = rss * (1.0 - 1e-9) - 1e-24 * float(np.sum(self.wells.mean**2))
        if self.cover.rss[self.deepest] >= least:
            return None
        found = self.lowest(self.cover.points[:, [self.deepest]])
        return found.theta[:, 0] if found.rss[0] < least else None

    def lowest(self, start: Array) -> Minimum:
        """Go down to the lowest places near these points, then to the minimum of all parameters."""
        points, steps = start, 20
        # A valley that leads out of the box ends at its wall.
        if self.cover.rss.min() >= self.cover.rss[self.deepest]:
            first, steps = np.maximum(self.at(start).rss, 1e-300), 8

            def height(at: Array, column: NDArray[np.intp]) -> Array:
                place = self.at(at)
                return np.where(self.allowed(place), place.rss / first[column], np.inf)

            low, high = self.problem.low[self.bent], self.problem.high[self.bent]
            with np.errstate(all="ignore"):
                points, _ = descend(height, start, low, high, np.full(start.shape, 1e-3), 3e-6, 15)
        begin = self.theta(self.at(points))
        found = self.problem.minimise(begin, tolerance=1e-13, iterations=steps)
        best = int(np.argmin(found.rss))
        if found.converged[best] or found.rss[best] > 1e-6 * self._total:
            return found
        # Data on a curve may lie on a ridge of them, and only its far end tells.
        ridge = self.at(self.same_at_a_dose(found.theta[self.bent, best]))
        lowest = np.argsort(ridge.rss)[:3]
        begin = np.concatenate([found.theta[:, [best]], self.theta(ridge.pick(lowest))], axis=1)
        return self.problem.minimise(begin, tolerance=1e-13, iterations=200)

    def same_at_a_dose(self, point: Array) -> Array:
        """Flatter and steeper curves that pass one of the doses where this one does."""
        if "hill" not in self.problem.names or len(self.bent) < 2:
            return point[:, None]
        doses = self.wells.columns[0]
        where = self.bent[1]
        hill = np.linspace(self.problem.low[where, 0], self.problem.high[where, 0], 60)
        centre = doses - (doses - point[0]) * np.exp(point[1] - hill)
        low, high = self.problem.low[self.bent[0]], self.problem.high[self.bent[0]]
        return np.stack([np.clip(centre, low, high).ravel(), np.tile(hill, len(doses))])

    def inside(self, grid: Array) -> Array:
        """Keep what is free of a grid over all nonlinear parameters, each point once."""
        rows = [k for k, known in enumerate(self._bent_known) if known is None]
        if not rows:
            return np.empty((0, 1))
        points = grid[rows]
        if len(rows) < len(grid):
            points = np.unique(points, axis=1)
        low, high = self.problem.low[self.bent], self.problem.high[self.bent]
        return np.minimum(np.maximum(points, low), high)

    def at(self, points: Array) -> Place:
        """Solve for the linear parameters at each of the points (k, fits)."""
        row = iter(points)
        bent = [next(row) if known is None else known for known in self._bent_known]
        with np.errstate(over="ignore", under="ignore", invalid="ignore"):
            basis, rest = [], np.broadcast_to(self._constant, (len(self.root), points.shape[1]))
            shapes = self.curve.shapes(self.wells.columns, bent)
            for known, shape in zip(self._straight_known, shapes, strict=True):
                if known is None:
                    basis.append(self.root * shape)
                else:
                    rest = rest - known * (self.root * shape)
            amounts, spread, rss = _solve(basis, rest)
        for amount, where in zip(amounts, self.straight, strict=True):
            if self.problem.log[where]:
                rss = np.where(amount > 0.0, rss, rss + self._total)
        return Place(points, rss + self.wells.within, amounts, spread)

    def allowed(self, place: Place) -> NDArray[np.bool_]:
        """Whether the linear parameters stay in the box."""
        inside = np.ones(place.rss.size, dtype=bool)
        for amount, where in zip(place.amounts, self.straight, strict=True):
            if not self.problem.log[where]:
                low, high = self.problem.low[where, 0], self.problem.high[where, 0]
                inside &= (amount >= low) & (amount <= high)
        return inside

    def theta(self, place: Place) -> Array:
        """All free parameters of a place, on the fitted scale, (p, fits)."""
        theta = np.empty((len(self.problem.names), place.points.shape[1]))
        theta[self.bent] = place.points
        for amount, where in zip(place.amounts, self.straight, strict=True):
            if self.problem.log[where]:
                smallest = 1e-3 * np.max(np.abs(self.problem.y))
                theta[where] = np.log(np.maximum(amount, smallest))
            else:
                theta[where] = amount
        return theta


def _solve(basis: list[Array], rest: Array) -> tuple[Array, Array, Array]:
    """Least squares on at most two columns, many fits at once: amounts, spreads, what is left."""
    if not basis:
        none = np.empty((0, rest.shape[1]))
        return none, none, _dot(rest, rest)
    square = [_dot(column, column) for column in basis]
    faint = [each < _FAINT for each in square]
    nothing = any(bool(none.any()) for none in faint)
    if nothing:
        square = [np.where(none, 1.0, each) for none, each in zip(faint, square, strict=True)]
        basis = [np.where(none, 0.0, each) for none, each in zip(faint, basis, strict=True)]
    first, second = basis[0], basis[-1]
    along = _dot(first, rest) / square[0]
    left = rest - first * along
    if len(basis) == 1:
        spread = np.where(faint[0], np.inf, 1.0 / np.sqrt(square[0]))
        return along[None], spread[None], _dot(left, left)
    shared = _dot(first, second) / square[0]
    own = second - first * shared
    height = _dot(own, own)
    apart = height > 1e-22 * square[1]
    separate = bool(apart.all())
    if not separate:
        height = np.where(apart, height, np.inf)
    amounts, spreads = np.empty((2, 2, height.size))
    amounts[1] = across = _dot(own, left) / height
    amounts[0] = along - shared * across
    left -= own * across
    spreads[0] = np.sqrt(1.0 / square[0] + shared**2 / height)
    spreads[1] = 1.0 / np.sqrt(height)
    if not separate:
        # Two columns of one shape leave both amounts open; one that is nothing only its own.
        spreads[:, ~apart & ~faint[0] & ~faint[1]] = np.inf
    if nothing:
        spreads[0, faint[0]] = np.inf
        spreads[1, faint[1]] = np.inf
    return amounts, spreads, _dot(left, left)


def _dot(one: Array, other: Array) -> Array:
    """Sum over the points, for each fit."""
    return np.asarray((one * other).sum(axis=0))


# --- from nothing to the minimum -----------------------------------------------------------------


def lowest(problem: Problem) -> Array:
    """Parameters of the lowest minimum of a curve of this library; no start values are needed.

    A minimum that all promising starts do not reach in some steps is the end of a valley.
    """
    found = problem.minimise(_starts(problem), tolerance=1e-11, iterations=14)
    best = int(np.argmin(found.rss))
    theta = np.asarray(found.theta[:, best])
    return theta if found.converged[best] else _along_the_valley(problem, theta, found.rss[best])


def _along_the_valley(problem: Problem, theta: Array, rss: float) -> Array:
    """Look at the end of a valley that never ends.

    A curve without a plateau fits better and better as plateau and midpoint run away together.
    Steps along such a valley grow short; the surface has its end in view.
    """
    surface = problem.surface
    found = surface.lowest(surface.cover.points[:, [surface.deepest]])
    best = int(np.argmin(found.rss))
    return np.asarray(found.theta[:, best]) if found.rss[best] < rss else theta


def _starts(problem: Problem) -> Array:
    """Promising start values, (p, starts), on the fitted scale.

    Only the parameters in which the curve is not linear are searched, on a grid; for each grid
    point the others follow from linear least squares, all grid points at once.
    """
    surface = problem.surface
    here = surface.at(surface.inside(surface.curve.starts(surface.wells.columns)))
    near = np.where(problem.log[surface.bent], _NEAR, 0.1)[:, None]
    left, picked = here.rss.copy(), []
    for _ in range(2 ** len(surface.bent)):
        k = int(np.argmin(left))
        if not left[k] <= 5.0 * here.rss.min():
            break
        picked.append(k)
        left[(np.abs(here.points - here.points[:, [k]]) < near).all(axis=0)] = np.inf
    return surface.theta(here.pick(np.array(picked)))
